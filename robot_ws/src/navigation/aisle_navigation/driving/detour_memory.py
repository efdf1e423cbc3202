"""Ways that the robot has decided not to take: remembered until it sees that they are free again."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from aisle.geometry import Pose2
from aisle_navigation.planning.standing import Point, Standing
from store_model.clearance import ClearanceMap

_REMEMBER_S = 45.0
_LOOK_M, _SAME_M = 5.0, 0.8


class DetourMemory:
    """Those whom the robot goes round.

    A robot on its way round no longer sees them. If it forgot them, the way past them would be the shorter one again,
    and it would turn back, and so to and fro. So they count as walls until it sees that their place is free.
    """

    def __init__(self, grid: ClearanceMap) -> None:
        self._grid = grid
        self._round: list[tuple[float, Standing]] = []

    def go_round(self, one: Standing, now_s: float) -> None:
        """Note that the robot has decided to go round somebody."""
        self._round.append((now_s + _REMEMBER_S, one))

    def walls(self, pose_map: Pose2, standing: Sequence[Standing], now_s: float) -> list[Standing]:
        """Return those whom to go round still, given where the robot is and who stands where now."""
        self._round = [
            (until_s, one)
            for until_s, one in self._round
            if until_s > now_s and not self._has_gone(one, pose_map, standing)
        ]
        return [one for _, one in self._round]

    def forget(self) -> None:
        """Forget them all."""
        self._round.clear()

    def _has_gone(self, one: Standing, pose_map: Pose2, standing: Sequence[Standing]) -> bool:
        """Tell whether the place is in sight and nobody stands there any more."""
        place = _middle(one)
        if any(math.dist(place, _middle(other)) < _SAME_M for other in standing):
            return False
        return self._sees(pose_map, place)

    def _sees(self, pose_map: Pose2, place: Point) -> bool:
        away_m = math.hypot(place[0] - pose_map.x_m, place[1] - pose_map.y_m)
        if away_m > _LOOK_M:
            return False
        shares = np.linspace(0.0, 1.0, 1 + math.ceil(away_m / self._grid.resolution_m))[:, None]
        here = np.array([[pose_map.x_m, pose_map.y_m]])
        return bool((self._grid.at(here + shares * (np.array([place]) - here)) > 0.0).all())


def _middle(one: Standing) -> Point:
    x_m, y_m = one.corners_map.mean(axis=0)
    return float(x_m), float(y_m)
