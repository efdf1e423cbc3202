"""Driven ways between places whose poses were measured: what a calibration learns from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from aisle.geometry import FloatArray, Pose2, wrap_angle
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.odometry import WheelReading
from aisle_firmware_bridge.wheels import tick_difference

MAX_READINGS = 1_000_000
_STANDS_RADPS = 0.1


class CalibrationProblem(ValueError):
    """A drive from which nothing can be learned; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the robot stood at a time of the base's clock, as somebody measured it, in any one frame."""

    clock_us: int
    pose: Pose2


@dataclass(frozen=True, slots=True)
class MeasuredBy:
    """How well marks are measured, one standard deviation: a tape and a line on the floor."""

    place_m: float = 0.003
    yaw_rad: float = math.radians(0.3)


@dataclass(frozen=True, slots=True)
class Leg:
    """What was counted between two marks: ticks in each interval, shape (n,), and the gyro's turn without its bias.

    `gyro_rad` is not finite when the gyro read nothing, or never at rest.
    """

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    gyro_rad: float
    start: Pose2
    end: Pose2

    def rolled_m(self, left_share: float, right_share: float, robot: RobotModel) -> tuple[FloatArray, FloatArray]:
        """Return what the left and the right wheel rolled in each interval, in metres."""
        per_tick_m = math.tau / robot.wheels.ticks_per_turn * robot.wheels.radius_m
        left: FloatArray = self.left.astype(np.float64)
        right: FloatArray = self.right.astype(np.float64)
        return left * (per_tick_m * left_share), right * (per_tick_m * right_share)

    def turned_rad(self, robot: RobotModel) -> float:
        """Return how far the robot really turned; the gyro, or else the wheels, tell how many whole turns it was."""
        left_m, right_m = self.rolled_m(robot.wheels.left_share, robot.wheels.right_share, robot)
        counted_rad = float(np.sum(right_m - left_m)) / robot.wheels.track_m
        about_rad = self.gyro_rad * robot.gyro.share if math.isfinite(self.gyro_rad) else counted_rad
        return about_rad - wrap_angle(about_rad - (self.end.yaw_rad - self.start.yaw_rad))


def legs_between(readings: Sequence[WheelReading], marks: Sequence[Mark]) -> list[Leg]:
    """Cut a drive at its marks. The gyro's bias is what it reads while the wheels stand still.

    Raises CalibrationProblem for fewer than two marks, for two at one time, and for a clock that started over.
    """
    if len(marks) < 2:
        raise CalibrationProblem(
            f"{len(marks)} places were measured, at least 2 are needed: start and end of the drive"
        )
    if not 2 <= len(readings) <= MAX_READINGS:
        raise CalibrationProblem(f"the drive has {len(readings)} readings, it takes 2 to {MAX_READINGS}")
    clocks_us = np.array([reading.clock_us for reading in readings], dtype=np.int64)
    if np.any(np.diff(clocks_us) <= 0):
        raise CalibrationProblem("the base's clock does not run forwards: it restarted on the way; drive again")
    cuts = [int(np.argmin(np.abs(clocks_us - mark.clock_us))) for mark in marks]
    if not all(a < b for a, b in pairwise(cuts)):
        raise CalibrationProblem(
            "two measured places lie at one time of the drive: measure each where the robot stands"
        )
    left, right = _steps([r.ticks_left for r in readings]), _steps([r.ticks_right for r in readings])
    turned = _gyro_turns(readings, clocks_us, (left == 0) & (right == 0))
    return [
        Leg(left[a:b], right[a:b], float(np.sum(turned[a:b])), start.pose, end.pose)
        for (a, start), (b, end) in pairwise(zip(cuts, marks, strict=True))
    ]


def _steps(counts: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.array([tick_difference(a, b) for a, b in pairwise(counts)], dtype=np.int64)


def _gyro_turns(
    readings: Sequence[WheelReading], clocks_us: npt.NDArray[np.int64], stands: npt.NDArray[np.bool_]
) -> FloatArray:
    """Return the gyro's turn of each interval without its bias; NaN where it read nothing, or never stood."""
    rates: FloatArray = np.array([reading.yaw_rate_radps for reading in readings])
    means = 0.5 * (rates[:-1] + rates[1:])
    at_rest = means[stands & (np.abs(means) < _STANDS_RADPS)]
    bias = float(np.mean(at_rest)) if len(at_rest) else math.nan
    return np.asarray((means - bias) * np.diff(clocks_us) * 1e-6, dtype=np.float64)
