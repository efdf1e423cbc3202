"""A Monte Carlo localization in plain numpy with a fixed number of particles: the floor under ours.

The textbook's filter (Thrun, Burgard and Fox, "Probabilistic Robotics", 2005, tables 5.6, 6.3 and 4.4), with the same
noise and the same 60 beams, but without compiled kernels, tables of logarithms, KLD sampling or beam skipping.
"""

from __future__ import annotations

import math

import numpy as np

from aisle.geometry import FloatArray, Pose2
from aisle_navigation.localization.cloud import CloudSettings
from aisle_navigation.localization.likelihood import FieldSettings
from store_model.clearance import ClearanceMap


class PlainFilter:
    """Particles of shape (n, 3): x, y in metres and yaw in radians, in the map frame."""

    def __init__(self, grid: ClearanceMap, start_map: Pose2, particles: int, seed: int) -> None:
        self._grid, self._motion, self._field = grid, CloudSettings(), FieldSettings()
        self._rng = np.random.default_rng(seed)
        spread = self._rng.standard_normal((particles, 3)) * np.array([0.10, 0.10, 0.08])
        self._particles = np.array([start_map.x_m, start_map.y_m, start_map.yaw_rad]) + spread

    def update(self, step: Pose2, points: FloatArray) -> Pose2:
        """Move by `step`, weigh by points of the base frame, shape (m, 2), draw anew, and return the mean pose."""
        self._move(step)
        weights = self._weights(points)
        mean = weights @ self._particles[:, :2]
        cosine, sine = weights @ np.cos(self._particles[:, 2]), weights @ np.sin(self._particles[:, 2])
        positions = (self._rng.random() + np.arange(len(weights))) / len(weights)
        drawn = np.minimum(np.searchsorted(np.cumsum(weights), positions), len(weights) - 1)
        self._particles = self._particles[drawn]
        return Pose2(float(mean[0]), float(mean[1]), math.atan2(sine, cosine))

    def _move(self, step: Pose2) -> None:
        distance_m, turn_rad, motion = math.hypot(step.x_m, step.y_m), abs(step.yaw_rad), self._motion
        sigma_m = motion.translation_noise * distance_m + motion.floor_m
        sigma_rad = motion.rotation_noise * turn_rad + motion.drift_rad_per_m * distance_m + motion.floor_rad
        noise, yaw = self._rng.standard_normal(self._particles.shape), self._particles[:, 2].copy()
        forward, left = step.x_m + sigma_m * noise[:, 0], step.y_m + 0.3 * sigma_m * noise[:, 1]
        self._particles[:, 0] += np.cos(yaw) * forward - np.sin(yaw) * left
        self._particles[:, 1] += np.sin(yaw) * forward + np.cos(yaw) * left
        self._particles[:, 2] += step.yaw_rad + sigma_rad * noise[:, 2]

    def _weights(self, points: FloatArray) -> FloatArray:
        cos, sin = np.cos(self._particles[:, 2])[:, None], np.sin(self._particles[:, 2])[:, None]
        x_m = self._particles[:, :1] + cos * points[:, 0] - sin * points[:, 1]
        y_m = self._particles[:, 1:2] + sin * points[:, 0] + cos * points[:, 1]
        away_m = self._grid.at(np.column_stack((x_m.ravel(), y_m.ravel()))).reshape(x_m.shape)
        hits = np.exp(-0.5 * (away_m / self._field.hit_stddev_m) ** 2)
        logs = np.log(self._field.hit_weight * hits + self._field.random_weight).sum(axis=1)
        weights = np.exp(self._motion.sharpness * (logs - logs.max()))
        return np.asarray(weights / weights.sum())
