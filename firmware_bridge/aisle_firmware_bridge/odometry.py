"""Dead reckoning from encoder ticks and the gyro, and how far it may be off."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.geometry import STOP, Pose2, Twist2, advance
from aisle.robot_model import RobotModel
from aisle.sensing import Odometry
from aisle_firmware_bridge.motion import GATE_RADPS, GATE_SIGMAS, Interval, trust, turn_rad
from aisle_firmware_bridge.spread import Spread
from aisle_firmware_bridge.wheels import tick_difference

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
        self._spread = Spread(robot)
        self._before: WheelReading | None = None
        self._bias_radps = 0.0
        self._still_s = STANDING_AFTER_S
        self._pose = Pose2(0.0, 0.0, 0.0)

    @property
    def bias_radps(self) -> float:
        """What the gyro is believed to read at rest."""
        return self._bias_radps

    def forget_counts(self) -> None:
        """Start anew from the next reading's counts, keeping the pose: after the base restarted."""
        self._before = None

    def update(self, now: WheelReading) -> Odometry:
        """Add one reading; a reading that is not newer than the last changes nothing but the stamp.

        Each interval is an arc of constant twist (midpoint rule). Its turn is that of gyro and wheels, weighed by how
        well each is known (`motion.trust`); the gyro's bias is learned while the wheels stand still, and the wheels
        alone serve when the gyro reads no finite number. The covariance grows as in `spread.Spread`.
        """
        before = self._before
        if before is not None and now.clock_us <= before.clock_us:
            return Odometry(now.stamp_s, self._pose, STOP, self._spread.at_rest())
        self._before = now
        if before is None:
            return Odometry(now.stamp_s, self._pose, STOP, self._spread.at_rest())
        interval = interval_between(before, now, self._robot, self._bias_radps)
        self._still_s = self._still_s + interval.dt_s if interval.is_still else 0.0
        odometry = self._move(interval, now.stamp_s)
        self._learn_bias(now.yaw_rate_radps)
        return odometry

    def _move(self, interval: Interval, stamp_s: float) -> Odometry:
        trusted = trust(interval, self._robot, self._spread.bias_variance)
        turned_rad = turn_rad(interval, self._robot, trusted)
        twist = Twist2(interval.way_m / interval.dt_s, turned_rad / interval.dt_s)
        spread = self._spread.grow(self._pose, interval, trusted)
        self._pose = advance(self._pose, twist, interval.dt_s)
        return Odometry(stamp_s, self._pose, twist, spread)

    def _learn_bias(self, yaw_rate_radps: float) -> None:
        """Take what the gyro reads at rest for its bias, unless somebody turns the robot while its wheels stand."""
        noise, known = self._robot.gyro.noise_radps**2, self._spread.bias_variance
        off_radps = yaw_rate_radps - self._bias_radps
        is_bias = abs(off_radps) < max(GATE_SIGMAS * math.sqrt(known + noise), GATE_RADPS)
        if self._still_s >= STANDING_AFTER_S and is_bias:
            gain = known / (known + noise)
            self._bias_radps += gain * off_radps
            self._spread.learn_bias(gain)


def interval_between(before: WheelReading, now: WheelReading, robot: RobotModel, bias_radps: float) -> Interval:
    """Return what happened between two readings, the newer one later on the base's clock."""
    dt_s = (now.clock_us - before.clock_us) * 1e-6
    rad_per_tick = math.tau / robot.wheels.ticks_per_turn
    left_m = tick_difference(before.ticks_left, now.ticks_left) * rad_per_tick * robot.wheels.left_radius_m
    right_m = tick_difference(before.ticks_right, now.ticks_right) * rad_per_tick * robot.wheels.right_radius_m
    gyro_rad = (0.5 * (before.yaw_rate_radps + now.yaw_rate_radps) - bias_radps) * robot.gyro.share * dt_s
    return Interval(dt_s, left_m, right_m, gyro_rad if math.isfinite(gyro_rad) else None)
