"""Driving an arc in small steps: slow, plain, and independent of the code under test."""

from __future__ import annotations

import numpy as np

from aisle.geometry import FloatArray, Twist2


def gaps_along(twist: Twist2, points: FloatArray, way_m: float, step_m: float) -> FloatArray:
    """Return the distance from the base's centre to the nearest point at every step of the way, in metres."""
    along_m = np.arange(0.0, way_m + step_m, step_m) * np.sign(twist.linear_mps)
    yaw_rad = twist.angular_radps / twist.linear_mps * along_m
    chord_m = along_m * np.sinc(0.5 * yaw_rad / np.pi)
    centres = np.column_stack((chord_m * np.cos(0.5 * yaw_rad), chord_m * np.sin(0.5 * yaw_rad)))
    away_m = np.hypot(*np.moveaxis(centres[:, None, :] - points[None, :, :], 2, 0))
    return np.asarray(away_m.min(axis=1))
