"""Each rule of the guard with its fault injected: a commanded stop within two scan periods and 100 ms."""

from __future__ import annotations

import pytest

from aisle.geometry import STOP, Twist2
from aisle_navigation.collision_guard.reasons import PASSING, GuardReason
from tests.navigation.collision_guard.faults import FAULTS, SILENT_HAND, Fault
from tests.navigation.collision_guard.harness import Course
from tests.navigation.rooms import ROBOT

PROMISE_S = 2.0 / ROBOT.laser.rate_hz + 0.1
BEGINS_S = 1.2
LASTS_S = 1.0
PHASES_S = (0.0, 0.03, 0.055, 0.095)
"""When the fault begins, after the last scan before it; the guard looks at 0.0 and 0.05."""


def drive(fault: Fault, begins_s: float) -> Course:
    """Drive well until the fault begins, and on with it. The wish is straight: every zone lies ahead."""
    course = Course(Twist2(0.4, 0.0))
    course.run(begins_s)
    fault.begin(course, course.now_s)
    course.run(begins_s + LASTS_S)
    return course


def test_every_reason_to_stop_has_a_fault() -> None:
    tested = {reason for fault in FAULTS for reason in fault.reasons}
    assert tested == set(GuardReason) - set(PASSING)


@pytest.mark.parametrize("phase_s", PHASES_S)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_ends_in_a_commanded_stop_in_time(fault: Fault, phase_s: float) -> None:
    begins_s = BEGINS_S + phase_s
    track = drive(fault, begins_s).track
    assert {decision.reason for decision in track.before(begins_s)[-10:]} == {GuardReason.CLEAR}
    assert all(decision.twist != STOP for decision in track.before(begins_s)[-10:])
    late = track.since(begins_s + PROMISE_S)
    assert {decision.twist for decision in late} == {STOP}
    assert late[0].reason in fault.reasons


def test_a_hand_that_falls_silent_stops_the_robot_before_the_navigator_goes_on() -> None:
    course = Course()
    course.run(BEGINS_S)
    SILENT_HAND.begin(course, course.now_s)
    course.run(BEGINS_S + 2.0)
    after = course.track.since(BEGINS_S + 0.05)
    stopped = [decision for decision in course.track.since(BEGINS_S + PROMISE_S) if decision.source == "teleoperation"]
    assert after[0].source == "teleoperation"
    assert after[0].twist.linear_mps == 0.3
    assert {(decision.twist, decision.reason) for decision in stopped} == {(STOP, GuardReason.COMMAND_STALE)}
    assert (after[-1].source, after[-1].reason) == ("navigator", GuardReason.CLEAR)


def test_a_healthy_drive_is_never_held() -> None:
    course = Course()
    course.run(10.0)
    assert {decision.reason for decision in course.track.since(0.3)} == {GuardReason.CLEAR}
