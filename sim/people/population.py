"""Everybody in the store but the robot: the shoppers and the scripted customer, and how their bodies move."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from aisle.geometry import Pose2
from sim.people.crowd import Disc, Intent, Walker, walk
from sim.people.customer import Customer
from sim.people.shoppers import Shoppers
from sim.scene.floor import Floor

FloatArray = npt.NDArray[np.float64]

PERIOD_S = 0.05
HIP_HEIGHT_M = 0.86
HIP_OFFSET_M = 0.10
ROBOT_COMFORT_M = 0.15
_STRIDE_M = 1.3
_LARGEST_SWING_RAD = 0.38


class Population:
    """The people of one simulation, moved every `PERIOD_S` and interpolated in between.

    The customer, if there is one, is the last walker.
    """

    def __init__(self, shoppers: Shoppers, customer: Customer | None, floor: Floor) -> None:
        self._shoppers = shoppers
        self._customer = customer
        self._floor = floor
        self.walkers: list[Walker] = [*shoppers.walkers, *([customer.walker] if customer else [])]
        self._walked_m = [0.0] * len(self.walkers)
        self._from = self._to = self._positions()

    @property
    def radii_m(self) -> list[float]:
        return [walker.radius_m for walker in self.walkers]

    def step(self, now_s: float, robot: Pose2, robot_disc: Disc) -> None:
        """Decide and move everybody by one period; the moves show from now on until the period's end."""
        intents = self._shoppers.intents(now_s, robot_disc)
        if self._customer is not None:
            intents.append(self._customer.intent(robot))
        # People keep more distance from a machine than from each other.
        wide_robot = replace(robot_disc, radius_m=robot_disc.radius_m + ROBOT_COMFORT_M)
        self._from = self._positions()
        for index, (walker, intent) in enumerate(zip(self.walkers, intents, strict=True)):
            self._move(index, walker, intent, wide_robot)
        self._to = self._positions()

    def positions(self, fraction: float) -> FloatArray:
        """Return where everybody is after that fraction of the period, shape (n, 2), in the map frame."""
        return self._from + fraction * (self._to - self._from)

    def velocities(self) -> FloatArray:
        """Return everybody's velocity during this period, shape (n, 2), in m/s."""
        return (self._to - self._from) / PERIOD_S

    def postures(self) -> tuple[FloatArray, FloatArray]:
        """Return offsets (3n, 3) and quaternions (3n, 4) of each person's body, left leg and right leg."""
        offsets, quaternions = [], []
        for walker, walked_m in zip(self.walkers, self._walked_m, strict=True):
            swing = _LARGEST_SWING_RAD * min(1.0, walker.speed_mps) * math.sin(math.tau * walked_m / _STRIDE_M)
            side = (-HIP_OFFSET_M * math.sin(walker.yaw_rad), HIP_OFFSET_M * math.cos(walker.yaw_rad))
            offsets += [(0.0, 0.0, 0.0), (*side, HIP_HEIGHT_M), (-side[0], -side[1], HIP_HEIGHT_M)]
            quaternions += [_turned(walker.yaw_rad, pitch) for pitch in (0.0, swing, -swing)]
        return np.array(offsets).reshape(-1, 3), np.array(quaternions).reshape(-1, 4)

    def _move(self, index: int, walker: Walker, intent: Intent, robot: Disc) -> None:
        others = [Disc(w.x_m, w.y_m, w.radius_m, w.vx_mps, w.vy_mps) for w in self.walkers if w is not walker]
        walk(walker, intent, others, robot, self._floor, PERIOD_S)
        self._walked_m[index] += walker.speed_mps * PERIOD_S

    def _positions(self) -> FloatArray:
        return np.array([(walker.x_m, walker.y_m) for walker in self.walkers], dtype=np.float64).reshape(-1, 2)


def _turned(yaw_rad: float, pitch_rad: float) -> tuple[float, float, float, float]:
    """Return the quaternion (w, x, y, z) of a yaw followed by a pitch about the body's own y axis."""
    cos_yaw, sin_yaw = math.cos(0.5 * yaw_rad), math.sin(0.5 * yaw_rad)
    cos_pitch, sin_pitch = math.cos(0.5 * pitch_rad), math.sin(0.5 * pitch_rad)
    return cos_yaw * cos_pitch, -sin_yaw * sin_pitch, cos_yaw * sin_pitch, sin_yaw * cos_pitch
