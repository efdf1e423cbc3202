"""The global planner: the cost to go to a goal from everywhere, and the path that follows it downhill.

One Dijkstra sweep from the goal over 8-connected cells (E. W. Dijkstra, 1959) gives a navigation function
without local minima; the local controller reads it as well, so that plan and control agree. Moves cut no corner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from aisle.geometry import FloatArray
from aisle_navigation.planning.kernels import descend, sweep
from store_model.clearance import ClearanceMap, FloatGrid


class PlanOutcome(Enum):
    """How planning ended; the values are Nav2's error codes of ComputePathToPose (0 is none)."""

    FOUND = 0
    START_OUTSIDE_MAP = 203
    GOAL_OUTSIDE_MAP = 204
    START_OCCUPIED = 205
    GOAL_OCCUPIED = 206
    NO_VALID_PATH = 208


@dataclass(frozen=True, slots=True)
class PlannerSettings:
    """Radii in metres. Cells with less clearance than `radius_m` are forbidden; below `preferred_m` they cost more."""

    radius_m: float = 0.36
    preferred_m: float = 0.75
    closeness_cost: float = 3.0
    person_radius_m: float = 0.60
    person_cost: float = 12.0


@dataclass(frozen=True, slots=True)
class CostToGo:
    """The navigation function of one goal: for each cell the cost, in metres of open floor; inf where unreachable."""

    cost_m: FloatGrid
    grid: ClearanceMap
    goal_x_m: float
    goal_y_m: float

    def at(self, x_m: float, y_m: float) -> float:
        """Return the cost from a point; inf outside the map and where the goal cannot be reached."""
        if not self.grid.contains(x_m, y_m):
            return math.inf
        row, column = self.grid.cell_of(x_m, y_m)
        return float(self.cost_m[row, column])


@dataclass(frozen=True, slots=True)
class Plan:
    """The result of planning: a path of points in the map frame, shape (n, 2), empty unless FOUND."""

    outcome: PlanOutcome
    path: FloatArray
    cost_to_go: CostToGo | None

    @property
    def length_m(self) -> float:
        return float(np.hypot(*np.diff(self.path, axis=0).T).sum()) if len(self.path) > 1 else 0.0


_NO_PATH = np.zeros((0, 2))


def plan(
    grid: ClearanceMap,
    start: tuple[float, float],
    goal: tuple[float, float],
    standing_people: FloatArray | None = None,
    settings: PlannerSettings = PlannerSettings(),
) -> Plan:
    """Plan from start to goal, both (x, y) in the map frame, around fixtures and people who stand still.

    `standing_people` has shape (n, 2). A start too close to a fixture is moved to the nearest cell where the
    robot fits, up to 0.5 m, because a robot that stands somewhere must be able to leave.
    """
    fault = _fault_of(grid, start, goal, settings)
    if fault is not None:
        return Plan(fault, _NO_PATH, None)
    cell_cost = _cell_costs(grid, standing_people, settings)
    goal_row, goal_column = grid.cell_of(*goal)
    cost = sweep(cell_cost, goal_row, goal_column, grid.resolution_m)
    start_cell = _nearest_reachable(cost, grid.cell_of(*start), int(0.5 / grid.resolution_m))
    if start_cell is None:
        return Plan(PlanOutcome.NO_VALID_PATH, _NO_PATH, None)
    cells = descend(cost, *start_cell)
    points = (cells[:, ::-1] + 0.5) * grid.resolution_m + np.array([grid.origin_x_m, grid.origin_y_m])
    path = np.vstack((np.array([start]), points[1:-1], np.array([goal])))
    return Plan(PlanOutcome.FOUND, path, CostToGo(cost, grid, *goal))


def _fault_of(
    grid: ClearanceMap, start: tuple[float, float], goal: tuple[float, float], settings: PlannerSettings
) -> PlanOutcome | None:
    if not grid.contains(*start):
        return PlanOutcome.START_OUTSIDE_MAP
    if not grid.contains(*goal):
        return PlanOutcome.GOAL_OUTSIDE_MAP
    if grid.at(np.array([start]))[0] <= 0.0:
        return PlanOutcome.START_OCCUPIED
    if grid.at(np.array([goal]))[0] < settings.radius_m:
        return PlanOutcome.GOAL_OCCUPIED
    return None


def _cell_costs(grid: ClearanceMap, standing_people: FloatArray | None, settings: PlannerSettings) -> FloatGrid:
    """Cost of a metre in each cell: 1 in the open, more near fixtures and people, inf where the robot does not fit."""
    nearness = np.clip((settings.preferred_m - grid.clearance_m) / (settings.preferred_m - settings.radius_m), 0.0, 1.0)
    cost: FloatGrid = (1.0 + settings.closeness_cost * nearness**2).astype(np.float32)
    for x_m, y_m in standing_people if standing_people is not None else ():
        _add_person(cost, grid, float(x_m), float(y_m), settings)
    cost[grid.clearance_m < settings.radius_m] = np.inf
    return cost


def _add_person(cost: FloatGrid, grid: ClearanceMap, x_m: float, y_m: float, settings: PlannerSettings) -> None:
    reach = int(settings.person_radius_m / grid.resolution_m) + 1
    row, column = grid.cell_of(x_m, y_m)
    rows = slice(max(0, row - reach), max(0, row + reach + 1))
    columns = slice(max(0, column - reach), max(0, column + reach + 1))
    window = cost[rows, columns]
    if window.size == 0:
        return
    row_m = (np.arange(rows.start, rows.start + window.shape[0]) + 0.5) * grid.resolution_m + grid.origin_y_m - y_m
    column_m = (np.arange(columns.start, columns.start + window.shape[1]) + 0.5) * grid.resolution_m
    distance_m = np.hypot(row_m[:, None], (column_m + grid.origin_x_m - x_m)[None, :])
    # The larger, not the sum: a row of things in the way must not outweigh a collision.
    np.maximum(window, settings.person_cost, out=window, where=distance_m < settings.person_radius_m)


def _nearest_reachable(cost: FloatGrid, cell: tuple[int, int], reach: int) -> tuple[int, int] | None:
    row, column = cell
    top, left = max(0, row - reach), max(0, column - reach)
    window = cost[top : row + reach + 1, left : column + reach + 1]
    rows, columns = np.nonzero(np.isfinite(window))
    if len(rows) == 0:
        return None
    nearest = np.argmin((rows + top - row) ** 2 + (columns + left - column) ** 2)
    return int(rows[nearest] + top), int(columns[nearest] + left)
