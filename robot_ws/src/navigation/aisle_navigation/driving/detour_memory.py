"""Ways that the robot has decided not to take: remembered until it sees that they are free again."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from aisle.geometry import FloatArray, Pose2
from aisle.sensing import LaserScan
from aisle_navigation.planning.standing import Point, Standing
from store_model.clearance import ClearanceMap

_REMEMBER_S = 45.0
_LOOK_M, _SAME_M = 5.0, 0.8
_CORE = 0.8
"""The share of a body's radius that beams must cross: those at its rim may pass beside somebody who moved a little."""
_LEAST_BEAMS, _SCANS = 3, 3
_ON_MAP_M = 0.1


@dataclass(slots=True)
class _Detour:
    """Whom to go round, until when, and in how many scans in a row the beams went through their place."""

    one: Standing
    until_s: float
    free_scans: int = 0


class DetourMemory:
    """Those whom the robot goes round.

    A robot on its way round no longer sees them. If it forgot them, the way past them would be the shorter one again,
    and it would turn back, and so to and fro. So they count as walls until the laser has looked through their place.
    That nobody is tracked there is not enough: somebody else may hide them for a moment.
    """

    def __init__(self, grid: ClearanceMap) -> None:
        self._grid = grid
        self._round: list[_Detour] = []

    def go_round(self, one: Standing, now_s: float) -> None:
        """Note that the robot has decided to go round somebody."""
        self._round = [known for known in self._round if not _is_same(known.one, one)]
        self._round.append(_Detour(one, now_s + _REMEMBER_S))

    def look(self, map_from_laser: Pose2, scan: LaserScan, standing: Sequence[Standing]) -> None:
        """Drop those whose place the laser sees to be free in some scans in a row, and where nobody is tracked."""
        for known in self._round:
            stays = any(_is_same(known.one, other) for other in standing)
            is_free = not stays and self._looks_through(known.one, map_from_laser, scan)
            known.free_scans = known.free_scans + 1 if is_free else 0
        self._round = [known for known in self._round if known.free_scans < _SCANS]

    def walls(self, now_s: float) -> list[Standing]:
        """Return those whom to go round still."""
        self._round = [known for known in self._round if known.until_s > now_s]
        return [known.one for known in self._round]

    def forget(self, where: Callable[[float, float], bool] = lambda _x_m, _y_m: True) -> None:
        """Forget all, or those whose middle lies where `where(x_m, y_m)` says so, in the map frame."""
        self._round = [known for known in self._round if not where(*_middle(known.one))]

    def _looks_through(self, one: Standing, map_from_laser: Pose2, scan: LaserScan) -> bool:
        corners = map_from_laser.inverse().transform(one.corners_map)
        return all(self._passes(corner, one.radius_m, map_from_laser, scan) for corner in corners)

    def _passes(self, centre: FloatArray, radius_m: float, map_from_laser: Pose2, scan: LaserScan) -> bool:
        """Tell whether every beam that crosses a body in the laser frame, shape (2,), ends behind it.

        A beam without a range says nothing, nor does one that ends at what is on the map: a shelf beside the body.
        """
        away_m = float(np.hypot(*centre))
        if not radius_m < away_m <= _LOOK_M:
            return away_m <= radius_m
        angles, ranges_m = scan.angles_rad(), np.asarray(scan.ranges_m, dtype=np.float64)
        off_rad = angles - math.atan2(centre[1], centre[0])
        beside_m = np.where(np.cos(off_rad) > 0.0, np.abs(away_m * np.sin(off_rad)), np.inf)
        crosses = (beside_m <= _CORE * radius_m) & (ranges_m >= scan.range_min_m)
        angles, ranges_m, off_rad, beside_m = (part[crosses] for part in (angles, ranges_m, off_rad, beside_m))
        behind_m = away_m * np.cos(off_rad) + np.sqrt(radius_m**2 - beside_m**2)
        passes = ranges_m > behind_m
        ends_m = np.minimum(ranges_m, behind_m)[:, None] * np.column_stack((np.cos(angles), np.sin(angles)))
        is_map = ~passes & (self._grid.at(map_from_laser.transform(ends_m)) <= _ON_MAP_M)
        return int(passes.sum()) >= _LEAST_BEAMS and bool((passes | is_map).all())


def _is_same(one: Standing, other: Standing) -> bool:
    return math.dist(_middle(one), _middle(other)) < _SAME_M


def _middle(one: Standing) -> Point:
    x_m, y_m = one.corners_map.mean(axis=0)
    return float(x_m), float(y_m)
