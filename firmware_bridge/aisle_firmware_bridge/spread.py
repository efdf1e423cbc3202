"""How far dead reckoning may be off: the covariance of its pose together with everything that is not exactly known.

Random errors of the wheels grow with the way each one rolls, after Chong and Kleeman, "Accurate odometry and error
modelling for a mobile robot", ICRA 1997. Radii, track and the gyro's scale are wrong by the same amount all the time,
so their errors are carried along and never corrected, as in a Schmidt-Kalman filter (Schmidt, "Application of
state-space methods to navigation problems", Advances in Control Systems 3, 1966). Without them the covariance would be
too small.

With the pose as p and what stays the same (bias and shares) as c, one interval does p' = A p + B M c + noise and leaves
c as it is: M is how way and turn follow c, B how the pose follows way and turn. So the covariance of c stays diagonal,
and only that of p and what p and c have in common are reckoned, in plain numbers: numpy takes longer for so few.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import MotionSpread, Row3
from aisle_firmware_bridge.motion import Interval, Trust, turn_rad, wheel_turn_rad

Rows3 = tuple[Row3, Row3, Row3]
Row5 = tuple[float, float, float, float, float]
Pair = tuple[float, float]
_NOTHING: Row5 = (0.0, 0.0, 0.0, 0.0, 0.0)


class Spread:
    """The covariance of what dead reckoning believes, in metres, radians and rad/s.

    What stays the same comes in the order gyro bias, then the shares by which way, difference of the wheels, turn and
    gyro scale are wrong.
    """

    def __init__(self, robot: RobotModel) -> None:
        self._robot = robot
        wheels, gyro = robot.wheels, robot.gyro
        tick_m = math.tau * wheels.radius_m / wheels.ticks_per_turn
        place, heading = tick_m**2, (tick_m / wheels.track_m) ** 2
        self._pose: Rows3 = ((place, 0.0, 0.0), (0.0, place, 0.0), (0.0, 0.0, heading))
        self._shares = (
            wheels.way_sigma**2,
            wheels.difference_sigma**2,
            wheels.turn_sigma**2,
            gyro.share_sigma**2,
        )
        self._bias = gyro.bias_radps**2
        self._common: tuple[Row5, Row5, Row5] = (_NOTHING, _NOTHING, _NOTHING)
        self._slip = Slip(robot)

    @property
    def bias_variance(self) -> float:
        """How well the gyro's bias is known, in rad^2/s^2."""
        return self._bias

    def grow(self, before: Pose2, interval: Interval, trusted: Trust) -> MotionSpread:
        """Carry the errors over an interval that began at that pose, add its own, and return what they come to."""
        errors, constants = _errors(interval, trusted, self._robot), (self._bias, *self._shares)
        motion = errors.variances(constants).plus(self._noise(interval, trusted))
        path = _path(before, interval, trusted, self._robot)
        x, y, yaw = path.carry(self._common)
        self._pose = path.spread(self._pose, (errors.along(x), errors.along(y), errors.along(yaw)), motion)
        to_x, to_y, to_yaw = path.added
        self._common = (
            errors.added_to(x, to_x, constants),
            errors.added_to(y, to_y, constants),
            errors.added_to(yaw, to_yaw, constants),
        )
        self._bias += self._robot.gyro.walk_radps**2 * interval.dt_s / 60.0
        per_s2 = 1.0 / interval.dt_s**2
        return MotionSpread(self._pose, motion.way * per_s2, motion.turn * per_s2)

    def learn_bias(self, gain: float) -> None:
        """Note that the bias was corrected by that share of what the gyro reads at rest.

        The pose stays where it is, although its error is now better known: a robot that stands does not move.
        """
        left = 1.0 - gain
        x, y, yaw = self._common
        self._common = (_with_bias(x, left), _with_bias(y, left), _with_bias(yaw, left))
        self._bias = left**2 * self._bias + (gain * self._robot.gyro.noise_radps) ** 2

    def at_rest(self) -> MotionSpread:
        """Return the covariance of the pose when nothing is known to move."""
        return MotionSpread(self._pose, 0.0, 0.0)

    def _noise(self, interval: Interval, trusted: Trust) -> _Motion:
        """Return the covariance of way and turn by what is random: both wheels, the gyro, a wheel that slips."""
        robot = self._robot
        per_m = robot.wheels.slip_m**2
        left_m2, right_m2 = per_m * abs(interval.left_m), per_m * abs(interval.right_m)
        by_wheel = (1.0 - trusted.gyro) / robot.wheels.track_m
        gyro_rad = trusted.gyro * robot.gyro.share * robot.gyro.noise_radps * interval.dt_s
        return _Motion(
            way=0.25 * (left_m2 + right_m2) + self._slip.grow(interval, trusted),
            both=0.5 * by_wheel * (right_m2 - left_m2),
            turn=by_wheel**2 * (left_m2 + right_m2) + gyro_rad**2,
        )


