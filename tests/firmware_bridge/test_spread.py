"""The covariance of dead reckoning is true: neither smaller nor much larger than the errors that really come."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from aisle import paths
from aisle.config import load
from aisle.geometry import FloatArray, Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import MotionSpread, Odometry
from aisle_firmware_bridge.motion import Interval, Trust, turn_rad
from aisle_firmware_bridge.odometry import DeadReckoning
from aisle_firmware_bridge.spread import Spread
from tests.firmware_bridge.spread_matrices import MatrixSpread
from tests.firmware_bridge.wheel_model import Legs, as_configured, drawn, drive, square

RUNS = 40
TOUR: Legs = [
    (Twist2(), 1.5),
    (Twist2(0.6, 0.0), 6.0),
    (Twist2(0.3, 0.5), 4.0),
    (Twist2(), 1.0),
    (Twist2(-0.3, 0.2), 3.0),
]


@pytest.fixture(scope="module")
def calibrated(robot: RobotModel) -> RobotModel:
    wheels = {"way_sigma": 0.003, "difference_sigma": 0.003, "turn_sigma": 0.005}
    return altered(robot, wheels=wheels, gyro={"share_sigma": 0.002})


def altered(robot: RobotModel, **sections: dict[str, float]) -> RobotModel:
    """Return a robot with other values in some sections."""
    for name, values in sections.items():
        section = msgspec.structs.replace(getattr(robot, name), **values)
        robot = msgspec.structs.replace(robot, **{name: section})
    return robot


def spread_of(odometry: Odometry) -> MotionSpread:
    assert odometry.spread is not None
    return odometry.spread


def squared_error(odometry: Odometry, true: Pose2) -> float:
    """Return the normalized estimation error squared (NEES) of a pose; its mean is 3 when the covariance is true."""
    pose = odometry.odom_from_base
    yaw_rad = math.remainder(true.yaw_rad - pose.yaw_rad, math.tau)
    error: FloatArray = np.array([true.x_m - pose.x_m, true.y_m - pose.y_m, yaw_rad])
    return float(error @ np.linalg.solve(np.array(spread_of(odometry).pose), error))


def end_of(robot: RobotModel, legs: Legs, seed: int) -> tuple[Odometry, Pose2]:
    """Drive a robot drawn by a seed; return where it thinks it is, and where it is."""
    rng = np.random.default_rng(seed)
    reckoning = DeadReckoning(robot)
    for moment in drive(robot, drawn(robot, rng), legs, rng):
        odometry = reckoning.update(moment.reading)
    return odometry, moment.true


def assert_true_in_the_mean(robot: RobotModel, legs: Legs) -> None:
    """The sum over all runs is distributed as chi square: outside these bounds in one of a thousand cases."""
    total = sum(squared_error(*end_of(robot, legs, seed)) for seed in range(RUNS))
    assert chi2.ppf(0.0005, 3 * RUNS) < total < chi2.ppf(0.9995, 3 * RUNS)


def no_gyro(robot: RobotModel) -> RobotModel:
    """A gyro so bad that the wheels decide."""
    return altered(robot, gyro={"bias_radps": 0.5, "noise_radps": 0.1, "walk_radps": 0.1})


INTERVALS = st.builds(
    Interval,
    dt_s=st.floats(0.005, 0.5),
    left_m=st.floats(-0.5, 0.5),
    right_m=st.floats(-0.5, 0.5),
    gyro_rad=st.none() | st.floats(-1.0, 1.0),
)
TRUSTS = st.builds(Trust, st.floats(0.0, 1.0), st.booleans())
STEPS = st.lists(st.tuples(INTERVALS, TRUSTS, st.none() | st.floats(0.0, 1.0)), min_size=1, max_size=20)


@given(STEPS)
def test_the_plain_numbers_are_those_of_the_whole_matrix(steps: list[tuple[Interval, Trust, float | None]]) -> None:
    robot = load(paths.reference_robot(), RobotModel)
    plain, matrix, pose = Spread(robot), MatrixSpread(robot), Pose2(0.0, 0.0, 0.0)
    for interval, trusted, gain in steps:
        grown, expected = plain.grow(pose, interval, trusted), matrix.grow(pose, interval, trusted)
        assert np.allclose(grown.pose, expected.pose, rtol=1e-12, atol=1e-12)
        speeds = (grown.linear_m2ps2, grown.angular_rad2ps2)
        assert speeds == pytest.approx((expected.linear_m2ps2, expected.angular_rad2ps2), rel=1e-12, abs=1e-12)
        pose = Pose2(pose.x_m, pose.y_m, pose.yaw_rad + turn_rad(interval, robot, trusted))
        if gain is not None:
            plain.learn_bias(gain)
            matrix.learn_bias(gain)
        assert plain.bias_variance == pytest.approx(matrix.bias_variance, rel=1e-12)


@pytest.mark.parametrize("change", [lambda robot: robot, no_gyro], ids=["gyro and wheels", "wheels"])
def test_errors_are_as_large_as_the_covariance_says(
    calibrated: RobotModel, change: Callable[[RobotModel], RobotModel]
) -> None:
    robot = change(calibrated)
    assert_true_in_the_mean(robot, TOUR)


@pytest.mark.integration
@pytest.mark.parametrize("turn_radps", [0.8, -0.8])
def test_they_still_are_after_a_square_of_40_m(calibrated: RobotModel, turn_radps: float) -> None:
    assert_true_in_the_mean(calibrated, square(10.0, turn_radps))


def test_a_covariance_that_leaves_the_constants_out_would_be_too_small(calibrated: RobotModel) -> None:
    certain = altered(
        calibrated,
        wheels={"way_sigma": 0.0, "difference_sigma": 0.0, "turn_sigma": 0.0},
        gyro={"share_sigma": 0.0},
    )
    total = 0.0
    for seed in range(RUNS):
        rng, reckoning = np.random.default_rng(seed), DeadReckoning(certain)
        for moment in drive(calibrated, drawn(calibrated, rng), TOUR, rng):
            odometry = reckoning.update(moment.reading)
        total += squared_error(odometry, moment.true)
    assert total > chi2.ppf(0.9995, 3 * RUNS)


def test_a_pose_is_known_worse_the_farther_the_robot_has_driven(calibrated: RobotModel) -> None:
    reckoning = DeadReckoning(calibrated)
    variances = [
        spread_of(reckoning.update(moment.reading)).pose[0][0]
        for moment in drive(calibrated, as_configured(calibrated), [(Twist2(0.5, 0.0), 4.0)])
    ]
    assert variances == sorted(variances)
    assert variances[-1] > variances[10] > 0.0


def test_standing_costs_nothing(calibrated: RobotModel) -> None:
    reckoning = DeadReckoning(calibrated)
    poses = [
        spread_of(reckoning.update(moment.reading)).pose
        for moment in drive(calibrated, as_configured(calibrated), [(Twist2(), 20.0)], np.random.default_rng(1))
    ]
    assert np.allclose(poses[0], poses[-1], rtol=0.0, atol=1e-12)


def test_the_bias_is_known_better_after_standing(calibrated: RobotModel) -> None:
    reckoning, rng = DeadReckoning(calibrated), np.random.default_rng(3)
    truth = drawn(calibrated, rng)
    for moment in drive(calibrated, truth, [(Twist2(), 3.0)], rng):
        reckoning.update(moment.reading)
    assert reckoning.bias_radps == pytest.approx(truth.bias_radps, abs=0.001)
    assert truth.bias_radps != pytest.approx(0.0, abs=0.002)


def test_a_slipping_wheel_does_not_turn_the_robot_and_makes_the_way_less_certain(calibrated: RobotModel) -> None:
    ends = []
    for slips in (False, True):
        reckoning = DeadReckoning(calibrated)
        for number, moment in enumerate(drive(calibrated, as_configured(calibrated), [(Twist2(0.5, 0.0), 3.0)])):
            extra = 60 * max(0, min(number, 100) - 50) if slips else 0
            reading = moment.reading
            slipped = type(reading)(
                reading.clock_us, reading.stamp_s, reading.ticks_left + extra, reading.ticks_right, 0.0
            )
            odometry = reckoning.update(slipped)
        ends.append(odometry)
    steady, slipped_end = ends
    assert abs(slipped_end.odom_from_base.yaw_rad) < math.radians(0.5)
    slipped_m = 0.5 * 60 * 50 / calibrated.wheels.ticks_per_turn * math.tau * calibrated.wheels.radius_m
    off_m = math.sqrt(spread_of(slipped_end).pose[0][0] - spread_of(steady).pose[0][0])
    assert off_m == pytest.approx(slipped_m, rel=0.1)


def test_a_robot_turned_by_hand_while_its_wheels_stand_notices(calibrated: RobotModel) -> None:
    reckoning = DeadReckoning(calibrated)
    for moment in drive(calibrated, as_configured(calibrated), [(Twist2(), 4.0)]):
        reading = moment.reading
        turning = 1.0 if 2.0 < reading.stamp_s <= 3.0 else 0.0
        odometry = reckoning.update(
            type(reading)(reading.clock_us, reading.stamp_s, reading.ticks_left, reading.ticks_right, turning)
        )
    assert odometry.odom_from_base.yaw_rad == pytest.approx(1.0, abs=0.05)
    assert reckoning.bias_radps == pytest.approx(0.0, abs=0.001)
