"""Dead reckoning from encoder ticks and the gyro."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.geometry import STOP, Pose2, Twist2, advance
from aisle.robot_model import RobotModel
from aisle.sensing import Odometry
from aisle_firmware_bridge.wheels import tick_difference, wheel_angle_rad

GYRO_WEIGHT = 0.9
BIAS_GAIN = 0.01
STANDING_AFTER_S = 0.5


@dataclass(frozen=True, slots=True)
class WheelReading:
    """Encoder counts (int32, wrapping) and yaw rate at one time of the base's clock; `stamp_s` is the host's."""

    clock_us: int
    stamp_s: float
    ticks_left: int
    ticks_right: int
    yaw_rate_radps: float


class DeadReckoning:
    """Integrates readings into a pose in the odom frame, which starts at the origin and drifts."""

    def __init__(self, robot: RobotModel) -> None:
        self._robot = robot
        self._before: WheelReading | None = None
        self._bias_radps = 0.0
        self._still_s = STANDING_AFTER_S
        self._pose = Pose2(0.0, 0.0, 0.0)

    def forget_counts(self) -> None:
        """Start anew from the next reading's counts, keeping the pose: after the base restarted."""
        self._before = None

    def update(self, now: WheelReading) -> Odometry:
        """Add one reading; a reading that is not newer than the last changes nothing but the stamp.

        Each interval is an arc of constant twist (midpoint rule). Yaw is the gyro's with the wheels' mixed
        in; the gyro's bias is learned while the wheels stand still, and the wheels alone serve when the gyro
        reads no finite number.
        """
        before = self._before
        if before is not None and now.clock_us <= before.clock_us:
            return Odometry(now.stamp_s, self._pose, STOP)
        self._before = now
        if before is None:
            return Odometry(now.stamp_s, self._pose, STOP)
        dt_s = (now.clock_us - before.clock_us) * 1e-6
        left_m = self._travel_m(before.ticks_left, now.ticks_left)
        right_m = self._travel_m(before.ticks_right, now.ticks_right)
        self._still_s = self._still_s + dt_s if left_m == right_m == 0.0 else 0.0
        wheel_radps = (right_m - left_m) / self._robot.wheels.track_m / dt_s
        gyro_radps = 0.5 * (before.yaw_rate_radps + now.yaw_rate_radps)
        twist = Twist2(0.5 * (left_m + right_m) / dt_s, self._yaw_rate(wheel_radps, gyro_radps))
        self._pose = advance(self._pose, twist, dt_s)
        return Odometry(now.stamp_s, self._pose, twist)

    def _travel_m(self, before: int, now: int) -> float:
        return wheel_angle_rad(tick_difference(before, now), self._robot) * self._robot.wheels.radius_m

    def _yaw_rate(self, wheel_radps: float, gyro_radps: float) -> float:
        if not math.isfinite(gyro_radps):
            return wheel_radps
        if self._still_s >= STANDING_AFTER_S:
            self._bias_radps += BIAS_GAIN * (gyro_radps - self._bias_radps)
            return 0.0
        return GYRO_WEIGHT * (gyro_radps - self._bias_radps) + (1.0 - GYRO_WEIGHT) * wheel_radps
