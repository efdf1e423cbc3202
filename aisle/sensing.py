"""What the robot's sensors and its perception say, as plain values without ROS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aisle.geometry import FloatArray, Pose2, Twist2


@dataclass(frozen=True, slots=True)
class LaserScan:
    """One sweep of a planar laser, after sensor_msgs/LaserScan; `inf` means nothing within range."""

    stamp_s: float
    angle_min_rad: float
    angle_increment_rad: float
    range_min_m: float
    range_max_m: float
    ranges_m: FloatArray

    def angles_rad(self) -> FloatArray:
        """Return the direction of each ray in the laser frame, shape (n,)."""
        return self.angle_min_rad + self.angle_increment_rad * np.arange(len(self.ranges_m), dtype=np.float64)

    def points(self) -> FloatArray:
        """Return the hit points of finite rays in the laser frame, shape (k, 2), in metres."""
        valid = np.isfinite(self.ranges_m) & (self.ranges_m >= self.range_min_m) & (self.ranges_m < self.range_max_m)
        angles = self.angles_rad()[valid]
        ranges = self.ranges_m[valid]
        return np.column_stack((ranges * np.cos(angles), ranges * np.sin(angles)))


@dataclass(frozen=True, slots=True)
class Odometry:
    """Dead reckoning of the base: its pose in the drifting odom frame, and its velocity."""

    stamp_s: float
    odom_from_base: Pose2
    twist: Twist2


@dataclass(frozen=True, slots=True)
class Person:
    """One tracked person in the map frame: a disc with a velocity."""

    track_id: int
    x_m: float
    y_m: float
    vx_mps: float
    vy_mps: float
    radius_m: float
    seen_s: float = 0.0
