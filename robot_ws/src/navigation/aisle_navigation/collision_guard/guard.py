"""The collision guard: the last thing before the base. It needs only the scan, and stops on anything doubtful.

The allowed speed is what the braking distance permits along the arc the robot would drive (after D. Fox, W. Burgard
and S. Thrun, "The dynamic window approach", 1997): v <= sqrt(2 a d). The safety is in the stop, not in the plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from aisle.geometry import STOP, FloatArray, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan


class GuardReason(Enum):
    """Why the guard did what it did."""

    CLEAR = "clear"
    SLOWED = "slowed"
    STOPPED = "something is in the way"
    NO_SCAN = "no laser scan yet"
    SCAN_STALE = "the laser scan is stale"
    SCAN_IMPLAUSIBLE = "the laser scan is implausible"
    COMMAND_STALE = "the velocity command is stale"
    COMMAND_INVALID = "the velocity command is not a number"
    BUMPER = "the bumper was pressed"
    EMERGENCY_STOP = "the emergency stop is pressed"


LATCHED = (GuardReason.BUMPER, GuardReason.EMERGENCY_STOP)


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Time limits in seconds, margins in metres."""

    scan_stale_s: float = 0.3
    command_stale_s: float = 0.4
    reaction_s: float = 0.25
    stop_margin_m: float = 0.10
    side_margin_m: float = 0.03
    least_valid_share: float = 0.05


@dataclass(frozen=True, slots=True)
class GuardDecision:
    """What is really sent on, and why."""

    twist: Twist2
    reason: GuardReason


@dataclass(frozen=True, slots=True)
class Contacts:
    """State of the bumper ring and the emergency stop chain."""

    bumper: bool = False
    emergency_stop: bool = False


class Guard:
    """Holds the latest command and scan, and the latch that only staff release."""

    def __init__(self, robot: RobotModel, settings: GuardSettings = GuardSettings()) -> None:
        self.robot = robot
        self.settings = settings
        self._command = STOP
        self._command_s = -math.inf
        self._scan: LaserScan | None = None
        self._latched: GuardReason | None = None

    def command(self, twist: Twist2, now_s: float) -> None:
        """Take the velocity that the navigator wants."""
        self._command, self._command_s = twist, now_s

    def see(self, scan: LaserScan) -> None:
        """Take the newest scan."""
        self._scan = scan

    def feel(self, contacts: Contacts) -> None:
        """Take the state of bumpers and emergency stop; pressed latches until `release`."""
        if contacts.emergency_stop:
            self._latched = GuardReason.EMERGENCY_STOP
        elif contacts.bumper and self._latched is None:
            self._latched = GuardReason.BUMPER

    def release(self) -> None:
        """Staff release the latch; a contact that is still pressed latches again at once."""
        self._latched = None

    def step(self, now_s: float) -> GuardDecision:
        """Decide what may be sent to the base now."""
        doubt = self._doubt(now_s)
        if doubt is not None:
            return GuardDecision(STOP, doubt)
        assert self._scan is not None
        points = _points_in_base(self._scan, self.robot)
        return _limit(self._command, points, self.robot, self.settings)

    def _doubt(self, now_s: float) -> GuardReason | None:
        if self._latched is not None:
            return self._latched
        if self._scan is None:
            return GuardReason.NO_SCAN
        if now_s - self._scan.stamp_s > self.settings.scan_stale_s:
            return GuardReason.SCAN_STALE
        if not _is_plausible(self._scan, self.settings):
            return GuardReason.SCAN_IMPLAUSIBLE
        if now_s - self._command_s > self.settings.command_stale_s:
            return GuardReason.COMMAND_STALE
        return None if self._command.is_finite else GuardReason.COMMAND_INVALID


def _is_plausible(scan: LaserScan, settings: GuardSettings) -> bool:
    """A store always has something within range; NaN everywhere or nothing at all means a broken laser."""
    ranges = scan.ranges_m
    if len(ranges) == 0:
        return False
    valid = np.isfinite(ranges) & (ranges >= scan.range_min_m) & (ranges < scan.range_max_m)
    return bool(valid.mean() >= settings.least_valid_share and np.isnan(ranges).mean() < 0.5)


def _points_in_base(scan: LaserScan, robot: RobotModel) -> FloatArray:
    return np.asarray(scan.points() + np.array([robot.laser.x_m, 0.0]))


