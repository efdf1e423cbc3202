"""The global planner: the cost to go to a goal from around the robot, and the path that follows it downhill.

One sweep from the goal over 8-connected cells gives a navigation function without local minima; the local controller
reads it as well, so that plan and control agree. Moves cut no corner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from aisle.geometry import FloatArray
from aisle_navigation.planning.costs import PlannerSettings, Side, static_costs, with_standing
from aisle_navigation.planning.kernels.smooth import line_cost
from aisle_navigation.planning.kernels.sweep import MOVE, follow, in_metres, in_units, sweep
from aisle_navigation.planning.smoothing import Floor, smoothed
from aisle_navigation.planning.standing import Standing, person, usable
from aisle_navigation.planning.zones import Zones, no_zones
from store_model.clearance import ClearanceMap, FloatGrid

__all__ = ["NO_PLAN", "CostToGo", "Plan", "PlanOutcome", "Planner", "PlannerSettings", "Point", "Side", "plan"]

_LEAVE_M = 0.5


class PlanOutcome(Enum):
    """How planning ended; the values are Nav2's error codes of ComputePathToPose (0 is none)."""

    FOUND = 0
    START_OUTSIDE_MAP = 203
    GOAL_OUTSIDE_MAP = 204
    START_OCCUPIED = 205
    GOAL_OCCUPIED = 206
    NO_VALID_PATH = 208


@dataclass(frozen=True, slots=True)
class CostToGo:
    """The navigation function of one goal: for each cell the cost, in metres of open floor.

    It is known as far as `margin_m` above the cost of the robot's own cell; inf beyond, and where the goal cannot be
    reached.
    """

    cost_m: FloatGrid
    grid: ClearanceMap
    goal_x_m: float
    goal_y_m: float

    def at(self, x_m: float, y_m: float) -> float:
        """Return the cost from a point; inf outside the map and where it is not known."""
        if not self.grid.contains(x_m, y_m):
            return math.inf
        row, column = self.grid.cell_of(x_m, y_m)
        return float(self.cost_m[row, column])


@dataclass(frozen=True, slots=True)
class Plan:
    """The result of planning: a path of points in the map frame, shape (n, 2), empty unless FOUND.

    `cost_m` is what the path costs, in metres of open floor; inf unless FOUND.
    """

    outcome: PlanOutcome
    path: FloatArray
    cost_to_go: CostToGo | None
    cost_m: float = math.inf

    @property
    def length_m(self) -> float:
        return float(np.hypot(*np.diff(self.path, axis=0).T).sum()) if len(self.path) > 1 else 0.0


_NO_PATH = np.zeros((0, 2))
NO_PLAN = Plan(PlanOutcome.NO_VALID_PATH, _NO_PATH, None)
"""What planning gives where no way leads to the goal."""

Point = tuple[float, float]
Cell = tuple[int, int]


