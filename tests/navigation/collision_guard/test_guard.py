import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import STOP, Twist2
from aisle.sensing import LaserScan
from aisle_navigation.collision_guard.guard import Contacts, Guard, GuardReason, free_distance
from tests.navigation.rooms import ROBOT

RAYS = 360
AHEAD, BACK = RAYS // 2, 0


def scan_with(hits: dict[int, float] | None = None, stamp_s: float = 0.0, far_m: float = 5.0) -> LaserScan:
    """A round room of 5 m with some rays shortened."""
    ranges = np.full(RAYS, far_m)
    for ray, range_m in (hits or {}).items():
        ranges[ray] = range_m
    return LaserScan(stamp_s, -math.pi, 2.0 * math.pi / RAYS, 0.1, 12.0, ranges)


def decide(
    twist: Twist2, scan: LaserScan | None, now_s: float = 0.05, command_s: float = 0.0
) -> tuple[Twist2, GuardReason]:
    guard = Guard(ROBOT)
    guard.command(twist, command_s)
    if scan is not None:
        guard.see(scan)
    decision = guard.step(now_s)
    return decision.twist, decision.reason


def test_a_free_way_is_not_touched() -> None:
    assert decide(Twist2(0.5, 0.2), scan_with()) == (Twist2(0.5, 0.2), GuardReason.CLEAR)


def test_something_right_ahead_stops() -> None:
    twist, reason = decide(Twist2(0.5, 0.0), scan_with({AHEAD: 0.33}))
    assert twist.linear_mps == 0.0
    assert reason is GuardReason.STOPPED


def test_something_further_ahead_slows_so_that_braking_is_enough() -> None:
    twist, reason = decide(Twist2(1.0, 0.0), scan_with({AHEAD: 0.8}))
    assert reason is GuardReason.SLOWED
    stop_m = twist.linear_mps * 0.25 + twist.linear_mps**2 / (2 * ROBOT.limits.braking_mps2)
    assert stop_m <= 0.8 - ROBOT.base.radius_m


def test_something_behind_does_not_hold_the_robot() -> None:
    assert decide(Twist2(0.5, 0.0), scan_with({BACK: 0.28}))[1] is GuardReason.CLEAR


def test_it_can_turn_and_back_away_from_something_ahead() -> None:
    near = scan_with({AHEAD: 0.30})
    assert decide(Twist2(0.0, 0.5), near)[0] == Twist2(0.0, 0.5)
    assert decide(Twist2(-0.2, 0.0), near)[0] == Twist2(-0.2, 0.0)


def test_slowing_keeps_the_curvature() -> None:
    twist, _ = decide(Twist2(1.0, 0.5), scan_with(dict.fromkeys(range(AHEAD - 20, AHEAD + 60), 0.8)))
    assert 0.0 < twist.linear_mps < 1.0
    assert twist.angular_radps / twist.linear_mps == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("scan", "now_s", "reason"),
    [
        (None, 0.05, GuardReason.NO_SCAN),
        (scan_with(stamp_s=0.0), 0.35, GuardReason.SCAN_STALE),
        (scan_with(far_m=math.nan), 0.05, GuardReason.SCAN_IMPLAUSIBLE),
        (scan_with(far_m=math.inf), 0.05, GuardReason.SCAN_IMPLAUSIBLE),
        (scan_with(far_m=12.0), 0.05, GuardReason.SCAN_IMPLAUSIBLE),
    ],
)
def test_a_doubtful_scan_stops(scan: LaserScan | None, now_s: float, reason: GuardReason) -> None:
    assert decide(Twist2(0.5, 0.0), scan, now_s, command_s=now_s) == (STOP, reason)


def test_a_stale_command_stops() -> None:
    assert decide(Twist2(0.5, 0.0), scan_with(stamp_s=0.9), now_s=1.0) == (STOP, GuardReason.COMMAND_STALE)


@pytest.mark.parametrize("twist", [Twist2(math.nan, 0.0), Twist2(0.1, math.inf)])
def test_a_command_that_is_no_number_stops(twist: Twist2) -> None:
    assert decide(twist, scan_with()) == (STOP, GuardReason.COMMAND_INVALID)


@pytest.mark.parametrize(
    ("contacts", "reason"),
    [(Contacts(bumper=True), GuardReason.BUMPER), (Contacts(emergency_stop=True), GuardReason.EMERGENCY_STOP)],
)
def test_contact_latches_until_released(contacts: Contacts, reason: GuardReason) -> None:
    guard = Guard(ROBOT)
    guard.see(scan_with())
    guard.command(Twist2(0.3, 0.0), 0.0)
    guard.feel(contacts)
    guard.feel(Contacts())
    assert guard.step(0.05).reason is reason
    guard.release()
    assert guard.step(0.05).twist == Twist2(0.3, 0.0)


@given(st.floats(0.05, 1.0), st.floats(-1.5, 1.5), st.floats(0.5, 3.0), st.floats(-2.5, 2.5))
def test_free_distance_agrees_with_driving_the_arc_in_small_steps(
    linear_mps: float, angular_radps: float, range_m: float, bearing_rad: float
) -> None:
    point = np.array([[range_m * math.cos(bearing_rad), range_m * math.sin(bearing_rad)]])
    free_m = free_distance(linear_mps, angular_radps, point, 0.3)
    x = y = yaw = driven_m = 0.0
    step_m = 0.002
    while driven_m < min(free_m, 4.0) - 0.01 and abs(yaw) < 2.0 * math.pi:
        yaw += angular_radps / linear_mps * step_m
        x, y = x + step_m * math.cos(yaw), y + step_m * math.sin(yaw)
        driven_m += step_m
        assert math.hypot(point[0, 0] - x, point[0, 1] - y) > 0.28
