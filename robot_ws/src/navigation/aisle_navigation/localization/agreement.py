"""Two questions about a scan: does it agree with the map here, and does odometry explain what changed since before?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aisle.geometry import FloatArray, Pose2
from aisle.sensing import LaserScan
from aisle_navigation.localization.beams import Beams
from aisle_navigation.localization.kernels.rays import tell_apart
from store_model.clearance import ClearanceMap

_LEAST_INCREMENT_RAD = 1e-4


@dataclass(frozen=True, slots=True)
class AgreementSettings:
    """Distances in metres.

    A beam fits within `near_m` of something on the map, or `before_m` in front of it. It went through something when
    it passed at least `thinnest_m` of it and ended `beyond_m` behind its far side.
    """

    near_m: float = 0.20
    before_m: float = 0.25
    beyond_m: float = 0.30
    thinnest_m: float = 0.20
    beams: int = 180
    moved_m: float = 0.15
    moved_share: float = 0.01
    around_rad: float = 0.035
    least_beams: int = 30


@dataclass(frozen=True, slots=True)
class Match:
    """Shares of the beams that end at the map, before it (people, crates), and behind it; 0 each without beams."""

    fitting: float
    hidden: float
    through: float
    beams: int


def match_at(grid: ClearanceMap, map_from_base: Pose2, beams: Beams, settings: AgreementSettings) -> Match:
    """Compare a scan with the map as seen from a pose.

    People and crates make beams shorter, never longer. So beams that end before the map say little, and beams that
    went through it say that the robot is elsewhere.
    """
    some = beams.thinned(settings.beams)
    if len(some) == 0:
        return Match(0.0, 0.0, 0.0, 0)
    laser = map_from_base @ Pose2(beams.laser_x_m, 0.0, 0.0)
    kinds = tell_apart(
        grid.clearance_m,
        grid.resolution_m,
        grid.origin_x_m,
        grid.origin_y_m,
        np.array([laser.x_m, laser.y_m, laser.yaw_rad]),
        some.directions_rad,
        some.ranges_m,
        settings.near_m,
        settings.before_m,
        settings.beyond_m,
        settings.thinnest_m,
    )
    fitting, hidden, through = (float((kinds == kind).mean()) for kind in (1, 0, -1))
    return Match(fitting, hidden, through, len(some))


def explained_share(before: LaserScan, after: Beams, step: Pose2, settings: AgreementSettings) -> float | None:
    """Return the share of beams that the scan before explains, when the base moved by `step` in between.

    None when too few beams can be compared. Shoppers move a tenth of a metre between two scans, which passes for
    noise; a robot that was carried away sees another place altogether.
    """
    some = after.thinned(settings.beams)
    laser = Pose2(after.laser_x_m, 0.0, 0.0)
    seen = laser.inverse().transform(step.transform(some.ends()))
    away_m = np.hypot(seen[:, 0], seen[:, 1])
    known, explained = _compare(before, np.arctan2(seen[:, 1], seen[:, 0]), away_m, settings)
    if known.sum() < settings.least_beams:
        return None
    return float(explained[known].mean())


def _compare(
    before: LaserScan, directions_rad: FloatArray, away_m: FloatArray, settings: AgreementSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each point whether the scan before looked there at all, and whether it saw about the same range."""
    count, increment_rad = len(before.ranges_m), before.angle_increment_rad
    known, explained = np.zeros(len(away_m), dtype=bool), np.zeros(len(away_m), dtype=bool)
    if count == 0 or not (_LEAST_INCREMENT_RAD < abs(increment_rad) < math.pi and math.isfinite(before.angle_min_rad)):
        return known, explained
    turn = round(math.tau / abs(increment_rad))
    nearest = np.round((directions_rad - before.angle_min_rad) / increment_rad).astype(np.int64)
    tolerance_m = settings.moved_m + settings.moved_share * away_m
    neighbours = max(1, round(settings.around_rad / abs(increment_rad)))
    for shift in range(-neighbours, neighbours + 1):
        index = (nearest + shift) % turn
        inside = index < count
        range_m = np.where(inside, before.ranges_m[np.minimum(index, count - 1)], np.nan)
        known |= np.isfinite(range_m)
        explained |= np.abs(range_m - away_m) < tolerance_m
    return known, explained
