"""How far dead reckoning is off after squares of 4 x 10 m, before and after calibration, and whether it knows."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import msgspec
from scipy.stats import chi2

from aisle import paths
from aisle.config import load
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.calibration import Calibration, calibrate, calibrated
from aisle_firmware_bridge.firmware_build import FirmwareBuildError, build_firmware
from aisle_firmware_bridge.legs import MeasuredBy
from aisle_firmware_bridge.square import SquareSettings
from benchmarks.odometry_square import Driven, Miss, drive_square, legs_of, misses
from benchmarks.rows import BenchmarkProblem, Request, Row
from sim.base.faults import BaseFaults
from sim.sensors.faults import SensorFaults

QUICK_SEEDS, WHOLE_SEEDS = 1, 5
QUICK_DAYS, WHOLE_DAYS = 2, 12
OFF = 0.03
# What is not known of a robot whose file is right: a thousandth of everything.
KNOWN = {"way_sigma": 0.001, "difference_sigma": 0.001, "turn_sigma": 0.001}
TAPE = MeasuredBy()
Reckoned = Callable[[Driven], Driven]


def run(request: Request) -> list[Row]:
    """Drive the squares in lockstep. Raises BenchmarkProblem when the firmware cannot be built."""
    robot = load(paths.reference_robot(), RobotModel)
    square = _Square(robot, _library())
    seeds = range(1, 1 + (QUICK_SEEDS if request.quick else WHOLE_SEEDS))
    true = [square.both_ways(BaseFaults(), seed) for seed in seeds]
    uneven = [square.both_ways(BaseFaults(wheel_difference=OFF), seed) for seed in (1, 2)]
    fresh = true[-1] if len(true) > 1 else square.both_ways(BaseFaults(), 2)
    days = range(1, 1 + (QUICK_DAYS if request.quick else WHOLE_DAYS))
    return [
        *_with_true_parameters([driven for pair in true for driven in pair], robot),
        *_calibrated("one wheel 3 % larger, the other smaller", uneven[0], uneven[1], robot),
        *_calibrated("robot file says 3 % too much of wheels and track", true[0], fresh, _too_large(robot)),
        _consistency(square, robot, days),
    ]


class _Square:
    """The square of 4 x 10 m, driven by one robot."""

    def __init__(self, robot: RobotModel, library: Path) -> None:
        self._robot, self._library = robot, library

    def both_ways(self, faults: BaseFaults, seed: int) -> list[Driven]:
        """Drive it counter-clockwise and clockwise."""
        squares = (SquareSettings(), SquareSettings(clockwise=True))
        return [drive_square(self._robot, square, faults, self._library, seed) for square in squares]


def _with_true_parameters(drives: list[Driven], robot: RobotModel) -> list[Row]:
    known = _known(robot)
    ends = [misses(driven, known)[-1] for driven in drives]
    wheels = [misses(driven.without_gyro(), known)[-1] for driven in drives]
    way_m = sum(driven.way_m for driven in drives) / len(drives)
    how = f"worst of {len(drives)} squares of {way_m:.1f} m, half of them clockwise"
    return [
        Row("end, true parameters", _worst_share(ends, drives), "% of the way", "at most 0.5", how),
        Row("heading at the end, true parameters", _worst_deg(ends), "degrees", "at most 1", how),
        Row("end by the wheels alone", _worst_share(wheels, drives), "% of the way", "", how),
        Row("heading at the end by the wheels alone", _worst_deg(wheels), "degrees", "", how),
    ]


def _calibrated(what: str, drives: list[Driven], fresh: list[Driven], robot: RobotModel) -> list[Row]:
    """Calibrate with drives both ways and judge by others."""
    found = calibrate(legs_of(drives, TAPE, 1), robot, TAPE)
    better = calibrated(robot, found)
    ways: tuple[tuple[str, Reckoned], ...] = (
        ("wheels alone", Driven.without_gyro),
        ("with gyro", lambda driven: driven),
    )
    rows = []
    for name, reckoned in ways:
        before = _root_mean_square([miss for driven in fresh for miss in misses(reckoned(driven), robot)])
        after = _root_mean_square([miss for driven in fresh for miss in misses(reckoned(driven), better)])
        how = f"off by {before:.3f} m before and {after:.3f} m after, root mean square at all corners; {_words(found)}"
        rows.append(Row(f"{what}: left after calibration, {name}", after / before, "of before", "at most 0.333", how))
    return rows


def _consistency(square: _Square, robot: RobotModel, days: range) -> Row:
    """Judge the covariance by squares with what goes wrong on an ordinary day."""
    faults = load(paths.config_dir() / "sim" / "sensors.yaml", SensorFaults).base
    drives = [driven for seed in days for driven in square.both_ways(faults, seed)]
    nees = sum(misses(driven, robot)[-1].nees for driven in drives) / len(drives)
    most = float(chi2.ppf(0.975, 3 * len(drives))) / len(drives)
    how = f"end of {len(drives)} squares with slip, lost ticks, uneven wheels and a wandering gyro bias"
    return Row("normalized error squared (3 if the covariance is exact)", nees, "", f"at most {most:.1f}", how)


def _known(robot: RobotModel) -> RobotModel:
    wheels = msgspec.structs.replace(robot.wheels, **KNOWN)
    gyro = msgspec.structs.replace(robot.gyro, share_sigma=0.001)
    return msgspec.structs.replace(robot, wheels=wheels, gyro=gyro)


def _too_large(robot: RobotModel) -> RobotModel:
    wheels = robot.wheels
    larger = msgspec.structs.replace(wheels, radius_m=wheels.radius_m * (1 + OFF), track_m=wheels.track_m * (1 + OFF))
    return msgspec.structs.replace(robot, wheels=larger)


def _worst_share(ends: list[Miss], drives: list[Driven]) -> float:
    return max(100.0 * end.place_m / driven.way_m for end, driven in zip(ends, drives, strict=True))


def _worst_deg(ends: list[Miss]) -> float:
    return max(math.degrees(end.yaw_rad) for end in ends)


def _root_mean_square(found: list[Miss]) -> float:
    return math.sqrt(sum(miss.place_m**2 for miss in found) / len(found))


def _words(found: Calibration) -> str:
    return f"found left {found.left_share:.4f}, right {found.right_share:.4f}, track {found.track_m:.4f} m"


def _library() -> Path:
    try:
        return build_firmware(paths.REPOSITORY / "build" / "firmware").library
    except FirmwareBuildError as error:
        raise BenchmarkProblem(str(error)) from error
