"""Rolling radii, track and gyro scale from driven ways with known ends, by least squares.

Squares driven in both directions are Borenstein and Feng's, "Measurement and correction of systematic odometry errors
in mobile robots", IEEE Trans. Robotics and Automation 12(6), 1996 (UMBmark). Their formulas use the ends only; here all
measured places count, weighed by how well they were measured and by how much wheels slip on the way, after Antonelli,
Chiaverini and Fusco, "A calibration method for odometry of mobile robots based on the least-squares technique", IEEE
Trans. Robotics 21(5), 2005: first the turns, in which both wheels' radii over the track are linear, then everything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from aisle.geometry import FloatArray
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.legs import CalibrationProblem, Leg, MeasuredBy

_ROUNDS = 12
_PERIOD_S = 0.02
_STEP = 1e-6
_SETTLED = 1e-9
_LEAST_TURN_RAD, _LEAST_WAY_M = math.radians(80.0), 0.5
_LARGEST_CHANGE, _LARGEST_SIGMA = 0.15, 0.05


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a robot file needs to know, one standard deviation of each as a share, and how well the legs fit.

    `fit` is the root mean square of the residuals in standard deviations: about 1 where the stated noise is true.
    """

    left_share: float
    right_share: float
    track_m: float
    gyro_share: float
    way_sigma: float
    difference_sigma: float
    turn_sigma: float
    gyro_sigma: float
    fit: float
    legs: int


@dataclass(frozen=True, slots=True)
class _Constants:
    """What the wheels are taken to be."""

    left_share: float
    right_share: float
    track_m: float

    def moved(self, change: FloatArray) -> _Constants:
        left, right, track_m = change.tolist()
        return _Constants(self.left_share + left, self.right_share + right, self.track_m + track_m)


@dataclass(frozen=True, slots=True)
class _Drive:
    """All that the residuals depend on beside the constants; `turned_rad` is how far the robot turned in each leg."""

    legs: Sequence[Leg]
    turned_rad: Sequence[float]
    robot: RobotModel
    measured: MeasuredBy


def calibrate(legs: Sequence[Leg], robot: RobotModel, measured: MeasuredBy | None = None) -> Calibration:
    """Find the shares and the track that make the counted ways end where the marks say.

    Raises CalibrationProblem when the legs hardly turn or hardly go straight, or when the result is nothing that a
    robot of this kind can be.
    """
    drive = _Drive(legs, [leg.turned_rad(robot) for leg in legs], robot, measured or MeasuredBy())
    _check_drive(drive)
    constants = _guess(drive)
    for _ in range(_ROUNDS):
        residuals, slopes = _residuals(drive, constants)
        change: FloatArray = np.linalg.lstsq(slopes, -residuals, rcond=None)[0].astype(np.float64)
        constants = constants.moved(change)
        if float(np.max(np.abs(change))) < _SETTLED:
            break
    return _checked(_result(drive, constants), robot)


def calibrated(robot: RobotModel, found: Calibration) -> RobotModel:
    """Return the robot with what was found in place of what it was configured with."""
    wheels = msgspec.structs.replace(
        robot.wheels,
        left_share=found.left_share,
        right_share=found.right_share,
        track_m=found.track_m,
        way_sigma=found.way_sigma,
        difference_sigma=found.difference_sigma,
        turn_sigma=found.turn_sigma,
    )
    gyro = msgspec.structs.replace(robot.gyro, share=found.gyro_share, share_sigma=found.gyro_sigma)
    return msgspec.structs.replace(robot, wheels=wheels, gyro=gyro)


def _guess(drive: _Drive) -> _Constants:
    """Return where to begin: each wheel's radius over the track from the turns alone, with the configured track."""
    track_m = drive.robot.wheels.track_m
    rolled = [leg.rolled_m(1.0, 1.0, drive.robot) for leg in drive.legs]
    sums: FloatArray = np.array([(-np.sum(left_m), np.sum(right_m)) for left_m, right_m in rolled]) / track_m
    left, right = np.linalg.lstsq(sums, np.array(drive.turned_rad), rcond=None)[0].tolist()
    return _Constants(left, right, track_m)


@dataclass(frozen=True, slots=True)
class _Path:
    """A counted leg in the frame of its start: x and y after each interval, the yaw in its middle, and the last yaw."""

    x_m: FloatArray
    y_m: FloatArray
    middle_rad: FloatArray
    turn_rad: float

    @property
    def end(self) -> FloatArray:
        return np.array([self.x_m[-1], self.y_m[-1], self.turn_rad])


