"""Squares driven in both directions tell what a robot's wheels, track and gyro really are."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.geometry import Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.calibration import calibrate, calibrated
from aisle_firmware_bridge.legs import CalibrationProblem, Leg, Mark, MeasuredBy, legs_between
from aisle_firmware_bridge.odometry import WheelReading
from tests.firmware_bridge.wheel_model import Legs, Moment, Truth, as_configured, drive, square

EXACTLY = MeasuredBy(1e-4, 1e-4)
TAPE = MeasuredBy()


def legs_of(
    robot: RobotModel,
    truth: Truth,
    side_m: float = 4.0,
    directions: tuple[float, ...] = (0.6, -0.6),
    rng: np.random.Generator | None = None,
    measured: MeasuredBy = EXACTLY,
) -> list[Leg]:
    """Drive a square in each direction; every corner is measured, with a tape if there is a generator."""
    legs = []
    for turn_radps in directions:
        stops = [(Twist2(), 1.0)]
        driven: Legs = [part for leg in square(side_m, turn_radps)[1:-1] for part in (leg, *stops)]
        moments = list(drive(robot, truth, stops + driven, rng))
        legs += legs_between([moment.reading for moment in moments], _marks(moments, rng, measured))
    return legs


def _marks(moments: list[Moment], rng: np.random.Generator | None, measured: MeasuredBy) -> list[Mark]:
    """Measure wherever the robot has stood for half a second."""
    still = 0
    marks = []
    for before, after in pairwise(moments):
        still = still + 1 if before.true == after.true else 0
        if still == 25:
            off = rng.normal(0.0, (measured.place_m, measured.place_m, measured.yaw_rad)) if rng else (0.0, 0.0, 0.0)
            pose = Pose2(after.true.x_m + off[0], after.true.y_m + off[1], after.true.yaw_rad + off[2])
            marks.append(Mark(after.reading.clock_us, pose))
    return marks


@settings(max_examples=15, deadline=None)
@given(st.floats(0.95, 1.05), st.floats(0.95, 1.05), st.floats(0.95, 1.05), st.floats(0.97, 1.03))
def test_finds_wheels_track_and_gyro_as_they_are(
    robot: RobotModel, left: float, right: float, track: float, gyro: float
) -> None:
    truth = Truth((left, right), track * robot.wheels.track_m, gyro, 0.01)
    found = calibrate(legs_of(robot, truth), robot, EXACTLY)
    assert (found.left_share, found.right_share) == pytest.approx((left, right), rel=3e-4)
    assert found.track_m == pytest.approx(truth.track_m, rel=1e-3)
    assert found.gyro_share == pytest.approx(gyro, rel=1e-3)


def test_what_it_does_not_know_is_as_large_as_it_says(robot: RobotModel) -> None:
    truth = Truth((1.02, 0.99), 0.365, 1.004, 0.01)
    off = []
    for seed in range(25):
        legs = legs_of(robot, truth, 3.0, rng=np.random.default_rng(seed), measured=TAPE)
        found = calibrate(legs, robot, TAPE)
        mean = 0.5 * (found.left_share + found.right_share)
        off.append(
            (
                (mean - 1.005) / found.way_sigma,
                (found.right_share - found.left_share + 0.03) / found.difference_sigma,
                (mean / found.track_m * 0.365 / 1.005 - 1.0) / found.turn_sigma,
                (found.gyro_share - 1.004) / found.gyro_sigma,
            )
        )
    # Legs that meet at a corner share its measurement, which the fit does not know; so the spread may be narrower.
    spread = np.sqrt(np.mean(np.square(off), axis=0))
    assert np.all(spread < 1.6)
    assert np.all(spread > 0.3)


def test_calibrated_robot_has_what_was_found(robot: RobotModel) -> None:
    found = calibrate(legs_of(robot, Truth((1.01, 0.98), 0.37, 1.01, 0.0)), robot, EXACTLY)
    better = calibrated(robot, found)
    assert better.wheels.left_radius_m == pytest.approx(1.01 * robot.wheels.radius_m, rel=1e-3)
    assert (better.wheels.track_m, better.gyro.share) == (found.track_m, found.gyro_share)
    assert better.wheels.way_sigma < robot.wheels.way_sigma
    again = calibrate(legs_of(better, as_configured(better)), better, EXACTLY)
    assert again.track_m == pytest.approx(better.wheels.track_m, rel=1e-3)


def test_wheels_far_off_are_found_although_the_ticks_alone_lead_far_astray(robot: RobotModel) -> None:
    truth = Truth((1.03, 0.97), robot.wheels.track_m, 1.0, 0.01)
    found = calibrate(legs_of(robot, truth, side_m=10.0), robot, EXACTLY)
    assert (found.left_share, found.right_share) == pytest.approx((1.03, 0.97), rel=3e-4)


def test_a_broken_gyro_leaves_its_own_figures_as_they_were(robot: RobotModel) -> None:
    legs = [replace(leg, gyro_rad=math.nan) for leg in legs_of(robot, Truth((1.01, 0.99), 0.36, 1.0, 0.0))]
    found = calibrate(legs, robot, EXACTLY)
    assert found.left_share == pytest.approx(1.01, rel=1e-3)
    assert (found.gyro_share, found.gyro_sigma) == (robot.gyro.share, robot.gyro.share_sigma)


def test_one_direction_is_not_enough(robot: RobotModel) -> None:
    with pytest.raises(CalibrationProblem, match=r"turned 0 degrees clockwise.*both directions"):
        calibrate(legs_of(robot, as_configured(robot), directions=(0.6,)), robot)


def test_turning_on_the_spot_is_not_enough(robot: RobotModel) -> None:
    with pytest.raises(CalibrationProblem, match=r"drove 0\.\d+ m"):
        calibrate(legs_of(robot, as_configured(robot), side_m=0.02), robot)


def test_a_result_that_no_robot_can_be_is_refused(robot: RobotModel) -> None:
    with pytest.raises(CalibrationProblem, match=r"left wheel would be \+30\.0 percent off"):
        calibrate(legs_of(robot, Truth((1.3, 1.3), 0.36, 1.0, 0.0)), robot, EXACTLY)


def test_places_measured_too_badly_are_refused(robot: RobotModel) -> None:
    with pytest.raises(CalibrationProblem, match=r"known to .* percent only"):
        calibrate(legs_of(robot, as_configured(robot), side_m=0.5), robot, MeasuredBy(0.2, 0.5))


def reading(clock_us: int) -> WheelReading:
    return WheelReading(clock_us, clock_us * 1e-6, 0, 0, 0.0)


@pytest.mark.parametrize(
    ("clocks_us", "marks_us", "says"),
    [
        ([0, 1, 2], [0], "1 places were measured"),
        ([0, 1, 2], [1, 1], "lie at one time"),
        ([0], [0, 1], "has 1 readings"),
        ([0, 5, 3], [0, 5], "does not run forwards"),
    ],
)
def test_a_log_that_tells_nothing_is_refused_in_words(clocks_us: list[int], marks_us: list[int], says: str) -> None:
    origin = Pose2(0.0, 0.0, 0.0)
    with pytest.raises(CalibrationProblem, match=says):
        legs_between([reading(clock) for clock in clocks_us], [Mark(clock, origin) for clock in marks_us])
