"""The planar laser: rays against everything that stands or walks at its height, with seeded noise."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import numpy.typing as npt

from aisle.geometry import Pose2
from aisle.robot_model import Laser
from aisle.sensing import LaserScan
from sim.scene.mjcf import LEGS, STRUCTURE

FloatArray = npt.NDArray[np.float64]


class LaserSensor:
    """A laser that looks all around, mounted without rotation on the robot; ray 0 points backwards (-pi)."""

    def __init__(self, laser: Laser, seed: int) -> None:
        self._laser = laser
        self._increment_rad = math.tau / laser.rays
        self._angles_rad = -math.pi + self._increment_rad * np.arange(laser.rays)
        self._groups = np.zeros((6, 1), dtype=np.uint8)
        self._groups[[STRUCTURE, LEGS]] = 1
        self._geoms = np.zeros((laser.rays, 1), dtype=np.int32)
        self._rng = np.random.default_rng((seed, 0x1A5E))

    def scan(self, model: mujoco.MjModel, data: mujoco.MjData, map_from_base: Pose2, now_s: float) -> LaserScan:
        """Return the sweep from the robot's present place; `inf` where nothing is within range."""
        laser = self._laser
        map_from_laser = map_from_base @ Pose2(laser.x_m, 0.0, 0.0)
        ranges = self._true_ranges(model, data, map_from_laser)
        noisy = ranges + self._rng.normal(0.0, laser.noise_m, laser.rays)
        hit = (ranges >= 0.0) & (noisy <= laser.range_max_m)
        return LaserScan(
            stamp_s=now_s,
            angle_min_rad=-math.pi,
            angle_increment_rad=self._increment_rad,
            range_min_m=laser.range_min_m,
            range_max_m=laser.range_max_m,
            ranges_m=np.where(hit, np.maximum(noisy, laser.range_min_m), np.inf),
        )

    def _true_ranges(self, model: mujoco.MjModel, data: mujoco.MjData, map_from_laser: Pose2) -> FloatArray:
        angles = self._angles_rad + map_from_laser.yaw_rad
        rays = np.column_stack((np.cos(angles), np.sin(angles), np.zeros_like(angles)))
        origin = np.array([[map_from_laser.x_m], [map_from_laser.y_m], [self._laser.z_m]])
        ranges = np.empty((len(angles), 1))
        mujoco.mj_multiRay(
            model, data, origin, rays.reshape(-1, 1), self._groups, True, -1, self._geoms, ranges, None,
            len(angles), self._laser.range_max_m + 1.0,
        )  # fmt: skip
        return ranges[:, 0]