def _limit(wanted: Twist2, points: FloatArray, robot: RobotModel, settings: GuardSettings) -> GuardDecision:
    if wanted == STOP:
        return GuardDecision(STOP, GuardReason.CLEAR)
    angular_radps = wanted.angular_radps if _may_turn(wanted, points, robot, settings) else 0.0
    # The side margin is smaller than the one ahead: else a robot beside a shelf could not leave it.
    reach_m = robot.base.radius_m + settings.side_margin_m
    free_m = free_distance(wanted.linear_mps, angular_radps, points, reach_m) - settings.stop_margin_m
    allowed_mps = _braking_speed(free_m, robot.limits.braking_mps2, settings.reaction_s)
    speed_mps = abs(wanted.linear_mps)
    if speed_mps <= allowed_mps and angular_radps == wanted.angular_radps:
        return GuardDecision(wanted, GuardReason.CLEAR)
    if allowed_mps < 0.02 and speed_mps > 0.0:
        return GuardDecision(Twist2(0.0, angular_radps), GuardReason.STOPPED)
    # The curvature is kept: slowing must not bend the path towards something else.
    share = min(1.0, allowed_mps / speed_mps) if speed_mps > 0.0 else 1.0
    return GuardDecision(Twist2(wanted.linear_mps * share, angular_radps * share), GuardReason.SLOWED)


def _may_turn(wanted: Twist2, points: FloatArray, robot: RobotModel, settings: GuardSettings) -> bool:
    """A round base may turn on the spot unless something already touches it."""
    if wanted.angular_radps == 0.0 or len(points) == 0:
        return True
    return bool(np.hypot(points[:, 0], points[:, 1]).min() > robot.base.radius_m + 0.5 * settings.side_margin_m)


def _braking_speed(free_m: float, braking_mps2: float, reaction_s: float) -> float:
    """Return the speed from which the base stops within `free_m`, reaction time included."""
    if free_m <= 0.0:
        return 0.0
    reaction_mps = braking_mps2 * reaction_s
    return math.sqrt(reaction_mps**2 + 2.0 * braking_mps2 * free_m) - reaction_mps


def free_distance(linear_mps: float, angular_radps: float, points: FloatArray, reach_m: float) -> float:
    """Return how far a disc of radius `reach_m` can drive along its arc before it touches a point, in metres.

    Points are in the base frame, shape (n, 2). Points inside the disc that lie behind the motion do not count,
    so that the robot can leave a place where it stands close to something.
    """
    if len(points) == 0 or linear_mps == 0.0:
        return math.inf
    forward = math.copysign(1.0, linear_mps)
    x, y = points[:, 0] * forward, points[:, 1]
    curvature = angular_radps * forward / abs(linear_mps)
    if abs(curvature) < 1e-3:
        return _free_line(x, y, reach_m)
    return _free_arc(x, y * math.copysign(1.0, curvature), 1.0 / abs(curvature), reach_m)


def _free_line(x: FloatArray, y: FloatArray, reach_m: float) -> float:
    hit = (np.abs(y) < reach_m) & (x > 0.0)
    if not hit.any():
        return math.inf
    return max(0.0, float((x[hit] - np.sqrt(reach_m**2 - y[hit] ** 2)).min()))


def _free_arc(x: FloatArray, y: FloatArray, turn_radius_m: float, reach_m: float) -> float:
    """Free arc for a left turn: the base centre runs on a circle around (0, turn_radius_m)."""
    distance = np.hypot(x, y - turn_radius_m)
    hit = np.abs(distance - turn_radius_m) < reach_m
    # Two circles: the angle at the turning centre between the base centre and the moment of touch.
    bearing = np.arctan2(x, turn_radius_m - y)
    inside = np.hypot(x, y) < reach_m
    cosine = (distance**2 + turn_radius_m**2 - reach_m**2) / np.maximum(2.0 * distance * turn_radius_m, 1e-9)
    touch = np.mod(bearing, math.tau) - np.arccos(np.clip(cosine, -1.0, 1.0))
    touch = np.where(inside & (bearing > 0.0), 0.0, touch)
    ahead = hit & (np.where(inside, bearing > 0.0, touch >= 0.0))
    if not ahead.any():
        return math.inf
    return max(0.0, float(touch[ahead].min()) * turn_radius_m)
