"""What the robot's sensors and its perception say, as plain values without ROS."""

from __future__ import annotations

import math
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


Row3 = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class MotionSpread:
    """How far dead reckoning may be off since it began.

    `pose` is the covariance of x, y (metres) and yaw (radians) in the odom frame, three rows; the others are the
    variances of the speed along and of the turn in the robot's own frame.
    """

    pose: tuple[Row3, Row3, Row3]
    linear_m2ps2: float
    angular_rad2ps2: float


@dataclass(frozen=True, slots=True)
class Odometry:
    """Dead reckoning of the base: its pose in the drifting odom frame, and its velocity. No spread: not known."""

    stamp_s: float
    odom_from_base: Pose2
    twist: Twist2
    spread: MotionSpread | None = None


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

    def is_ahead_of(self, pose_map: Pose2, within_rad: float) -> bool:
        """Tell whether they are within an angle to either side of where somebody at that pose looks."""
        return abs(pose_map.bearing_to(self.x_m, self.y_m)) <= within_rad


# A base that hears nothing stops within half a second, so a longer silence explains no longer way.
_FASTEST_MPS, _LONGEST_BLIND_S, _ODOMETRY_TOLERANCE_M = 2.0, 0.5, 0.1
_ORIGIN = Pose2(0.0, 0.0, 0.0)


def odometry_started_over(before: Pose2, after: Pose2, dt_s: float) -> bool:
    """Tell whether two poses in the odom frame, `dt_s` apart, cannot be of one frame: the base's driver was restarted.

    A new driver starts at the origin; a way that no base can have driven in the time means the same.
    """
    if after == _ORIGIN and before != _ORIGIN:
        return True
    reach_m = _FASTEST_MPS * min(abs(dt_s), _LONGEST_BLIND_S) + _ODOMETRY_TOLERANCE_M
    return before.distance_to(after) > reach_m


_CLOCK_RESET_S = 1.0


class InOrder:
    """Lets readings pass in order of time, each once: a line may double them, or deliver one after a newer one."""

    def __init__(self) -> None:
        self._newest_s = -math.inf

    def accepts(self, stamp_s: float) -> bool:
        """Tell whether a reading is newer than all before; one much older means that the clock was set anew."""
        is_newer = stamp_s > self._newest_s or stamp_s < self._newest_s - _CLOCK_RESET_S
        if is_newer:
            self._newest_s = stamp_s
        return is_newer
