"""Follow a path that somebody else has planned: along it, never away from it, around people as far as it allows."""

from __future__ import annotations

import math

import numpy as np
from scipy.spatial import cKDTree

from aisle.geometry import FloatArray, Pose2
from aisle_navigation.driving.means import Means
from aisle_navigation.driving.outcome import ErrorCode, Progress, Status, failed
from aisle_navigation.driving.paths import length_m
from aisle_navigation.driving.patience import Patience, Recovery
from aisle_navigation.driving.situation import Situation
from aisle_navigation.driving.steering import Arrival, steer, still_points
from aisle_navigation.planning.planner import CostToGo
from store_model.clearance import ClearanceMap

WINDOW_M = 2.0
STRAY_M = 1.0
"""A robot that is farther from the path than this does not begin it."""
_STRAY_COST = 8.0
_SPACING_M, _BESIDE_M = 0.05, 1.5


class FollowPath:
    """One path of poses in the map frame; the last one is faced at the end."""

    def __init__(self, poses_map: tuple[Pose2, ...], means: Means) -> None:
        self._means = means
        self._path = resampled(np.array([(pose.x_m, pose.y_m) for pose in poses_map]).reshape(-1, 2))
        self._at = 0
        self._patience = Patience(means.settings.patience)
        self._arrival = Arrival(poses_map[-1], means) if poses_map else None
        self._fault = self._fault_of_path()
        means.controller.reset()

    def _fault_of_path(self) -> str:
        if self._arrival is None or not np.isfinite(self._path).all():
            return "the path has no poses, or one that is not a number"
        clearances_m = self._means.ground.grid.at(self._path)
        if clearances_m.min() < self._means.robot.base.radius_m:
            x_m, y_m = self._path[int(clearances_m.argmin())]
            return f"the path leads too close to a shelf, or off the map, at ({x_m:.2f}, {y_m:.2f}) m"
        return ""

    def step(self, situation: Situation) -> Progress:
        """Return the velocity wanted now."""
        if self._fault or self._arrival is None:
            return failed(ErrorCode.INVALID_PATH, self._fault)
        pose = situation.pose_map
        if self._stray_m(pose) > STRAY_M and self._at == 0:
            return failed(ErrorCode.INVALID_PATH, f"the path is more than {STRAY_M:.0f} m away from the robot")
        left_m = length_m(self._path[self._at :])
        if left_m < WINDOW_M and self._arrival.is_at(pose, self._patience.waited_s):
            return self._arrival.turn(situation)
        self._arrival.drive_on()
        return self._go_on(situation, left_m)

    def _go_on(self, situation: Situation, left_m: float) -> Progress:
        recovery = self._patience.note(left_m, situation.now_s)
        if recovery is Recovery.GIVE_UP:
            sentence = f"the way has been blocked for {self._patience.waited_in_all_s:.0f} s"
            return failed(ErrorCode.FAILED_TO_MAKE_PROGRESS, sentence, left_m)
        assert self._arrival is not None
        cost_to_go = along(self._path[self._at : self._at + self._reach()], left_m, self._means.ground.grid)
        stop_at = self._arrival.goal_map if left_m < WINDOW_M else None
        twist = steer(situation, self._means, cost_to_go, still_points(situation, self._means), stop_at)
        status = Status.DRIVING if recovery is Recovery.NONE else Status.WAITING
        return Progress(twist, status, left_m, self._path[self._at :])

    def _reach(self) -> int:
        return round(WINDOW_M / _SPACING_M)

    def _stray_m(self, pose: Pose2) -> float:
        """Move on along the path, never back and never farther than the window, and return the distance from it."""
        ahead = self._path[self._at : self._at + self._reach()]
        away_m = np.hypot(ahead[:, 0] - pose.x_m, ahead[:, 1] - pose.y_m)
        nearest = int(away_m.argmin())
        if away_m[nearest] <= STRAY_M:
            self._at += nearest
        return float(away_m[nearest])


def resampled(points: FloatArray) -> FloatArray:
    """Return the same line with points about 5 cm apart; shape (n, 2) in, shape (m, 2) out."""
    if len(points) < 2 or not np.isfinite(points).all():
        return points
    ways_m = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    at_m = np.linspace(0.0, ways_m[-1], max(2, math.ceil(ways_m[-1] / _SPACING_M) + 1))
    return np.column_stack([np.interp(at_m, ways_m, points[:, axis]) for axis in range(2)])


def along(ahead: FloatArray, left_m: float, grid: ClearanceMap) -> CostToGo:
    """Return a cost to go that falls along a piece of path and rises beside it, around that piece.

    `left_m` is the length from the first of these points to the end of the path. The cost of a cell is the way left
    from the nearest point of the piece, and more for each metre beside it.
    """
    margin = round(_BESIDE_M / grid.resolution_m)
    rows, columns = grid.clearance_m.shape
    cells = np.floor((ahead - np.array([grid.origin_x_m, grid.origin_y_m])) / grid.resolution_m).astype(np.int64)
    first_column, first_row = np.maximum(0, cells.min(axis=0) - margin)
    last_column, last_row = np.minimum([columns, rows], cells.max(axis=0) + margin + 1)
    window = ClearanceMap(
        # Contiguous, as the map itself: the controller's kernels are compiled for that.
        np.ascontiguousarray(grid.clearance_m[first_row:last_row, first_column:last_column]),
        grid.resolution_m,
        grid.origin_x_m + first_column * grid.resolution_m,
        grid.origin_y_m + first_row * grid.resolution_m,
    )
    height, width = window.clearance_m.shape
    x_m = window.origin_x_m + (np.arange(width) + 0.5) * window.resolution_m
    y_m = window.origin_y_m + (np.arange(height) + 0.5) * window.resolution_m
    centres = np.column_stack([axis.ravel() for axis in np.meshgrid(x_m, y_m)])
    beside_m, nearest = (np.asarray(found) for found in cKDTree(ahead).query(centres))
    cost = left_m - nearest * _SPACING_M + _STRAY_COST * beside_m
    field = np.where(window.clearance_m > 0.0, cost.reshape(height, width), np.inf).astype(np.float32)
    return CostToGo(field, window, float(ahead[-1, 0]), float(ahead[-1, 1]))
