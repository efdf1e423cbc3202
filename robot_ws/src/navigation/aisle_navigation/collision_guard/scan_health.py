"""Is the laser to be believed? One row a rule: a reason with its sentence, and when it holds.

Silence, doubt and contradiction all mean the same to the guard: it stops.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aisle.robot_model import RobotModel
from aisle.sensing import InOrder, LaserScan
from aisle_navigation.collision_guard.reasons import GuardReason
from aisle_navigation.collision_guard.settings import GuardSettings, scan_period_s, stale_s
from aisle_navigation.collision_guard.surroundings import is_known

_FROZEN_SCANS = 2
_UNDER_WAY_PERIODS = 1.5
"""A base that was told to drive has moved after one and a half scan periods, and what its laser sees with it."""
_OVERTAKEN_SCANS = 2
"""One scan that a newer has overtaken is the network; two in a row are a clock that runs backwards."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What one scan consists of, as shares of its rays from 0 to 1."""

    hit: float = 1.0
    unknown: float = 0.0
    covered: float = 0.0
    negative: float = 0.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known about the laser at one moment."""

    is_seen: bool
    age_s: float
    """Since the newest scan was taken or came in, whichever is longer ago."""
    ahead_s: float
    """How far its stamp lies in the future; negative in the past."""
    overtaken: int
    """Scans in a row that were older than the newest."""
    has_shape: bool
    shares: Shares
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What a healthy laser may do; derived from the robot and the settings."""

    stale_s: float
    ahead_s: float
    least_hit_share: float
    most_unknown_share: float


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: the scan is not believed for this reason while this holds."""

    reason: GuardReason
    holds: Callable[[Sight, Tolerances], bool]


RULES = (
    Rule(GuardReason.NO_SCAN, lambda sight, _: not sight.is_seen),
    Rule(GuardReason.SCAN_BACKWARD, lambda sight, _: sight.overtaken >= _OVERTAKEN_SCANS),
    Rule(GuardReason.SCAN_AHEAD, lambda sight, allowed: sight.ahead_s > allowed.ahead_s),
    Rule(GuardReason.SCAN_STALE, lambda sight, allowed: sight.age_s > allowed.stale_s),
    Rule(GuardReason.SCAN_SHAPE, lambda sight, _: not sight.has_shape),
    Rule(GuardReason.SCAN_NEGATIVE, lambda sight, _: sight.shares.negative > 0.0),
    Rule(GuardReason.SCAN_COVERED, lambda sight, allowed: sight.shares.covered > allowed.most_unknown_share),
    Rule(GuardReason.SCAN_UNKNOWN, lambda sight, allowed: sight.shares.unknown > allowed.most_unknown_share),
    Rule(GuardReason.SCAN_EMPTY, lambda sight, allowed: sight.shares.hit < allowed.least_hit_share),
    Rule(GuardReason.SCAN_FROZEN, lambda sight, _: sight.is_frozen),
)
"""From the plainest cause to the subtlest: the first that holds is the one that is told."""


def tolerances(robot: RobotModel, settings: GuardSettings) -> Tolerances:
    """Derive the tolerances. A stamp may lie a scan period ahead: simulated time reaches the nodes one by one."""
    return Tolerances(
        stale_s(robot, settings), scan_period_s(robot), settings.least_hit_share, settings.most_unknown_share
    )


def shares(scan: LaserScan) -> Shares:
    """Count what a scan with at least one ray consists of."""
    ranges = scan.ranges_m
    known = is_known(scan)
    with np.errstate(invalid="ignore"):
        hit = known & (ranges < scan.range_max_m)
        covered = (ranges < scan.range_min_m) & (ranges >= 0.0) | np.isneginf(ranges)
        negative = np.isfinite(ranges) & (ranges < 0.0)
    return Shares(*(float(part.mean()) for part in (hit, ~known, covered, negative)))


def has_shape(scan: LaserScan, robot: RobotModel, tolerance: float) -> bool:
    """Tell whether number and spacing of the rays are those of the robot's laser, which looks all around."""
    header = (scan.stamp_s, scan.angle_min_rad, scan.angle_increment_rad, scan.range_min_m, scan.range_max_m)
    if not all(math.isfinite(value) for value in header):
        return False
    rays = len(scan.ranges_m) / robot.laser.rays
    spacing = abs(scan.angle_increment_rad) * robot.laser.rays / math.tau
    is_like = all(abs(share - 1.0) <= tolerance for share in (rays, spacing))
    return is_like and 0.0 <= scan.range_min_m < scan.range_max_m