def _path(leg: Leg, constants: _Constants, robot: RobotModel) -> _Path:
    """Integrate the ticks of a leg by the midpoint rule."""
    left_m, right_m = leg.rolled_m(constants.left_share, constants.right_share, robot)
    turns = (right_m - left_m) / constants.track_m
    after = np.cumsum(turns)
    middle, way = after - 0.5 * turns, 0.5 * (left_m + right_m)
    return _Path(np.cumsum(way * np.cos(middle)), np.cumsum(way * np.sin(middle)), middle, float(after[-1]))


def _residuals(drive: _Drive, constants: _Constants) -> tuple[FloatArray, FloatArray]:
    """Return the residuals of all legs in standard deviations, shape (3n,), and their slopes, shape (3n, 3)."""
    paths = [_path(leg, constants, drive.robot) for leg in drive.legs]
    whiten = _whitening(drive, paths, constants)
    ends: FloatArray = np.concatenate([path.end for path in paths])
    slopes = [(_ends(drive, constants.moved(step)) - ends) / _STEP for step in _STEP * np.eye(3)]
    return whiten @ (ends - _seen(drive)), whiten @ np.array(slopes).T


def _ends(drive: _Drive, constants: _Constants) -> FloatArray:
    """Return where every leg ends in the frame of its start, as counted: x, y, yaw of one after the other, (3n,)."""
    return np.concatenate([_path(leg, constants, drive.robot).end for leg in drive.legs])


def _seen(drive: _Drive) -> FloatArray:
    """Return the same as measured."""
    poses = [leg.start.inverse() @ leg.end for leg in drive.legs]
    seen = [(pose.x_m, pose.y_m, turned) for pose, turned in zip(poses, drive.turned_rad, strict=True)]
    return np.array(seen).ravel()


