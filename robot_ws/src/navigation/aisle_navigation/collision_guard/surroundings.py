"""What stands around the robot, from one scan: what the laser hit, and where something may stand unseen.

A range is read after REP 117: `inf` means nothing within range, `-inf` something too near to measure, NaN nothing
measured. Ranges below the laser's least are read as unknown too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle.geometry import FloatArray
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan

_JUST_OUTSIDE_M = 1e-3
_GAP_RAYS = 1.5
"""Neighbouring rays are one increment apart; more is a gap."""


def obstacles(scan: LaserScan, robot: RobotModel, thinnest_m: float, horizon_m: float) -> FloatArray:
    """Return what may be in the way within `horizon_m` of the base, shape (n, 2), in the base frame in metres.

    Where the laser knows nothing, something no thinner than `thinnest_m` is taken to stand as near as it could
    without being seen by the rays beside.
    """
    seen = np.concatenate((scan.points(), _too_near(scan)))
    unseen = _places(blind_rays(scan, thinnest_m, horizon_m), robot)
    points = np.concatenate((seen + np.array([robot.laser.x_m, 0.0]), unseen))
    return np.asarray(points[np.hypot(points[:, 0], points[:, 1]) < horizon_m])


def is_known(scan: LaserScan) -> npt.NDArray[np.bool_]:
    """Tell for each ray whether it says anything, shape (rays,): a hit, nothing within range, or too near."""
    with np.errstate(invalid="ignore"):
        return np.asarray((scan.ranges_m >= scan.range_min_m) | np.isneginf(scan.ranges_m))


@dataclass(frozen=True, slots=True)
class BlindRays:
    """Directions of which nothing is known in the laser frame, and from which range on something may hide there."""

    angles_rad: FloatArray
    nearest_m: FloatArray


def blind_rays(scan: LaserScan, thinnest_m: float, horizon_m: float) -> BlindRays:
    """Return the directions in which something of width `thinnest_m` may stand unseen within `horizon_m`.

    In a gap of the angle g between two known rays it sticks out where it is nearer than thinnest / (2 tan(g / 2)).
    So one lost ray hides nothing that is near, and a blind sector hides everything.
    """
    known = np.sort(np.mod(scan.angles_rad()[is_known(scan)], math.tau))
    if len(known) == 0:
        known = np.zeros(1)
    step_rad = abs(scan.angle_increment_rad)
    gaps_rad = np.diff(known, append=known[0] + math.tau)
    nearest_m = thinnest_m / (2.0 * np.tan(0.5 * np.minimum(gaps_rad, math.pi)))
    wide = np.flatnonzero((gaps_rad > _GAP_RAYS * step_rad) & (nearest_m < horizon_m))
    inside = [np.arange(known[gap] + step_rad, known[gap] + gaps_rad[gap] - 0.5 * step_rad, step_rad) for gap in wide]
    repeats = [len(angles) for angles in inside]
    return BlindRays(np.concatenate([*inside, np.zeros(0)]), np.repeat(nearest_m[wide], repeats))


def _places(blind: BlindRays, robot: RobotModel) -> FloatArray:
    """Return where things may hide nearest on blind rays, outside the footprint, in the base frame."""
    along = np.column_stack((np.cos(blind.angles_rad), np.sin(blind.angles_rad)))
    # Where the ray leaves the footprint: the positive root of |laser + t along| = radius.
    x_m, radius_m = robot.laser.x_m, robot.base.radius_m + _JUST_OUTSIDE_M
    ahead_m = x_m * along[:, 0]
    leaves_m = np.sqrt(np.maximum(0.0, ahead_m**2 - x_m**2 + radius_m**2)) - ahead_m
    range_m = np.maximum(blind.nearest_m, leaves_m)
    return np.asarray(range_m[:, None] * along + np.array([x_m, 0.0]))


def _too_near(scan: LaserScan) -> FloatArray:
    angles = scan.angles_rad()[np.isneginf(scan.ranges_m)]
    return np.asarray(scan.range_min_m * np.column_stack((np.cos(angles), np.sin(angles))))
