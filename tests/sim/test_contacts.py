"""A contact is the robot's doing or not, after the definition in sim/contacts.py."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.contacts import Body, Cause, Encounter, cause_of, stopping_distance_m, touches

Track = Callable[[float], tuple[float, float]]
PERIOD_S = 0.02


def meet(robot: Track, person: Track, seconds: float, person_radius_m: float = 0.25) -> list[Encounter]:
    """Sample two tracks; velocities are differences of the positions."""

    def body(track: Track, at_s: float, radius_m: float) -> Body:
        (x0, y0), (x1, y1) = track(at_s - 1e-3), track(at_s)
        return Body(x1, y1, (x1 - x0) / 1e-3, (y1 - y0) / 1e-3, radius_m)

    times = [k * PERIOD_S for k in range(round(seconds / PERIOD_S) + 1)]
    return [Encounter(t, body(robot, t, 0.25), body(person, t, person_radius_m)) for t in times]


def only_cause(encounters: list[Encounter]) -> Cause:
    [touch] = touches(encounters)
    return cause_of(encounters, touch)


def test_driving_into_somebody_who_stands_is_the_robots_doing() -> None:
    encounters = meet(lambda t: (0.3 * t, 0.0), lambda t: (1.0, 0.0), 2.0)
    assert only_cause(encounters) is Cause.ROBOT_APPROACHED


def test_somebody_walking_into_a_standing_robot_is_not() -> None:
    encounters = meet(lambda t: (0.0, 0.0), lambda t: (2.0 - 1.2 * t, 0.0), 1.5)
    assert only_cause(encounters) is Cause.OTHERS


def test_a_robot_that_stopped_more_than_half_a_second_before_is_not_to_blame() -> None:
    encounters = meet(lambda t: (min(t, 0.6) * 0.3, 0.0), lambda t: (2.5 - 1.0 * t, 0.0), 2.2)
    assert only_cause(encounters) is Cause.OTHERS


def test_a_robot_that_stopped_only_just_before_is() -> None:
    encounters = meet(lambda t: (min(t, 1.6) * 0.3, 0.0), lambda t: (2.9 - 1.0 * t, 0.0), 2.2)
    assert only_cause(encounters) is Cause.ROBOT_APPROACHED


def test_slower_than_five_centimetres_a_second_is_no_approach() -> None:
    encounters = meet(lambda t: (0.04 * t, 0.0), lambda t: (1.5 - 1.0 * t, 0.0), 1.2)
    assert only_cause(encounters) is Cause.OTHERS


def test_backing_away_from_somebody_who_catches_up_is_not_the_robots_doing() -> None:
    encounters = meet(lambda t: (-0.3 * t, 0.0), lambda t: (2.0 - 1.2 * t, 0.0), 2.0)
    assert only_cause(encounters) is Cause.OTHERS


def cutting_in(entered_m_ahead: float) -> list[Encounter]:
    """The robot slides sideways into the way of somebody at 1.2 m/s and stands 0.55 s before the touch."""
    person_x = -0.5 - entered_m_ahead

    def robot(t: float) -> tuple[float, float]:
        # Enters the corridor (half width 0.5 m) at once and stands still after 0.02 s.
        return 0.0, 0.505 - min(t, 0.02) * 0.5

    return meet(robot, lambda t: (person_x + 1.2 * t, 0.0), 3.0)


def test_entering_the_way_of_somebody_who_can_no_longer_stop_is_the_robots_doing() -> None:
    assert only_cause(cutting_in(stopping_distance_m(1.2) - 0.05)) is Cause.ROBOT_ENTERED_PATH


def test_entering_the_way_early_enough_leaves_it_to_the_person() -> None:
    encounters = cutting_in(stopping_distance_m(1.2) + 0.1)
    assert only_cause(encounters) is Cause.OTHERS


def test_somebody_who_turns_into_a_standing_robot_is_not_a_path_the_robot_entered() -> None:
    def person(t: float) -> tuple[float, float]:
        return (-1.5 + 1.2 * t, 0.8) if t < 1.2 else (-0.06, 0.8 - 1.2 * (t - 1.2))

    assert only_cause(meet(lambda t: (0.0, 0.0), person, 2.0)) is Cause.OTHERS


def test_one_touch_with_trembling_counts_once_and_a_second_one_after_letting_go_twice() -> None:
    trembling = meet(lambda t: (0.0, 0.0), lambda t: (0.5 + 0.02 * abs(math.sin(40 * t)), 0.0), 2.0)
    assert len(touches(trembling)) == 1
    twice = meet(lambda t: (0.0, 0.0), lambda t: (0.5 + 0.3 * abs(math.sin(math.pi * t)), 0.0), 1.0)
    assert len(touches(twice)) == 2


@given(angle=st.floats(-math.pi, math.pi), speed=st.floats(0.1, 1.0))
def test_the_cause_does_not_depend_on_the_direction_in_the_map(angle: float, speed: float) -> None:
    def turned(along: float) -> tuple[float, float]:
        return along * math.cos(angle), along * math.sin(angle)

    encounters = meet(lambda t: turned(speed * t), lambda t: turned(1.0), 1.2 / speed)
    assert only_cause(encounters) is Cause.ROBOT_APPROACHED


@pytest.mark.parametrize(("speed_mps", "expected_m"), [(0.0, 0.0), (1.2, 0.72)])
def test_stopping_distance_is_reaction_and_braking(speed_mps: float, expected_m: float) -> None:
    assert stopping_distance_m(speed_mps) == pytest.approx(expected_m)