class Slip:
    """How far slipping wheels have taken the middle of the robot from where they say it is."""

    def __init__(self, robot: RobotModel) -> None:
        self._robot = robot
        self._slipped_m = 0.0

    def grow(self, interval: Interval, trusted: Trust) -> float:
        """Return what a slipping wheel adds to the variance of the way.

        One wheel is wrong by the difference of the turns times the track, the middle by half of it. While it slips
        these errors all point the same way: they add up, not their squares.
        """
        if not trusted.slips or interval.gyro_rad is None:
            self._slipped_m = 0.0
            return 0.0
        before_m = self._slipped_m
        off_rad = abs(interval.gyro_rad - wheel_turn_rad(interval, self._robot))
        self._slipped_m += 0.5 * self._robot.wheels.track_m * off_rad
        return self._slipped_m**2 - before_m**2


class _Motion(NamedTuple):
    """The covariance of way and turn of one interval."""

    way: float
    both: float
    turn: float

    def plus(self, other: _Motion) -> _Motion:
        return _Motion(self.way + other.way, self.both + other.both, self.turn + other.turn)


class _Errors(NamedTuple):
    """How way and turn of an interval follow bias, way, difference, turn and gyro share; what is left out is 0."""

    way_by_way: float
    way_by_difference: float
    turn_by_bias: float
    turn_by_difference: float
    turn_by_turn: float
    turn_by_share: float

    def along(self, row: Row5) -> Pair:
        """Return way and turn for such errors."""
        ww, wd, tb, td, tt, ts = self
        bias, way, difference, turn, share = row
        return ww * way + wd * difference, tb * bias + td * difference + tt * turn + ts * share

    def variances(self, constants: Row5) -> _Motion:
        """Return the covariance of way and turn for variances of what stays the same."""
        ww, wd, tb, td, tt, ts = self
        bias, way, difference, turn, share = constants
        return _Motion(
            ww * ww * way + wd * wd * difference,
            wd * td * difference,
            tb * tb * bias + td * td * difference + tt * tt * turn + ts * ts * share,
        )

    def added_to(self, row: Row5, by: Pair, constants: Row5) -> Row5:
        """Return what a coordinate has in common with what stays the same, after way and turn moved it by so much."""
        ww, wd, tb, td, tt, ts = self
        by_way, by_turn = by
        bias, way, difference, turn, share = constants
        return (
            row[0] + by_turn * tb * bias,
            row[1] + by_way * ww * way,
            row[2] + (by_way * wd + by_turn * td) * difference,
            row[3] + by_turn * tt * turn,
            row[4] + by_turn * ts * share,
        )


