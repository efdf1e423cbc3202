"""Readings in order of time, and an odom frame that starts over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2, Twist2, advance
from aisle.sensing import InOrder, odometry_started_over


@given(st.lists(st.floats(0.0, 1.0), max_size=60))
def test_what_passes_is_strictly_in_order(stamps: list[float]) -> None:
    order = InOrder()
    passed = [stamp for stamp in stamps if order.accepts(stamp)]
    assert passed == sorted(set(passed))
    assert not stamps or max(stamps) in passed


def test_a_clock_that_was_set_anew_is_followed() -> None:
    order = InOrder()
    assert order.accepts(500.0)
    assert order.accepts(0.1)
    assert order.accepts(0.2)


@given(st.floats(-1.0, 1.0), st.floats(-2.0, 2.0), st.floats(0.01, 0.4))
def test_driving_on_is_no_new_start(speed_mps: float, turn_radps: float, dt_s: float) -> None:
    before = Pose2(3.0, -2.0, 1.0)
    after = advance(before, Twist2(speed_mps, turn_radps), dt_s)
    assert not odometry_started_over(before, after, dt_s)


def test_a_frame_that_begins_again_is_noticed_however_near() -> None:
    assert odometry_started_over(Pose2(0.05, 0.0, 0.1), Pose2(0.0, 0.0, 0.0), 0.1)
    assert odometry_started_over(Pose2(8.0, 3.0, 0.1), Pose2(0.01, 0.0, 0.0), 5.0)


def test_a_robot_that_has_not_moved_yet_has_not_started_over() -> None:
    assert not odometry_started_over(Pose2(0.0, 0.0, 0.0), Pose2(0.0, 0.0, 0.0), 5.0)