def _whitening(drive: _Drive, paths: Sequence[_Path], constants: _Constants) -> FloatArray:
    """Return the matrix that turns all errors into standard deviations, shape (3n, 3n).

    Slip belongs to each leg. The error of a measured place belongs to the leg that ends there and to the one that
    begins there, whose whole way it swings: so it hardly counts in the sum of a drive.
    """
    count = 3 * len(paths)
    covariance: FloatArray = np.zeros((count, count))
    for n, (leg, path) in enumerate(zip(drive.legs, paths, strict=True)):
        covariance[3 * n : 3 * n + 3, 3 * n : 3 * n + 3] = _slip(leg, path, constants, drive.robot)
    places = _place_influence(drive.legs)
    measured = drive.measured
    per_place = np.tile(np.square((measured.place_m, measured.place_m, measured.yaw_rad)), places.shape[1] // 3)
    covariance += (places * per_place) @ places.T
    return np.asarray(np.linalg.inv(np.linalg.cholesky(covariance)), dtype=np.float64)


def _slip(leg: Leg, path: _Path, constants: _Constants, robot: RobotModel) -> FloatArray:
    """Return the covariance of a leg's end from slip on the way, shape (3, 3)."""
    x_m, y_m = path.x_m[-1] - path.x_m, path.y_m[-1] - path.y_m
    covariance: FloatArray = np.zeros((3, 3))
    both = leg.rolled_m(constants.left_share, constants.right_share, robot)
    for rolled_m, side in zip(both, (-1.0, 1.0), strict=True):
        # How the end follows from a little more way of this wheel in each interval, shape (3, n).
        turn = np.full(len(x_m), side / constants.track_m)
        reach = np.array([0.5 * np.cos(path.middle_rad) - turn * y_m, 0.5 * np.sin(path.middle_rad) + turn * x_m, turn])
        covariance += (reach * (robot.wheels.slip_m**2 * np.abs(rolled_m))) @ reach.T
    return covariance


def _place_influence(legs: Sequence[Leg]) -> FloatArray:
    """Return how the measured legs follow from errors of the places (x, y, yaw in their frame), shape (3n, 3m).

    A leg that begins where the one before ended shares that place with it.
    """
    influence: FloatArray = np.zeros((3 * len(legs), 6 * len(legs)))
    column = 0
    for n, leg in enumerate(legs):
        column += 0 if n and legs[n - 1].end == leg.start else 3
        rows, seen = slice(3 * n, 3 * n + 3), leg.start.inverse() @ leg.end
        cos, sin = math.cos(leg.start.yaw_rad), math.sin(leg.start.yaw_rad)
        turned = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
        swing = np.array([[0.0, 0.0, -seen.y_m], [0.0, 0.0, seen.x_m], [0.0, 0.0, 0.0]])
        influence[rows, column - 3 : column] = -turned - swing
        influence[rows, column : column + 3] = turned
        column += 3
    return influence[:, :column]


def _result(drive: _Drive, constants: _Constants) -> Calibration:
    residuals, slopes = _residuals(drive, constants)
    covariance = np.linalg.pinv(slopes.T @ slopes)
    way, difference, turn = np.sqrt(np.diag(_to_shares(constants) @ covariance @ _to_shares(constants).T)).tolist()
    gyro_share, gyro_sigma = _gyro_share(drive)
    return Calibration(
        left_share=constants.left_share,
        right_share=constants.right_share,
        track_m=constants.track_m,
        gyro_share=gyro_share,
        way_sigma=way,
        difference_sigma=difference,
        turn_sigma=turn,
        gyro_sigma=gyro_sigma,
        fit=math.sqrt(float(np.mean(residuals**2))),
        legs=len(drive.legs),
    )


def _to_shares(constants: _Constants) -> FloatArray:
    """Return how way, difference and turn follow from both wheels' shares and the track, shape (3, 3)."""
    half = 1.0 / (constants.left_share + constants.right_share)
    return np.array([[half, half, 0.0], [-2.0 * half, 2.0 * half, 0.0], [half, half, -1.0 / constants.track_m]])


def _gyro_share(drive: _Drive) -> tuple[float, float]:
    """Return the true turn for what the gyro reads as one, and its sigma; as configured where it read nothing."""
    read: FloatArray = np.array([leg.gyro_rad for leg in drive.legs])
    if not np.all(np.isfinite(read)):
        return drive.robot.gyro.share, drive.robot.gyro.share_sigma
    places = drive.measured.yaw_rad * _place_influence(drive.legs)[2::3, 2::3]
    noise = np.diag([_gyro_noise(leg, drive.robot) for leg in drive.legs])
    weighed = np.linalg.solve(places @ places.T + noise, read)
    information = float(read @ weighed)
    if not information > 0.0:
        return drive.robot.gyro.share, drive.robot.gyro.share_sigma
    return float(np.array(drive.turned_rad) @ weighed) / information, 1.0 / math.sqrt(information)


def _gyro_noise(leg: Leg, robot: RobotModel) -> float:
    """Return the variance of a leg's turn by the gyro's noise, at the base's usual rate, in rad^2."""
    return len(leg.left) * (robot.gyro.noise_radps * _PERIOD_S) ** 2


def _check_drive(drive: _Drive) -> None:
    """Refuse a drive from which not everything can be told. Raises CalibrationProblem."""
    for sign, direction in ((1.0, "counter-clockwise"), (-1.0, "clockwise")):
        turned_rad = sum(max(0.0, sign * turned) for turned in drive.turned_rad)
        if turned_rad < _LEAST_TURN_RAD:
            raise CalibrationProblem(
                f"the robot turned {math.degrees(turned_rad):.0f} degrees {direction}, at least"
                f" {math.degrees(_LEAST_TURN_RAD):.0f} are needed: drive the square in both directions"
            )
    rolled = [leg.rolled_m(1.0, 1.0, drive.robot) for leg in drive.legs]
    way_m = 0.5 * sum(float(np.sum(np.abs(left_m + right_m))) for left_m, right_m in rolled)
    if way_m < _LEAST_WAY_M:
        raise CalibrationProblem(f"the robot drove {way_m:.2f} m, at least {_LEAST_WAY_M} m are needed")


def _checked(found: Calibration, robot: RobotModel) -> Calibration:
    """Return the result if a robot can be like that. Raises CalibrationProblem otherwise."""
    shares = {
        "left wheel": found.left_share,
        "right wheel": found.right_share,
        "track": found.track_m / robot.wheels.track_m,
        "gyro": found.gyro_share,
    }
    sigmas = {
        "way of both wheels": (found.way_sigma, "measure the end of a straight side too"),
        "difference of the wheels": (found.difference_sigma, "drive farther, or measure better"),
        "turn by the wheels": (found.turn_sigma, "drive farther, or measure better"),
        "turn by the gyro": (found.gyro_sigma, "measure headings better"),
    }
    for name, (sigma, remedy) in sigmas.items():
        if not sigma <= _LARGEST_SIGMA:
            raise CalibrationProblem(
                f"the {name} is known to {100.0 * sigma:.1f} percent only, at most {100.0 * _LARGEST_SIGMA:.0f} are"
                f" taken: {remedy}"
            )
    for name, share in shares.items():
        if not abs(share - 1.0) <= _LARGEST_CHANGE:
            raise CalibrationProblem(
                f"the {name} would be {100.0 * (share - 1.0):+.1f} percent off, at most"
                f" {100.0 * _LARGEST_CHANGE:.0f} are believed: check the measured places and the robot file"
            )
    return found
