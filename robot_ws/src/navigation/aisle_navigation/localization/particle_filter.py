"""Monte Carlo localization: where the robot is on the map, from odometry and the laser.

After S. Thrun, W. Burgard and D. Fox, "Probabilistic Robotics" (2005): the odometry motion model of table 5.6,
the likelihood field of table 6.3 and the low-variance sampler of table 4.4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle.geometry import FloatArray, Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan, odometry_started_over
from aisle_navigation.localization.kernels import log_likelihoods
from store_model.clearance import ClearanceMap

Particles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """Particle numbers and noise; the motion noise is per metre driven and per radian turned."""

    particles: int = 400
    beams: int = 60
    hit_stddev_m: float = 0.10
    hit_weight: float = 0.85
    random_weight: float = 0.15
    translation_noise: float = 0.08
    rotation_noise: float = 0.08
    drift_rad_per_m: float = 0.03
    floor_m: float = 0.004
    floor_rad: float = 0.004
    sharpness: float = 0.35
    start_stddev_m: float = 0.10
    start_stddev_rad: float = 0.08
    inlier_m: float = 0.20
    lost_below: float = 0.50
    lost_memory: float = 0.9
    lost_spread_m: float = 0.50


@dataclass(frozen=True, slots=True)
class Estimate:
    """The pose in the map frame, its spread, and the share of rays that end near something on the map."""

    stamp_s: float
    map_from_base: Pose2
    position_stddev_m: float
    yaw_stddev_rad: float
    inlier_fraction: float
    localized: bool


class ParticleFilter:
    """Holds the particles, shape (n, 3): x, y in metres and yaw in radians, in the map frame."""

    def __init__(self, grid: ClearanceMap, robot: RobotModel, settings: FilterSettings, seed: int) -> None:
        self.grid = grid
        self.robot = robot
        self.settings = settings
        self._rng = np.random.default_rng(seed)
        self._particles: Particles = np.zeros((settings.particles, 3))
        self._last_odom: tuple[float, Pose2] | None = None
        self._trust: float | None = None

    def start_at(self, pose_map: Pose2) -> None:
        """Place all particles around a pose, such as the dock or what a person pointed at."""
        spread = self._rng.standard_normal((self.settings.particles, 3)) * self._start_stddev()
        self._particles = np.array([pose_map.x_m, pose_map.y_m, pose_map.yaw_rad]) + spread
        self._last_odom = None
        self._trust = None

    def update(self, scan: LaserScan, odom_from_base: Pose2) -> Estimate:
        """Move the particles by odometry, weigh them by the scan, resample, and return the estimate.

        When the odom frame has started over, the robot is taken to be about where it was.
        """
        step = self._step_since(odom_from_base, scan.stamp_s)
        self._move(step)
        points = self._beam_points(scan)
        weights = self._weigh(points)
        mean, stddev_m, stddev_rad = _weighted_pose(self._particles, weights)
        moved = math.hypot(step.x_m, step.y_m) > 1e-4 or abs(step.yaw_rad) > 1e-4
        if moved and 1.0 / np.sum(weights**2) < 0.6 * len(weights):
            self._particles = self._particles[_low_variance(weights, float(self._rng.random()))]
        inliers = self._inlier_fraction(points, mean)
        self._trust = inliers if self._trust is None else self._smoothed(inliers)
        localized = self._trust >= self.settings.lost_below and stddev_m <= self.settings.lost_spread_m
        return Estimate(scan.stamp_s, mean, stddev_m, stddev_rad, inliers, localized)

    def _smoothed(self, inliers: float) -> float:
        """A second of memory: a crowd or a pile of crates hides the map for a moment without the robot being lost."""
        assert self._trust is not None
        return self.settings.lost_memory * self._trust + (1.0 - self.settings.lost_memory) * inliers

    def _step_since(self, odom_from_base: Pose2, now_s: float) -> Pose2:
        last_s, last = self._last_odom or (now_s, odom_from_base)
        self._last_odom = (now_s, odom_from_base)
        if odometry_started_over(last, odom_from_base, now_s - last_s):
            self._particles += self._rng.standard_normal(self._particles.shape) * self._start_stddev()
            return Pose2(0.0, 0.0, 0.0)
        return last.inverse() @ odom_from_base

    def _start_stddev(self) -> FloatArray:
        settings = self.settings
        return np.array([settings.start_stddev_m, settings.start_stddev_m, settings.start_stddev_rad])

    def _move(self, step: Pose2) -> None:
        settings = self.settings
        distance_m, turn_rad = math.hypot(step.x_m, step.y_m), abs(step.yaw_rad)
        if distance_m < 1e-6 and turn_rad < 1e-6:
            return
        noise = self._rng.standard_normal((len(self._particles), 3))
        sigma_m = settings.translation_noise * distance_m + settings.floor_m
        sigma_rad = settings.rotation_noise * turn_rad + settings.drift_rad_per_m * distance_m + settings.floor_rad
        yaw = self._particles[:, 2]
        forward, left = step.x_m + sigma_m * noise[:, 0], step.y_m + 0.3 * sigma_m * noise[:, 1]
        self._particles[:, 0] += np.cos(yaw) * forward - np.sin(yaw) * left
        self._particles[:, 1] += np.sin(yaw) * forward + np.cos(yaw) * left
        self._particles[:, 2] = yaw + step.yaw_rad + sigma_rad * noise[:, 2]

    def _beam_points(self, scan: LaserScan) -> FloatArray:
        points: FloatArray = scan.points() + np.array([self.robot.laser.x_m, 0.0])
        stride = max(1, len(points) // self.settings.beams)
        return points[::stride]

    def _weigh(self, points: FloatArray) -> FloatArray:
        settings, grid = self.settings, self.grid
        logs = log_likelihoods(
            self._particles,
            points,
            grid.clearance_m,
            grid.resolution_m,
            grid.origin_x_m,
            grid.origin_y_m,
            settings.hit_stddev_m,
            settings.hit_weight,
            settings.random_weight,
        )
        # Neighbouring rays are not independent; the exponent keeps the filter from being sure too early.
        weights = np.exp(settings.sharpness * (logs - logs.max()))
        return np.asarray(weights / weights.sum())

    def _inlier_fraction(self, points: FloatArray, pose_map: Pose2) -> float:
        if len(points) == 0:
            return 0.0
        return float((self.grid.at(pose_map.transform(points)) < self.settings.inlier_m).mean())


def _weighted_pose(particles: Particles, weights: FloatArray) -> tuple[Pose2, float, float]:
    x_m, y_m = weights @ particles[:, 0], weights @ particles[:, 1]
    cosine, sine = weights @ np.cos(particles[:, 2]), weights @ np.sin(particles[:, 2])
    variance = weights @ ((particles[:, 0] - x_m) ** 2 + (particles[:, 1] - y_m) ** 2)
    length = min(1.0, math.hypot(cosine, sine))
    stddev_rad = math.sqrt(max(0.0, -2.0 * math.log(max(length, 1e-9))))
    return Pose2(float(x_m), float(y_m), math.atan2(sine, cosine)), math.sqrt(float(variance)), stddev_rad


def _low_variance(weights: FloatArray, start: float) -> npt.NDArray[np.intp]:
    positions = (start + np.arange(len(weights))) / len(weights)
    return np.minimum(np.searchsorted(np.cumsum(weights), positions), len(weights) - 1)