class _Path(NamedTuple):
    """How the pose follows an error of its heading before, in x and y, and errors of way and turn: rows x, y, yaw."""

    carried: Pair
    added: tuple[Pair, Pair, Pair]

    def carry(self, rows: tuple[Row5, Row5, Row5]) -> tuple[Row5, Row5, Row5]:
        """Return A times three rows: the heading's errors swing the place."""
        x, y, yaw = rows
        by_x, by_y = self.carried
        return _plus(x, by_x, yaw), _plus(y, by_y, yaw), yaw

    def spread(self, pose: Rows3, common: tuple[Pair, Pair, Pair], motion: _Motion) -> Rows3:
        """Return the pose's covariance after the interval; `common` is that of the carried pose with way and turn."""
        (xx, xy, xt), (_, yy, yt), (_, _, tt) = pose
        by_x, by_y = self.carried
        to_x, to_y, to_yaw = self.added
        x, y, yaw = _half(common[0], to_x, motion), _half(common[1], to_y, motion), _half(common[2], to_yaw, motion)
        new_xx = xx + 2.0 * by_x * xt + by_x * by_x * tt + 2.0 * _dot(x, to_x)
        new_xy = xy + by_x * yt + by_y * xt + by_x * by_y * tt + _dot(x, to_y) + _dot(to_x, y)
        new_xt = xt + by_x * tt + _dot(x, to_yaw) + _dot(to_x, yaw)
        new_yy = yy + 2.0 * by_y * yt + by_y * by_y * tt + 2.0 * _dot(y, to_y)
        new_yt = yt + by_y * tt + _dot(y, to_yaw) + _dot(to_y, yaw)
        new_tt = tt + 2.0 * _dot(yaw, to_yaw)
        return (new_xx, new_xy, new_xt), (new_xy, new_yy, new_yt), (new_xt, new_yt, new_tt)


def _errors(interval: Interval, trusted: Trust, robot: RobotModel) -> _Errors:
    """Return how way and turn of an interval follow what stays the same."""
    track_m, wheels_share = robot.wheels.track_m, 1.0 - trusted.gyro
    wheel_rad, way_m = wheel_turn_rad(interval, robot), interval.way_m
    by_bias = by_share = 0.0
    if interval.gyro_rad is not None:
        by_bias = -trusted.gyro * robot.gyro.share * interval.dt_s
        by_share = trusted.gyro * interval.gyro_rad
    return _Errors(
        way_by_way=way_m,
        way_by_difference=0.25 * track_m * wheel_rad,
        turn_by_bias=by_bias,
        turn_by_difference=wheels_share * way_m / track_m,
        turn_by_turn=wheels_share * wheel_rad,
        turn_by_share=by_share,
    )


def _path(before: Pose2, interval: Interval, trusted: Trust, robot: RobotModel) -> _Path:
    """Return how the pose follows the errors of an interval that began there."""
    middle_rad = before.yaw_rad + 0.5 * turn_rad(interval, robot, trusted)
    cos, sin, way_m = math.cos(middle_rad), math.sin(middle_rad), interval.way_m
    added = ((cos, -0.5 * way_m * sin), (sin, 0.5 * way_m * cos), (0.0, 1.0))
    return _Path((-way_m * sin, way_m * cos), added)


def _half(common: Pair, added: Pair, motion: _Motion) -> Pair:
    """Return a coordinate's part of the product whose mirror is added too: half of the motion's own goes with each."""
    by_way, by_turn = 0.5 * added[0], 0.5 * added[1]
    return (
        common[0] + by_way * motion.way + by_turn * motion.both,
        common[1] + by_way * motion.both + by_turn * motion.turn,
    )


def _plus(row: Row5, times: float, other: Row5) -> Row5:
    a, b, c, d, e = other
    return row[0] + times * a, row[1] + times * b, row[2] + times * c, row[3] + times * d, row[4] + times * e


def _with_bias(row: Row5, left: float) -> Row5:
    """Return a row of which that share of what belongs to the bias is left."""
    return left * row[0], row[1], row[2], row[3], row[4]


def _dot(one: Pair, other: Pair) -> float:
    return one[0] * other[0] + one[1] * other[1]