class ScanWatch:
    """Follows the stream of scans. It remembers the newest scan and how often it came again unchanged."""

    def __init__(self, robot: RobotModel, settings: GuardSettings) -> None:
        self._robot = robot
        self._settings = settings
        self._tolerances = tolerances(robot, settings)
        self._order = InOrder()
        self._arrived_s: float | None = None
        self._overtaken = 0
        self._unchanged = 0
        self._is_frozen = False
        self._driving_since_s = math.inf
        self._wished_s = -math.inf
        self._has_shape = True
        self._shares = Shares()
        self.scan: LaserScan | None = None

    def see(self, scan: LaserScan) -> bool:
        """Take a scan and tell whether there is something new in it that can be measured.

        One that came twice or late is only counted, and one of a wrong shape is not looked into.
        """
        if not self._order.accepts(scan.stamp_s):
            self._overtaken += self.scan is not None and scan.stamp_s < self.scan.stamp_s
            return False
        self._has_shape = has_shape(scan, self._robot, self._settings.shape_tolerance)
        if self._has_shape:
            self._note_change(scan)
            self._shares = shares(scan)
        self.scan, self._arrived_s, self._overtaken = scan, None, 0
        return self._has_shape

    def _note_change(self, scan: LaserScan) -> None:
        """Count scans that are the same bit by bit: a laser has noise, and a base that drives sees its room move."""
        is_same = self.scan is not None and np.array_equal(scan.ranges_m, self.scan.ranges_m, equal_nan=True)
        self._unchanged = self._unchanged + 1 if is_same else 0
        driven_s = scan.stamp_s - self._driving_since_s
        is_under_way = driven_s >= _UNDER_WAY_PERIODS * scan_period_s(self._robot)
        self._is_frozen = is_same and (self._is_frozen or (self._unchanged >= _FROZEN_SCANS and is_under_way))

    def doubt(self, wishes_to_drive: bool, now_s: float) -> GuardReason | None:
        """Return why the scan is not to be believed now; None if it is."""
        if self._arrived_s is None:
            self._arrived_s = now_s
        self._forget_frozen(wishes_to_drive, now_s)
        sight = self._sight(now_s)
        return next((rule.reason for rule in RULES if rule.holds(sight, self._tolerances)), None)

    def _forget_frozen(self, wishes_to_drive: bool, now_s: float) -> None:
        """A perfect laser on a base that did not move sees the same for ever: the next wish to drive is a new try."""
        if wishes_to_drive:
            self._wished_s = now_s
        elif now_s - self._wished_s > self._settings.forget_frozen_s:
            self._is_frozen = False

    def note_sent(self, drives: bool, now_s: float) -> None:
        """Take whether the base was told to drive at this step."""
        self._driving_since_s = min(self._driving_since_s, now_s) if drives else math.inf

    def _sight(self, now_s: float) -> Sight:
        scan = self.scan
        arrived_s = now_s if self._arrived_s is None else self._arrived_s
        stamp_s = now_s if scan is None else scan.stamp_s
        return Sight(
            is_seen=scan is not None,
            age_s=now_s - min(stamp_s, arrived_s),
            ahead_s=stamp_s - now_s,
            overtaken=self._overtaken,
            has_shape=self._has_shape,
            shares=self._shares,
            is_frozen=self._is_frozen,
        )
