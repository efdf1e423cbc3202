"""Every fault that the guard must answer with a stop: how it is injected, and the reason that it must tell."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from aisle.geometry import FloatArray, Twist2
from aisle.sensing import LaserScan
from aisle_navigation.collision_guard.guard import Contacts, Guard
from aisle_navigation.collision_guard.reasons import GuardReason
from aisle_navigation.collision_guard.sources import TELEOPERATION
from tests.navigation.collision_guard.harness import Course, Tamper, spoil
from tests.navigation.rooms import ROBOT

RAYS = ROBOT.laser.rays


@dataclass(frozen=True)
class Fault:
    """One row: from a moment on `begin` holds, and the guard must stop for one of the `reasons`."""

    name: str
    reasons: tuple[GuardReason, ...]
    begin: Tamper


def _scan(name: str, reason: GuardReason, change: Callable[[LaserScan, float], LaserScan]) -> Fault:
    """Return the fault that changes scans; `change` gets the scan and the time at which the fault began."""

    def begin(course: Course, now_s: float) -> None:
        course.spoil = lambda scan: change(scan, now_s)

    return Fault(name, (reason,), begin)


def _ranges(name: str, reason: GuardReason, change: Callable[[FloatArray], FloatArray]) -> Fault:
    return Fault(name, (reason,), spoil(change))


def _rays(first_deg: float, last_deg: float) -> slice:
    """Return the rays between two directions; 0 is ahead."""
    return slice(*(round(RAYS * (0.5 + degrees / 360.0)) for degrees in (first_deg, last_deg)))


def _put(rays: slice, range_m: float) -> Callable[[FloatArray], FloatArray]:
    def change(ranges: FloatArray) -> FloatArray:
        ranges[rays] = range_m
        return ranges

    return change


def _laser_dies(course: Course, _now_s: float) -> None:
    course.laser_lives = False


def _laser_freezes(course: Course, _now_s: float) -> None:
    assert course.last_scan is not None
    frozen = course.last_scan.ranges_m
    course.spoil = lambda scan: replace(scan, ranges_m=frozen.copy())


def _line_repeats(course: Course, _now_s: float) -> None:
    last = course.last_scan
    assert last is not None
    course.spoil = lambda _scan: last


def _restart(course: Course, _now_s: float) -> None:
    course.laser_lives = False
    course.line.clear()
    course.guard = Guard(ROBOT)


def _commands_stop(course: Course, _now_s: float) -> None:
    course.commands_live = False


def _teleoperation_falls_silent(course: Course, now_s: float) -> None:
    course.guard.command(Twist2(0.3, 0.0), now_s, TELEOPERATION)


def _wish(twist: Twist2) -> Tamper:
    def begin(course: Course, _now_s: float) -> None:
        course.wish = twist

    return begin


def _feel(contacts: Contacts) -> Tamper:
    def begin(course: Course, _now_s: float) -> None:
        course.guard.feel(contacts)
        course.guard.feel(Contacts())

    return begin


def _store_stops(course: Course, _now_s: float) -> None:
    course.guard.obey_store(is_stopped=True)


def _clock(offset_s: float) -> Tamper:
    def begin(course: Course, _now_s: float) -> None:
        course.clock_offset_s = offset_s

    return begin


_R = GuardReason
_ALL, _AHEAD = slice(None), _rays(-40.0, 40.0)

# fmt: off
FAULTS = (
    Fault("the laser falls silent", (_R.SCAN_STALE,), _laser_dies),
    Fault("the line gives the last scan again and again", (_R.SCAN_STALE,), _line_repeats),
    Fault("the guard is started again and hears no laser", (_R.NO_SCAN,), _restart),
    Fault("the laser freezes under fresh stamps", (_R.SCAN_FROZEN,), _laser_freezes),
    _scan("the laser's clock is set ahead", _R.SCAN_AHEAD, lambda scan, _: replace(scan, stamp_s=scan.stamp_s + 0.5)),
    _scan("the laser's clock is set back", _R.SCAN_STALE, lambda scan, _: replace(scan, stamp_s=scan.stamp_s - 30.0)),
    _scan("the laser's clock runs backwards", _R.SCAN_BACKWARD,
          lambda scan, began_s: replace(scan, stamp_s=2.0 * began_s - scan.stamp_s - 0.1)),
    _scan("the laser's stamps are no numbers", _R.SCAN_STALE, lambda scan, _: replace(scan, stamp_s=math.nan)),
    Fault("the guard's clock jumps ahead", (_R.SCAN_STALE,), _clock(5.0)),
    Fault("the guard's clock jumps back", (_R.SCAN_AHEAD,), _clock(-5.0)),
    _scan("half of the rays are missing", _R.SCAN_SHAPE, lambda scan, _: replace(scan, ranges_m=scan.ranges_m[::2])),
    _scan("the scan has no rays", _R.SCAN_SHAPE, lambda scan, _: replace(scan, ranges_m=scan.ranges_m[:0])),
    _scan("the rays stand at other angles", _R.SCAN_SHAPE,
          lambda scan, _: replace(scan, angle_increment_rad=0.5 * scan.angle_increment_rad)),
    _scan("the angles are no numbers", _R.SCAN_SHAPE, lambda scan, _: replace(scan, angle_min_rad=math.nan)),
    _scan("the range limits contradict", _R.SCAN_SHAPE, lambda scan, _: replace(scan, range_max_m=0.0)),
    _ranges("ranges are negative", _R.SCAN_NEGATIVE, lambda ranges: np.where(ranges > 4.0, -1.0, ranges)),
    _ranges("a cloth covers the laser", _R.SCAN_COVERED, _put(_ALL, 0.02)),
    _ranges("the laser is blinded: too near to measure all around", _R.SCAN_COVERED, _put(_ALL, -math.inf)),
    _ranges("every ray is NaN", _R.SCAN_UNKNOWN, _put(_ALL, math.nan)),
    _ranges("every ray is at the largest range", _R.SCAN_EMPTY, _put(_ALL, ROBOT.laser.range_max_m)),
    _ranges("every ray returns nothing", _R.SCAN_EMPTY, _put(_ALL, math.inf)),
    _ranges("a sector ahead is NaN", _R.STOPPED, _put(_AHEAD, math.nan)),
    _ranges("somebody steps before the robot", _R.STOPPED, _put(_AHEAD, 0.32)),
    _ranges("something is too near to measure ahead", _R.STOPPED, _put(_AHEAD, -math.inf)),
    Fault("the navigator falls silent", (_R.COMMAND_STALE,), _commands_stop),
    Fault("the navigator wants NaN", (_R.COMMAND_INVALID,), _wish(Twist2(math.nan, 0.0))),
    Fault("the navigator turns without end", (_R.COMMAND_INVALID,), _wish(Twist2(0.1, math.inf))),
    Fault("the bumper is hit", (_R.BUMPER,), _feel(Contacts(bumper=True))),
    Fault("the emergency stop is pressed", (_R.EMERGENCY_STOP,), _feel(Contacts(emergency_stop=True))),
    Fault("the store's staff stop the robot", (_R.STORE_STOP,), _store_stops),
)
# fmt: on

SILENT_HAND = Fault("teleoperation falls silent", (_R.COMMAND_STALE,), _teleoperation_falls_silent)
