"""What one interval between two readings of wheels and gyro says, and how far it may be wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.robot_model import RobotModel

HORIZON_S = 10.0
GATE_SIGMAS = 6.0
GATE_RADPS = 0.05


@dataclass(frozen=True, slots=True)
class Interval:
    """How far both wheels rolled in `dt_s` by their ticks, and how far the gyro turned without its bias.

    `gyro_rad` is None when the gyro read no finite number.
    """

    dt_s: float
    left_m: float
    right_m: float
    gyro_rad: float | None

    @property
    def way_m(self) -> float:
        """The way of the middle between the wheels."""
        return 0.5 * (self.left_m + self.right_m)

    @property
    def rolled_m(self) -> float:
        """What both wheels rolled together, forwards or backwards."""
        return abs(self.left_m) + abs(self.right_m)

    @property
    def is_still(self) -> bool:
        return self.left_m == 0.0 and self.right_m == 0.0


@dataclass(frozen=True, slots=True)
class Trust:
    """The gyro's share in the turn of an interval, the rest is the wheels'; and whether a wheel slips."""

    gyro: float
    slips: bool = False


def wheel_turn_rad(interval: Interval, robot: RobotModel) -> float:
    """Return the turn by the wheels alone, counter-clockwise."""
    return (interval.right_m - interval.left_m) / robot.wheels.track_m


def trust(interval: Interval, robot: RobotModel, bias_variance: float) -> Trust:
    """Weigh gyro against wheels by the inverse of their variances, and tell whether a wheel slips.

    Errors that stay the same (radii, track, bias, scale) weigh as much as white noise that grows to the same size
    over HORIZON_S. A wheel slips when both turns differ by more than GATE_SIGMAS and by more than GATE_RADPS; then the
    gyro alone is believed.
    """
    gyro_rad, dt_s = interval.gyro_rad, interval.dt_s
    if gyro_rad is None:
        return Trust(0.0)
    wheel_rad, gyro = wheel_turn_rad(interval, robot), robot.gyro
    wheel_white, wheel_lasting = _wheel_variances(interval, wheel_rad, robot)
    gyro_white = (gyro.noise_radps * dt_s) ** 2
    gyro_lasting = bias_variance * dt_s**2 + (gyro.share_sigma * gyro_rad) ** 2
    expected = wheel_white + wheel_lasting + gyro_white + gyro_lasting + _tick_variance(robot)
    if abs(gyro_rad - wheel_rad) > max(GATE_SIGMAS * math.sqrt(expected), GATE_RADPS * dt_s):
        return Trust(1.0, slips=True)
    intervals = HORIZON_S / dt_s
    wheel_variance = wheel_white + intervals * wheel_lasting
    return Trust(wheel_variance / (wheel_variance + gyro_white + intervals * gyro_lasting))


def turn_rad(interval: Interval, robot: RobotModel, trusted: Trust) -> float:
    """Return the turn of an interval, counter-clockwise, from gyro and wheels as they are trusted."""
    gyro_rad = interval.gyro_rad if interval.gyro_rad is not None else 0.0
    return trusted.gyro * gyro_rad + (1.0 - trusted.gyro) * wheel_turn_rad(interval, robot)


def _wheel_variances(interval: Interval, wheel_rad: float, robot: RobotModel) -> tuple[float, float]:
    """Return the variance of the wheels' turn in rad^2: the random part, and the part that stays the same."""
    wheels = robot.wheels
    white = wheels.slip_m**2 * interval.rolled_m / wheels.track_m**2
    unequal = wheels.difference_sigma * interval.way_m / wheels.track_m
    return white, unequal**2 + (wheels.turn_sigma * wheel_rad) ** 2


def _tick_variance(robot: RobotModel) -> float:
    """Return what whole ticks do to the turn of one interval, in rad^2; the next interval makes up for it."""
    tick_m = math.tau * robot.wheels.radius_m / robot.wheels.ticks_per_turn
    return 2.0 * 2.0 * tick_m**2 / 12.0 / robot.wheels.track_m**2
