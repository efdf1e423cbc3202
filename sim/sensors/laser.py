"""The planar laser: rays against everything that stands or walks at its height, with the faults of a real one."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import numpy.typing as npt

from aisle.geometry import Pose2
from aisle.robot_model import Laser
from aisle.sensing import LaserScan
from sim.scene.mjcf import LEGS, STRUCTURE
from sim.sensors.laser_faults import LaserFaults, Sweep, measured

FloatArray = npt.NDArray[np.float64]


class LaserSensor:
    """A laser that looks all around, mounted without rotation on the robot; ray 0 points backwards (-pi).

    `surfaces` says for each geom of the model what it is made of, shape (geoms,); see `scene.surfaces`.
    """

    def __init__(self, laser: Laser, faults: LaserFaults, surfaces: npt.NDArray[np.uint8], seed: int) -> None:
        self._laser = laser
        self._faults = faults
        # A ray that hits nothing has geom -1, which reads the last entry: matt.
        self._surfaces = np.append(surfaces, np.uint8(0))
        self._increment_rad = math.tau / laser.rays
        self._angles_rad = -math.pi + self._increment_rad * np.arange(laser.rays)
        self._groups = np.zeros((6, 1), dtype=np.uint8)
        self._groups[[STRUCTURE, LEGS]] = 1
        self._geoms = np.zeros((laser.rays, 1), dtype=np.int32)
        self._ranges = np.empty((laser.rays, 1))
        self._normals = np.zeros((3 * laser.rays, 1))
        self._rng = np.random.default_rng((seed, 0x1A5E))

    def scan(self, model: mujoco.MjModel, data: mujoco.MjData, map_from_base: Pose2, now_s: float) -> LaserScan:
        """Return the sweep from the robot's present place; `inf` where nothing is within range."""
        laser = self._laser
        sweep = self._sweep(model, data, map_from_base @ Pose2(laser.x_m, 0.0, 0.0))
        read = measured(sweep, self._faults, laser.noise_m, self._rng)
        return LaserScan(
            stamp_s=now_s,
            angle_min_rad=-math.pi,
            angle_increment_rad=self._increment_rad,
            range_min_m=laser.range_min_m,
            range_max_m=laser.range_max_m,
            ranges_m=np.where(read <= laser.range_max_m, np.maximum(read, laser.range_min_m), np.inf),
        )

    def _sweep(self, model: mujoco.MjModel, data: mujoco.MjData, map_from_laser: Pose2) -> Sweep:
        angles = self._angles_rad + map_from_laser.yaw_rad
        rays = np.column_stack((np.cos(angles), np.sin(angles), np.zeros_like(angles)))
        origin = np.array([[map_from_laser.x_m], [map_from_laser.y_m], [self._laser.z_m]])
        mujoco.mj_multiRay(
            model, data, origin, rays.reshape(-1, 1), self._groups, True, -1, self._geoms, self._ranges, self._normals,
            len(angles), self._laser.range_max_m + 1.0,
        )  # fmt: skip
        ranges, normals = self._ranges[:, 0].copy(), self._normals.reshape(-1, 3)[:, :2].copy()
        return Sweep(
            ranges_m=ranges,
            points_m=origin[:2, 0] + ranges[:, None] * rays[:, :2],
            facing=-np.einsum("ij,ij->i", rays[:, :2], normals),
            normals=normals,
            surfaces=self._surfaces[self._geoms[:, 0]],
        )
