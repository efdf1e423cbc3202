"""The covariance of dead reckoning as the formulas are written down, with whole matrices: what `Spread` must give."""

from __future__ import annotations

import math

import numpy as np

from aisle.geometry import FloatArray, Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import MotionSpread, Row3
from aisle_firmware_bridge.motion import Interval, Trust, turn_rad, wheel_turn_rad
from aisle_firmware_bridge.spread import Slip

# The rows of the covariance: pose, the gyro's bias, and the shares by which constants are wrong.
X, Y, YAW, BIAS, WAY, DIFFERENCE, TURN, GYRO_SHARE = range(8)
SIZE = 8


class MatrixSpread:
    """The covariance of what dead reckoning believes, as one matrix of all rows."""

    def __init__(self, robot: RobotModel) -> None:
        self._robot = robot
        wheels, gyro = robot.wheels, robot.gyro
        tick_m = math.tau * wheels.radius_m / wheels.ticks_per_turn
        start = (tick_m, tick_m, tick_m / wheels.track_m, gyro.bias_radps)
        constants = (wheels.way_sigma, wheels.difference_sigma, wheels.turn_sigma, gyro.share_sigma)
        self._covariance: FloatArray = np.diag(np.square((*start, *constants)))
        self._slip = Slip(robot)

    @property
    def bias_variance(self) -> float:
        """How well the gyro's bias is known, in rad^2/s^2."""
        return float(self._covariance[BIAS, BIAS])

    def grow(self, before: Pose2, interval: Interval, trusted: Trust) -> MotionSpread:
        """Carry the errors over an interval that began at that pose, add its own, and return what they come to."""
        random = self._random_variances(interval, trusted)
        motion = _motion_errors(interval, trusted, self._robot)
        noise = _motion_noise(trusted, self._robot)
        carried, added = _to_pose(before, interval, trusted, self._robot)
        change = np.eye(SIZE)
        change[:3, :] += added @ motion
        change[:2, YAW] += carried
        speeds = motion @ self._covariance @ motion.T + (noise * random) @ noise.T
        through = added @ noise
        self._covariance = change @ self._covariance @ change.T
        self._covariance[:3, :3] += (through * random) @ through.T
        self._covariance[BIAS, BIAS] += self._robot.gyro.walk_radps**2 * interval.dt_s / 60.0
        per_s2 = 1.0 / interval.dt_s**2
        return MotionSpread(self._pose_rows(), float(speeds[0, 0]) * per_s2, float(speeds[1, 1]) * per_s2)

    def learn_bias(self, gain: float) -> None:
        """Note that the bias was corrected by that share of what the gyro reads at rest.

        The pose stays where it is, although its error is now better known: a robot that stands does not move.
        """
        self._covariance[BIAS, :] *= 1.0 - gain
        self._covariance[:, BIAS] *= 1.0 - gain
        self._covariance[BIAS, BIAS] += (gain * self._robot.gyro.noise_radps) ** 2

    def at_rest(self) -> MotionSpread:
        """Return the covariance of the pose when nothing is known to move."""
        return MotionSpread(self._pose_rows(), 0.0, 0.0)

    def _pose_rows(self) -> tuple[Row3, Row3, Row3]:
        first, second, third = (tuple(row) for row in self._covariance[:3, :3].tolist())
        return first, second, third

    def _random_variances(self, interval: Interval, trusted: Trust) -> FloatArray:
        """Return the variances of what is random: left way, right way, gyro, and the way of a wheel that slips."""
        per_m, gyro = self._robot.wheels.slip_m**2, self._robot.gyro
        gyro_rad2 = (gyro.noise_radps * interval.dt_s) ** 2
        slip_m2 = self._slip.grow(interval, trusted)
        return np.array([per_m * abs(interval.left_m), per_m * abs(interval.right_m), gyro_rad2, slip_m2])


def _motion_errors(interval: Interval, trusted: Trust, robot: RobotModel) -> FloatArray:
    """Return how way and turn of an interval change with each row of the covariance, shape (2, SIZE)."""
    track_m, wheels_share = robot.wheels.track_m, 1.0 - trusted.gyro
    wheel_rad = wheel_turn_rad(interval, robot)
    errors = np.zeros((2, SIZE))
    errors[0, WAY], errors[0, DIFFERENCE] = interval.way_m, 0.25 * track_m * wheel_rad
    errors[1, DIFFERENCE] = wheels_share * interval.way_m / track_m
    errors[1, TURN] = wheels_share * wheel_rad
    if interval.gyro_rad is not None:
        errors[1, BIAS] = -trusted.gyro * robot.gyro.share * interval.dt_s
        errors[1, GYRO_SHARE] = trusted.gyro * interval.gyro_rad
    return errors


def _motion_noise(trusted: Trust, robot: RobotModel) -> FloatArray:
    """Return how way and turn change with the four random errors, shape (2, 4)."""
    by_wheel = (1.0 - trusted.gyro) / robot.wheels.track_m
    return np.array([[0.5, 0.5, 0.0, 1.0], [-by_wheel, by_wheel, trusted.gyro * robot.gyro.share, 0.0]])


def _to_pose(before: Pose2, interval: Interval, trusted: Trust, robot: RobotModel) -> tuple[FloatArray, FloatArray]:
    """Return how x and y follow an error of the yaw before, shape (2,), and the pose errors of way and turn, (3, 2)."""
    middle_rad = before.yaw_rad + 0.5 * turn_rad(interval, robot, trusted)
    cos, sin, way_m = math.cos(middle_rad), math.sin(middle_rad), interval.way_m
    carried = np.array([-way_m * sin, way_m * cos])
    added = np.array([[cos, -0.5 * way_m * sin], [sin, 0.5 * way_m * cos], [0.0, 1.0]])
    return carried, added
