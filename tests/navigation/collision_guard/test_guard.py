import math

import numpy as np
import pytest

from aisle.geometry import STOP, Twist2
from aisle.sensing import LaserScan
from aisle_navigation.collision_guard.guard import Contacts, Guard
from aisle_navigation.collision_guard.reasons import GuardDecision, GuardReason
from aisle_navigation.collision_guard.sources import TELEOPERATION
from tests.navigation.collision_guard.harness import scan_of_ranges
from tests.navigation.rooms import ROBOT

RAYS = ROBOT.laser.rays
AHEAD, BACK = RAYS // 2, 0
FORWARD = Twist2(0.3, 0.0)


def scan_with(hits: dict[int, float] | None = None, stamp_s: float = 0.0) -> LaserScan:
    """A round room of 5 m with some rays shortened."""
    ranges = np.full(RAYS, 5.0)
    for ray, range_m in (hits or {}).items():
        ranges[ray] = range_m
    return scan_of_ranges(ranges, stamp_s)


def guard_with(twist: Twist2 = FORWARD, scan: LaserScan | None = None) -> Guard:
    guard = Guard(ROBOT)
    guard.command(twist, 0.0)
    guard.see(scan if scan is not None else scan_with())
    return guard


def decide(twist: Twist2, scan: LaserScan) -> GuardDecision:
    return guard_with(twist, scan).step(0.05)


def test_a_free_way_is_not_touched() -> None:
    assert decide(Twist2(0.5, 0.2), scan_with()) == GuardDecision(Twist2(0.5, 0.2), GuardReason.CLEAR, "navigator")


def test_something_right_ahead_stops_and_the_zone_is_told() -> None:
    assert decide(Twist2(0.5, 0.0), scan_with({AHEAD: 0.33})) == GuardDecision(
        STOP, GuardReason.STOPPED, "navigator", "stop"
    )


def test_something_further_ahead_slows() -> None:
    decision = decide(Twist2(1.0, 0.0), scan_with({AHEAD: 0.8}))
    assert decision.reason is GuardReason.SLOWED
    assert 0.0 < decision.twist.linear_mps < 0.5


def test_something_behind_does_not_hold_the_robot() -> None:
    assert decide(Twist2(0.5, 0.0), scan_with({BACK: 0.28})).reason is GuardReason.CLEAR


def test_it_can_turn_and_back_away_from_something_ahead() -> None:
    near = scan_with({AHEAD: 0.30})
    assert decide(Twist2(0.0, 0.4), near).twist == Twist2(0.0, 0.4)
    assert decide(Twist2(-0.2, 0.0), near).twist == Twist2(-0.2, 0.0)


def test_it_does_not_back_into_what_it_cannot_see() -> None:
    blind_behind = scan_with(dict.fromkeys((*range(60), *range(RAYS - 60, RAYS)), math.nan))
    assert decide(Twist2(-0.2, 0.0), blind_behind) == GuardDecision(STOP, GuardReason.STOPPED, "navigator", "stop")
    assert decide(Twist2(0.5, 0.0), blind_behind).reason is GuardReason.CLEAR


def test_standing_still_on_wish_is_clear() -> None:
    assert decide(STOP, scan_with({AHEAD: 0.3})).reason is GuardReason.CLEAR


def test_a_hand_takes_over_and_the_guard_holds_it_like_anybody() -> None:
    guard = guard_with(scan=scan_with({AHEAD: 0.33}))
    guard.command(Twist2(-0.2, 0.0), 0.0, TELEOPERATION)
    assert guard.step(0.05) == GuardDecision(Twist2(-0.2, 0.0), GuardReason.CLEAR, "teleoperation")
    guard.command(Twist2(0.2, 0.0), 0.05, TELEOPERATION)
    assert guard.step(0.10).twist == STOP


@pytest.mark.parametrize("twist", [Twist2(math.nan, 0.0), Twist2(0.1, math.inf)])
def test_a_command_that_is_no_number_stops(twist: Twist2) -> None:
    assert decide(twist, scan_with()).reason is GuardReason.COMMAND_INVALID


@pytest.mark.parametrize(
    ("contacts", "reason"),
    [(Contacts(bumper=True), GuardReason.BUMPER), (Contacts(emergency_stop=True), GuardReason.EMERGENCY_STOP)],
)
def test_contact_latches_until_released(contacts: Contacts, reason: GuardReason) -> None:
    guard = guard_with()
    guard.feel(contacts)
    guard.feel(Contacts())
    assert guard.step(0.05).reason is reason
    assert guard.release() is None
    assert guard.step(0.05).twist == FORWARD


def test_a_stop_that_is_still_pressed_latches_again_after_a_release() -> None:
    guard = guard_with()
    guard.feel(Contacts(emergency_stop=True))
    assert guard.release(Contacts(emergency_stop=True)) is GuardReason.EMERGENCY_STOP
    assert guard.step(0.05) == GuardDecision(STOP, GuardReason.EMERGENCY_STOP, "navigator")


def test_the_first_cause_is_told_although_the_base_latches_after_it() -> None:
    guard = guard_with()
    guard.feel(Contacts(bumper=True))
    guard.feel(Contacts(bumper=True, emergency_stop=True))
    guard.feel(Contacts(emergency_stop=True))
    assert guard.step(0.05).reason is GuardReason.BUMPER
    assert guard.release(Contacts(emergency_stop=True)) is GuardReason.EMERGENCY_STOP


def test_a_latched_stop_is_told_before_any_doubt_about_the_laser() -> None:
    guard = Guard(ROBOT)
    guard.feel(Contacts(bumper=True))
    assert guard.step(0.0).reason is GuardReason.BUMPER
