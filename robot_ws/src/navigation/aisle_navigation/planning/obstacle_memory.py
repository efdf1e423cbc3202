"""Things that stand in the way but on no map: remembered for a while, so that the plan leads around them."""

from __future__ import annotations

import math
from collections.abc import Callable

from aisle.geometry import FloatArray, Pose2

_CELL_M = 0.25
_REACH_M = 3.0


class ObstacleMemory:
    """Places, on a coarse grid, where the laser saw something unexpected while the robot could not go on."""

    def __init__(self, remember_s: float) -> None:
        self._remember_s = remember_s
        self._seen_s: dict[tuple[int, int], float] = {}

    def see(self, points_map: FloatArray, pose_map: Pose2, now_s: float) -> None:
        """Take in laser points of the map frame, shape (n, 2), that no map explains; far ones do not matter."""
        for x_m, y_m in points_map:
            if math.hypot(x_m - pose_map.x_m, y_m - pose_map.y_m) < _REACH_M:
                self._seen_s[math.floor(x_m / _CELL_M), math.floor(y_m / _CELL_M)] = now_s

    def places(self, now_s: float) -> list[tuple[float, float]]:
        """Return the centres of what is still remembered, in the map frame."""
        fresh = {cell: seen_s for cell, seen_s in self._seen_s.items() if now_s - seen_s <= self._remember_s}
        self._seen_s = fresh
        return [_centre(cell) for cell in fresh]

    def forget(self, where: Callable[[float, float], bool] = lambda _x_m, _y_m: True) -> None:
        """Forget everything, or what lies where `where(x_m, y_m)` says so, in the map frame."""
        self._seen_s = {cell: seen_s for cell, seen_s in self._seen_s.items() if not where(*_centre(cell))}


def _centre(cell: tuple[int, int]) -> tuple[float, float]:
    return (cell[0] + 0.5) * _CELL_M, (cell[1] + 0.5) * _CELL_M
