"""What a metre costs where: closeness to fixtures, zones, who stands there, and the side of the aisle.

One unit is a metre of open floor at cruising speed; so a cost of 8 is a detour of 8 m. Everything raises the cost above
1 or makes it infinite; of closeness and people the larger counts, because a row of things in the way must not outweigh
a collision. The static part is found once for a map and its zones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter

from aisle.geometry import FloatArray
from aisle_navigation.planning.kernels.hulls import raise_cost
from aisle_navigation.planning.kernels.sweep import FACTOR_BITS, LARGEST_COST, LARGEST_MOVE_FACTOR
from aisle_navigation.planning.standing import Kind, Standing
from aisle_navigation.planning.zones import Zones
from store_model.clearance import ClearanceMap, FloatGrid

ByteGrid = npt.NDArray[np.uint8]
_MIDDLE, _OPEN = 8, 9
"""Rows of the table of side factors behind those of the eight directions in which the nearest wall may lie."""

_SLOPE = 0.9
"""Where the clearance grows less than this for a metre, walls on several sides are about equally near."""


class Side(Enum):
    """On which side of an aisle the robot goes, seen in the direction of travel."""

    NONE = 0
    RIGHT = 1
    LEFT = -1


@dataclass(frozen=True, slots=True)
class PlannerSettings:
    """Lengths in metres, costs in metres of open floor for a metre, at most 30 (what is worse is a keep-out zone).

    Cells with less clearance than `radius_m` are forbidden; below `preferred_m` they cost up to `closeness_cost` more.
    Less than `near_person_m` from a body a metre costs `person_cost`, and less and less out to `personal_space_m`; both
    are distances of the robot's centre from the body's surface. Around things there is no personal space.
    """

    radius_m: float = 0.36
    preferred_m: float = 0.75
    closeness_cost: float = 3.0
    person_cost: float = 12.0
    near_person_m: float = 0.35
    personal_space_m: float = 0.75
    thing_cost: float = 12.0
    near_thing_m: float = 0.40
    side: Side = Side.RIGHT
    side_cost: float = 0.2
    """What the wrong side of an aisle costs more, as a share; the middle costs half of it."""
    side_reach_m: float = 1.5
    """Only so near to a wall is it an aisle: the half of its largest width."""
    middle_m: float = 0.25
    """So far to both sides goes the middle of an aisle."""
    cruise_mps: float = 0.8
    """Where a zone is slower, a metre costs more in proportion."""
    margin_m: float = 8.0
    """How much more than the robot's own the cost to go may be and still be known."""
    smoothing_rounds: int = 12


@dataclass(frozen=True, slots=True)
class StaticCosts:
    """The part of the costs that stays: per cell what a metre costs, and the row of `side_factor` that holds there.

    `side_factor`, shape (10, 8), is what moving in each of the eight directions costs where the nearest wall lies in
    each of the eight, where several walls are about equally near, and in the open. `move_factor` is the
    same with the length of the move, in the whole numbers of the sweep.
    """

    metre_cost: FloatGrid
    side: ByteGrid
    side_factor: npt.NDArray[np.float32]
    move_factor: npt.NDArray[np.int32]


def static_costs(grid: ClearanceMap, zones: Zones, settings: PlannerSettings) -> StaticCosts:
    """Find the costs of a map with its zones. The border is forbidden, so that a search never leaves the grid."""
    clearance = grid.clearance_m
    wish_m = max(settings.preferred_m - settings.radius_m, 1e-6)
    nearness = np.clip((settings.preferred_m - clearance) / wish_m, 0.0, 1.0)
    slowness = np.maximum(1.0, settings.cruise_mps / zones.limit_mps)
    cost = np.minimum((1.0 + settings.closeness_cost * nearness**2) * slowness, LARGEST_COST).astype(np.float32)
    # Written so that a clearance of NaN is forbidden too.
    cost[~(clearance >= settings.radius_m) | zones.is_forbidden] = np.inf
    for border in (cost[:1], cost[-1:], cost[:, :1], cost[:, -1:]):
        border[:] = np.inf
    side_factor = _side_factors(settings)
    lengths = np.where(np.arange(8) % 2, math.sqrt(2.0), 1.0)
    in_bounds = np.minimum(side_factor * lengths, LARGEST_MOVE_FACTOR)
    move_factor = np.round(in_bounds * (1 << FACTOR_BITS)).astype(np.int32)
    return StaticCosts(cost, _wall_sides(grid, settings), side_factor, move_factor)


def _wall_sides(grid: ClearanceMap, settings: PlannerSettings) -> ByteGrid:
    """For each cell the direction of the nearest wall, as one of eight: clearance falls towards it.

    The clearance is blurred first: so near to the middle of an aisle both walls count, and neither wins.
    """
    clearance_m = np.nan_to_num(grid.clearance_m)
    if min(clearance_m.shape) < 2:
        return np.full(clearance_m.shape, _OPEN, dtype=np.uint8)
    window = 2 * round(settings.middle_m / grid.resolution_m) + 1
    along_y, along_x = np.gradient(uniform_filter(clearance_m, window), grid.resolution_m)
    side: ByteGrid = (np.round(np.arctan2(-along_y, -along_x) / (0.25 * math.pi)) % 8).astype(np.uint8)
    side[np.hypot(along_x, along_y) < _SLOPE] = _MIDDLE
    side[clearance_m > settings.side_reach_m] = _OPEN
    return side


def _side_factors(settings: PlannerSettings) -> npt.NDArray[np.float32]:
    """A wall on the preferred side costs nothing, on the other side everything, ahead, behind or on both half."""
    from_direction_to_wall = 0.25 * math.pi * (np.arange(8)[:, None] - np.arange(8)[None, :])
    wrongness = 0.5 * (1.0 + settings.side.value * np.sin(from_direction_to_wall))
    share = np.vstack((wrongness, np.full((1, 8), 0.5), np.zeros((1, 8))))
    extra = 0.0 if settings.side is Side.NONE else settings.side_cost
    return (1.0 + extra * share).astype(np.float32)


def with_standing(
    metre_cost: FloatGrid,
    grid: ClearanceMap,
    standing: Iterable[Standing],
    walls: Iterable[Standing],
    settings: PlannerSettings,
) -> FloatGrid:
    """Return the costs with what stands there: `standing` makes cells expensive, `walls` forbids them."""
    cost = metre_cost.copy()
    for one in standing:
        near_m, reach_m, height = _reach_of(one, settings)
        raise_cost(cost, _in_cells(one, grid), near_m / grid.resolution_m, reach_m / grid.resolution_m, height)
    for one in walls:
        reach = (one.radius_m + settings.radius_m) / grid.resolution_m
        raise_cost(cost, _in_cells(one, grid), reach, reach, math.inf)
    return cost


def _in_cells(one: Standing, grid: ClearanceMap) -> FloatArray:
    corners: FloatArray = (one.corners_map - np.array([grid.origin_x_m, grid.origin_y_m])) / grid.resolution_m
    return corners


def _reach_of(one: Standing, settings: PlannerSettings) -> tuple[float, float, float]:
    """Return out to where the full cost goes, where it ends, both in metres from the hull, and the cost."""
    if one.kind is Kind.THING:
        near_m = one.radius_m + settings.near_thing_m
        return near_m, near_m, min(settings.thing_cost, LARGEST_COST)
    near_m, reach_m = one.radius_m + settings.near_person_m, one.radius_m + settings.personal_space_m
    return near_m, reach_m, min(settings.person_cost, LARGEST_COST)
