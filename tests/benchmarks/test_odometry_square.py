"""The square of the odometry benchmark is really driven, and judged by where the robot really was."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.calibration import calibrate, calibrated
from aisle_firmware_bridge.firmware_build import build_firmware
from aisle_firmware_bridge.legs import MeasuredBy
from aisle_firmware_bridge.square import SquareSettings
from benchmarks.odometry_square import Driven, drive_square, legs_of, misses
from sim.base.faults import BaseFaults

SMALL = SquareSettings(side_m=1.5, first_stand_s=3.0, stand_s=1.0)


@pytest.fixture(scope="module")
def robot() -> RobotModel:
    return load(paths.reference_robot(), RobotModel)


@pytest.fixture(scope="module")
def library() -> Path:
    return build_firmware(paths.REPOSITORY / "build" / "firmware").library


@pytest.fixture(scope="module")
def driven(robot: RobotModel, library: Path) -> Driven:
    return drive_square(robot, SMALL, BaseFaults(), library, seed=1)


def test_it_stops_nine_times_and_comes_back(driven: Driven) -> None:
    assert len(driven.stops) == 9
    assert driven.way_m == pytest.approx(6.0, abs=0.1)
    assert driven.stops[0].pose.distance_to(driven.stops[-1].pose) < 0.1


def test_dead_reckoning_is_near_the_truth_at_every_stop(driven: Driven, robot: RobotModel) -> None:
    found = misses(driven, robot)
    assert len(found) == 8
    assert max(miss.place_m for miss in found) < 0.05
    assert max(math.degrees(miss.yaw_rad) for miss in found) < 1.5


def test_without_its_gyro_the_wheels_serve(driven: Driven, robot: RobotModel) -> None:
    assert misses(driven.without_gyro(), robot)[-1].place_m < 0.05


@pytest.mark.integration
def test_wheels_that_are_off_are_calibrated(robot: RobotModel, library: Path) -> None:
    faults = BaseFaults(wheel_difference=0.03)
    drives = [
        drive_square(robot, SquareSettings(side_m=3.0, clockwise=clockwise), faults, library, 1)
        for clockwise in (False, True)
    ]
    better = calibrated(robot, calibrate(legs_of(drives, MeasuredBy(), 1), robot))
    before, after = (misses(drives[0].without_gyro(), model)[-1].place_m for model in (robot, better))
    assert after < before / 3.0


def test_measuring_again_gives_the_same_errors(driven: Driven) -> None:
    tape = MeasuredBy()
    assert driven.measured(tape, 3) == driven.measured(tape, 3) != driven.measured(tape, 4)
