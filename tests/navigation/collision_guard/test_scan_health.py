import math
from dataclasses import replace

import numpy as np
import pytest

from aisle.geometry import STOP, Twist2
from aisle_navigation.collision_guard.reasons import GuardReason
from aisle_navigation.collision_guard.scan_health import RULES, ScanWatch, Shares, has_shape, shares
from aisle_navigation.collision_guard.settings import GuardSettings, stale_s, stops_within_s
from tests.navigation.collision_guard.faults import FAULTS
from tests.navigation.collision_guard.harness import Course, scan_of_ranges
from tests.navigation.rooms import ROBOT

SETTINGS = GuardSettings()
RAYS = ROBOT.laser.rays
ROOM = np.full(RAYS, 3.0)
FREEZES = next(fault for fault in FAULTS if GuardReason.SCAN_FROZEN in fault.reasons)
PERIOD_S = 1.0 / ROBOT.laser.rate_hz


def watch_that_saw(*stamps_s: float) -> ScanWatch:
    watch = ScanWatch(ROBOT, SETTINGS)
    for number, stamp_s in enumerate(stamps_s):
        watch.see(scan_of_ranges(ROOM + 1e-3 * number, stamp_s))
    return watch


def test_every_rule_has_a_reason_and_a_sentence_of_its_own() -> None:
    assert len({rule.reason for rule in RULES}) == len({rule.reason.value for rule in RULES}) == len(RULES)
    assert {rule.reason for rule in RULES} <= {reason for fault in FAULTS for reason in fault.reasons}


def test_the_oldest_scan_that_passes_leaves_the_guard_a_step_to_keep_its_promise() -> None:
    assert stops_within_s(ROBOT, SETTINGS) == pytest.approx(2.0 * PERIOD_S + 0.1)
    assert stale_s(ROBOT, SETTINGS) + SETTINGS.period_s <= stops_within_s(ROBOT, SETTINGS) + 1e-9


def test_a_healthy_stream_raises_no_doubt() -> None:
    watch = watch_that_saw(0.0, 0.1, 0.2)
    assert watch.doubt(True, 0.22) is None


def test_one_lost_scan_is_no_fault() -> None:
    watch = watch_that_saw(0.0, 0.1)
    assert watch.doubt(True, 0.1) is None
    assert watch.doubt(True, 0.34) is None
    assert watch.doubt(True, 0.36) is GuardReason.SCAN_STALE


def test_a_scan_that_a_newer_has_overtaken_is_no_fault_and_changes_nothing() -> None:
    watch = watch_that_saw(0.0, 0.2)
    newest = watch.scan
    assert not watch.see(scan_of_ranges(ROOM, 0.1))
    assert not watch.see(scan_of_ranges(ROOM, 0.2))
    assert watch.scan is newest
    assert watch.doubt(True, 0.2) is None
    watch.see(scan_of_ranges(ROOM, 0.15))
    assert watch.doubt(True, 0.2) is GuardReason.SCAN_BACKWARD
    watch.see(scan_of_ranges(ROOM, 0.3))
    assert watch.doubt(True, 0.3) is None


def test_a_laser_whose_clock_is_a_little_ahead_still_stops_in_time_when_it_falls_silent() -> None:
    watch = watch_that_saw(1.09)
    assert watch.doubt(True, 1.0) is None
    assert watch.doubt(True, 1.24) is None
    assert watch.doubt(True, 1.26) is GuardReason.SCAN_STALE


def test_after_the_clocks_agree_again_the_laser_is_believed_again() -> None:
    watch = watch_that_saw(0.0, 0.1, 40.0)
    assert watch.doubt(True, 0.2) is GuardReason.SCAN_AHEAD
    watch.see(scan_of_ranges(ROOM, 0.3))
    assert watch.doubt(True, 0.3) is None


def test_a_frozen_laser_is_believed_again_as_soon_as_something_changes() -> None:
    course = Course(Twist2(0.4, 0.0))
    course.run(1.2)
    FREEZES.begin(course, 1.2)
    course.run(3.0)
    assert course.track.decisions[-1].reason is GuardReason.SCAN_FROZEN
    course.spoil = lambda scan: scan
    course.run(3.5)
    assert course.track.decisions[-1].reason is GuardReason.CLEAR


@pytest.mark.parametrize("command_phase", [0, 7, 13])
def test_a_perfect_laser_on_a_standing_robot_is_not_taken_for_frozen(command_phase: int) -> None:
    course = Course(STOP, noise_m=0.0)
    course.command_phase = command_phase
    course.run(3.0)
    course.wish = Twist2(0.4, 0.0)
    course.run(6.0)
    assert {decision.reason for decision in course.track.since(0.3)} == {GuardReason.CLEAR}


@pytest.mark.parametrize("command_phase", [0, 7, 13])
def test_a_laser_that_froze_while_the_robot_stood_stops_it_soon_after_it_sets_off(command_phase: int) -> None:
    course = Course(STOP)
    course.command_phase = command_phase
    course.run(1.0)
    FREEZES.begin(course, 1.0)
    course.run(2.0)
    course.wish = Twist2(0.4, 0.0)
    course.run(4.0)
    began_s = min(
        at for at, sent in zip(course.track.times_s, course.track.decisions, strict=True) if sent.twist != STOP
    )
    assert {sent.reason for sent in course.track.since(began_s + stops_within_s(ROBOT, SETTINGS))} == {
        GuardReason.SCAN_FROZEN
    }


def test_a_base_that_did_not_move_under_a_perfect_laser_gets_another_try_after_a_pause() -> None:
    course = Course(Twist2(0.4, 0.0), noise_m=0.0)
    course.base_moves = False
    course.run(2.0)
    assert course.track.decisions[-1].reason is GuardReason.SCAN_FROZEN
    course.wish, course.base_moves = STOP, True
    course.run(2.0 + SETTINGS.forget_frozen_s + 0.3)
    course.wish = Twist2(0.4, 0.0)
    course.run(5.0)
    assert course.track.decisions[-1].reason is GuardReason.CLEAR
    assert course.track.decisions[-1].twist == Twist2(0.4, 0.0)


def test_rays_are_counted_by_what_they_say() -> None:
    values = np.concatenate((np.full(50, 3.0), np.full(20, math.inf), np.full(15, math.nan), np.full(10, 0.05)))
    counted = shares(scan_of_ranges(np.concatenate((values, np.full(5, -2.0))), 0.0))
    assert counted == Shares(hit=0.5, unknown=0.3, covered=0.1, negative=0.05)


@pytest.mark.parametrize("rays", [RAYS - 10, RAYS, RAYS + 10])
def test_a_laser_may_leave_out_some_rays(rays: int) -> None:
    assert has_shape(scan_of_ranges(np.full(rays, 3.0), 0.0), ROBOT, SETTINGS.shape_tolerance)


def test_a_laser_may_turn_the_other_way() -> None:
    scan = scan_of_ranges(ROOM, 0.0)
    turned = replace(scan, angle_min_rad=math.pi, angle_increment_rad=-scan.angle_increment_rad)
    assert has_shape(turned, ROBOT, SETTINGS.shape_tolerance)


@pytest.mark.parametrize(
    "change",
    [{"angle_increment_rad": 0.0}, {"range_min_m": 20.0}, {"range_min_m": math.nan}, {"angle_min_rad": -math.inf}],
)
def test_a_header_that_makes_no_sense_is_refused(change: dict[str, float]) -> None:
    assert not has_shape(replace(scan_of_ranges(ROOM, 0.0), **change), ROBOT, SETTINGS.shape_tolerance)