class Planner:
    """Plans on one map with its zones; what these cost is found once, and every plan adds who stands there now."""

    def __init__(
        self, grid: ClearanceMap, settings: PlannerSettings = PlannerSettings(), zones: Zones | None = None
    ) -> None:
        self.grid = grid
        self.settings = settings
        self.zones = zones if zones is not None else no_zones(grid)
        self._static = static_costs(grid, self.zones, settings)

    def plan(
        self, start: Point, goal: Point, standing: Sequence[Standing] = (), walls: Sequence[Standing] = ()
    ) -> Plan:
        """Plan from start to goal, both (x, y) in the map frame, around fixtures and what stands there.

        Passing what stands there is expensive but possible, because people make room; `walls` are those of whom this
        shall not be hoped. A start too close to a fixture is moved to the nearest cell where the
        robot fits, up to 0.5 m, because a robot that stands somewhere must be able to leave.
        """
        fault = self._fault_of(start, goal)
        if fault is not None:
            return Plan(fault, _NO_PATH, None)
        cost = with_standing(self._static.metre_cost, self.grid, usable(standing), usable(walls), self.settings)
        goal_cell = self.grid.cell_of(*goal)
        if not cost[goal_cell] < np.inf:
            return Plan(PlanOutcome.GOAL_OCCUPIED, _NO_PATH, None)
        return self._search(cost, start, goal, goal_cell)

    def _fault_of(self, start: Point, goal: Point) -> PlanOutcome | None:
        if not self.grid.contains(*start):
            return PlanOutcome.START_OUTSIDE_MAP
        if not self.grid.contains(*goal):
            return PlanOutcome.GOAL_OUTSIDE_MAP
        if not self.grid.clearance_m[self.grid.cell_of(*start)] > 0.0:
            return PlanOutcome.START_OCCUPIED
        return None

    def _search(self, cost: FloatGrid, start: Point, goal: Point, goal_cell: Cell) -> Plan:
        grid, columns = self.grid, cost.shape[1]
        begin = _nearest(cost, grid, start)
        aim = -1 if begin is None else begin[0] * columns + begin[1]
        floor, factor, unit_m = in_units(cost, self._static.side), self._static.move_factor, grid.resolution_m / MOVE
        found = sweep(floor, factor, goal_cell[0] * columns + goal_cell[1], aim, int(self.settings.margin_m / unit_m))
        cost_m = in_metres(found, unit_m)
        if begin is None or not cost_m[begin] < np.inf:
            # What is nearest may lie in a corner of its own; the sweep has then seen everything that is reachable.
            begin = _nearest(cost_m, grid, start)
        if begin is None:
            return NO_PLAN
        path = self._path(cost, follow(found, floor, factor, *begin), start, goal)
        return Plan(PlanOutcome.FOUND, path, CostToGo(cost_m, grid, *goal), float(cost_m[begin]))

    def _path(self, cost: FloatGrid, cells: npt.NDArray[np.int64], start: Point, goal: Point) -> FloatArray:
        """Return the smooth path through the cells; from a start where the robot does not fit it begins as it is."""
        origin = np.array([self.grid.origin_x_m, self.grid.origin_y_m])
        ends = (np.array([start, goal]) - origin) / self.grid.resolution_m
        centres = cells[:, ::-1] + 0.5
        is_in_first = tuple(cells[0]) == self.grid.cell_of(*start)
        points = np.vstack((ends[:1] if is_in_first else centres[:1], centres[1:-1], ends[1:]))
        floor = (cost, self._static.side, self._static.side_factor)
        path: FloatArray = smoothed(points, floor, self.settings.smoothing_rounds) * self.grid.resolution_m + origin
        path[-1] = goal
        if not is_in_first:
            return np.vstack((np.array([start]), path))
        path[0] = start
        return path


def plan(
    grid: ClearanceMap,
    start: Point,
    goal: Point,
    standing_people: FloatArray | None = None,
    settings: PlannerSettings = PlannerSettings(),
) -> Plan:
    """Plan once, without zones, around people at places of the map frame, shape (n, 2); see Planner.plan."""
    people = [person(float(x_m), float(y_m)) for x_m, y_m in standing_people] if standing_people is not None else []
    return Planner(grid, settings).plan(start, goal, people)


def _nearest(cost: FloatGrid, grid: ClearanceMap, start: Point) -> Cell | None:
    """Return the cell with a finite cost that is nearest to a point and in sight of it, up to 0.5 m away."""
    row, column = grid.cell_of(*start)
    if cost[row, column] < np.inf:
        return row, column
    reach = int(_LEAVE_M / grid.resolution_m)
    top, left = max(0, row - reach), max(0, column - reach)
    around = np.s_[top : row + reach + 1, left : column + reach + 1]
    floor = _open_floor(grid.clearance_m[around])
    x, y = ((at - low) / grid.resolution_m for at, low in zip(start, (grid.origin_x_m, grid.origin_y_m), strict=True))
    rows, columns = np.nonzero(np.isfinite(cost[around]))
    far = np.hypot(rows + top + 0.5 - y, columns + left + 0.5 - x)
    for index in np.argsort(far, kind="stable"):
        to_row, to_column = int(rows[index]), int(columns[index])
        if far[index] <= reach and line_cost(floor, x - left, y - top, to_column + 0.5, to_row + 0.5) < np.inf:
            return to_row + top, to_column + left
    return None


def _open_floor(clearance_m: FloatGrid) -> Floor:
    """Return the floor on which only the fixtures themselves are forbidden, and everything else costs the same."""
    cost = np.where(clearance_m > 0.0, np.float32(1.0), np.float32(np.inf))
    return cost, np.zeros(cost.shape, dtype=np.uint8), np.ones((1, 8), dtype=np.float32)
