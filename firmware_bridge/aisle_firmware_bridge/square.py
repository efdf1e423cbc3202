"""Drives a square by dead reckoning and stops at every corner, for calibration: odometry in, twist out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from aisle.geometry import STOP, Pose2, Twist2, wrap_angle
from aisle.sensing import Odometry

_SIDES = 4
_LONGEST_STEP_S = 0.1
_STEER_PER_S = 1.5


class Stage(Enum):
    """What the drive is doing; it may be measured where it is while it stands."""

    STAND = "standing"
    SIDE = "driving a side"
    CORNER = "turning"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SquareSettings:
    """A square of `side_m`, counter-clockwise or clockwise. Slow, so that wheels slip little.

    It stands at first, long enough for the gyro's bias to be learned, and at every corner, to be measured.
    """

    side_m: float = 10.0
    clockwise: bool = False
    speed_mps: float = 0.5
    turn_radps: float = 0.6
    acceleration_mps2: float = 0.4
    turn_acceleration_radps2: float = 0.8
    first_stand_s: float = 10.0
    stand_s: float = 3.0
    place_tolerance_m: float = 0.005
    yaw_tolerance_rad: float = math.radians(0.3)


class SquareDrive:
    """Stand, side, stand, corner, and so on; call `step` with every odometry."""

    def __init__(self, settings: SquareSettings) -> None:
        self._settings = settings
        self._stage = Stage.STAND
        self._next = Stage.SIDE
        self._since_s: float | None = None
        self._start = Pose2(0.0, 0.0, 0.0)
        self._sides_left = _SIDES
        self._yaw_rad = 0.0
        self._stops = 0
        self._twist = STOP
        self._stamp_s = 0.0

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def stops(self) -> int:
        """How often the robot has stood still long enough to be measured; it moves on when this has grown."""
        return self._stops

    def step(self, odometry: Odometry) -> Twist2:
        """Return the twist for now."""
        dt_s, self._stamp_s = min(max(0.0, odometry.stamp_s - self._stamp_s), _LONGEST_STEP_S), odometry.stamp_s
        if self._since_s is None:
            self._yaw_rad, dt_s = odometry.odom_from_base.yaw_rad, 0.0
            self._begin(Stage.STAND, odometry)
        elif self._stage is Stage.STAND and odometry.stamp_s - self._since_s >= self._pause_s:
            self._stops += 1
            self._begin(self._next, odometry)
        wanted = self._wanted(odometry)
        self._twist = STOP if self._stage in (Stage.STAND, Stage.DONE) else self._eased(wanted, dt_s)
        return self._twist

    @property
    def _pause_s(self) -> float:
        return self._settings.stand_s if self._stops else self._settings.first_stand_s

    def _begin(self, stage: Stage, odometry: Odometry) -> None:
        self._stage, self._since_s, self._start = stage, odometry.stamp_s, odometry.odom_from_base
        if stage is Stage.CORNER:
            self._yaw_rad += -0.5 * math.pi if self._settings.clockwise else 0.5 * math.pi

    def _arrive(self, following: Stage, odometry: Odometry) -> Twist2:
        self._next = following
        self._begin(Stage.STAND, odometry)
        return STOP

    def _wanted(self, odometry: Odometry) -> Twist2:
        if self._stage is Stage.SIDE:
            return self._along(odometry)
        if self._stage is Stage.CORNER:
            return self._around(odometry)
        return STOP

    def _along(self, odometry: Odometry) -> Twist2:
        settings, pose = self._settings, odometry.odom_from_base
        left_m = settings.side_m - self._start.distance_to(pose)
        if left_m <= settings.place_tolerance_m:
            return self._arrive(Stage.CORNER, odometry)
        speed_mps = min(settings.speed_mps, math.sqrt(2.0 * 0.5 * settings.acceleration_mps2 * left_m))
        return Twist2(speed_mps, _STEER_PER_S * self._off_rad(pose))

    def _around(self, odometry: Odometry) -> Twist2:
        settings, off_rad = self._settings, self._off_rad(odometry.odom_from_base)
        if abs(off_rad) <= settings.yaw_tolerance_rad:
            self._sides_left -= 1
            return self._arrive(Stage.SIDE if self._sides_left else Stage.DONE, odometry)
        fastest_radps = math.sqrt(2.0 * 0.5 * settings.turn_acceleration_radps2 * abs(off_rad))
        return Twist2(0.0, math.copysign(min(settings.turn_radps, fastest_radps), off_rad))

    def _off_rad(self, pose: Pose2) -> float:
        return wrap_angle(self._yaw_rad - pose.yaw_rad)

    def _eased(self, wanted: Twist2, dt_s: float) -> Twist2:
        """Speed up no faster than the settings say; slowing down is in `wanted` already."""
        settings, before = self._settings, self._twist
        speed_mps = min(wanted.linear_mps, before.linear_mps + settings.acceleration_mps2 * dt_s)
        turn_step = settings.turn_acceleration_radps2 * dt_s
        turn_radps = min(max(wanted.angular_radps, before.angular_radps - turn_step), before.angular_radps + turn_step)
        return Twist2(speed_mps, turn_radps)
