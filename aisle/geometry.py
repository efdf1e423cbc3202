"""Poses, twists and angles in the plane, after REP 103 (x forward, y left, yaw counter-clockwise)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def wrap_angle(angle_rad: float) -> float:
    """Return the same direction as an angle in [-pi, pi]."""
    return math.remainder(angle_rad, math.tau)


@dataclass(frozen=True, slots=True)
class Pose2:
    """A pose in the plane: the transform that takes points of the body frame into the parent frame."""

    x_m: float
    y_m: float
    yaw_rad: float

    def __matmul__(self, other: Pose2) -> Pose2:
        """Compose: `map_from_odom @ odom_from_base` is `map_from_base`."""
        cos, sin = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        return Pose2(
            self.x_m + cos * other.x_m - sin * other.y_m,
            self.y_m + sin * other.x_m + cos * other.y_m,
            wrap_angle(self.yaw_rad + other.yaw_rad),
        )

    def inverse(self) -> Pose2:
        """Return the transform of the opposite direction, so that `pose @ pose.inverse()` is the identity."""
        cos, sin = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        return Pose2(-cos * self.x_m - sin * self.y_m, sin * self.x_m - cos * self.y_m, wrap_angle(-self.yaw_rad))

    def transform(self, points: FloatArray) -> FloatArray:
        """Take points of the body frame, shape (n, 2) in metres, into the parent frame."""
        cos, sin = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        rotated = points @ np.array([[cos, sin], [-sin, cos]])
        return np.asarray(rotated + np.array([self.x_m, self.y_m]), dtype=np.float64)

    def distance_to(self, other: Pose2) -> float:
        """Return the distance between the two origins in metres."""
        return math.hypot(other.x_m - self.x_m, other.y_m - self.y_m)

    def bearing_to(self, x_m: float, y_m: float) -> float:
        """Return the direction to a point of the parent frame, relative to this heading, in [-pi, pi]."""
        return wrap_angle(math.atan2(y_m - self.y_m, x_m - self.x_m) - self.yaw_rad)


@dataclass(frozen=True, slots=True)
class Twist2:
    """A velocity of a differential drive in its own frame; angular is counter-clockwise positive."""

    linear_mps: float = 0.0
    angular_radps: float = 0.0

    @property
    def is_finite(self) -> bool:
        return math.isfinite(self.linear_mps) and math.isfinite(self.angular_radps)


STOP = Twist2()


def advance(pose: Pose2, twist: Twist2, dt_s: float) -> Pose2:
    """Move a pose along a twist for a time, exact for a constant twist (an arc or a line)."""
    turn_rad = twist.angular_radps * dt_s
    distance_m = twist.linear_mps * dt_s
    middle_rad = pose.yaw_rad + 0.5 * turn_rad
    chord_m = distance_m * float(np.sinc(0.5 * turn_rad / math.pi))
    return Pose2(
        pose.x_m + chord_m * math.cos(middle_rad),
        pose.y_m + chord_m * math.sin(middle_rad),
        wrap_angle(pose.yaw_rad + turn_rad),
    )
