"""The robot lets people who walk pass first, and after a while takes its own turn."""

import math

from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2, Twist2
from aisle.sensing import Person
from aisle_navigation.control.courtesy import Courtesy
from aisle_navigation.control.personal_space import PersonalSpace, held_back

HERE, WANTED, RADIUS_M = Pose2(0.0, 0.0, 0.0), Twist2(0.6, 0.1), 0.25
SPACE, STANDS_MPS = PersonalSpace(), 0.05


def courtesy() -> Courtesy:
    return Courtesy(SPACE, RADIUS_M)


def somebody(x_m: float, vx_mps: float, track_id: int = 1) -> Person:
    return Person(track_id, x_m, 0.3, vx_mps, 0.0, 0.25)


def speed(polite: Courtesy, person: Person, now_s: float = 0.0, served_id: int | None = None) -> float:
    return polite.step(WANTED, HERE, (person,), now_s, served_id).linear_mps


def test_it_stops_for_somebody_who_comes_towards_it_and_not_for_somebody_who_stands_as_far_away() -> None:
    assert speed(courtesy(), somebody(1.8, -0.9)) < STANDS_MPS
    assert speed(courtesy(), somebody(1.8, 0.0)) == WANTED.linear_mps


def test_it_does_not_stop_for_somebody_who_has_passed() -> None:
    assert speed(courtesy(), somebody(-0.9, -0.9)) == WANTED.linear_mps


def test_the_shopper_who_is_served_may_come_nearer() -> None:
    assert speed(courtesy(), somebody(1.8, -0.9, track_id=7), served_id=7) >= STANDS_MPS


def test_after_standing_for_a_while_it_takes_its_turn_and_then_gives_way_again() -> None:
    polite = courtesy()
    speeds = {tenth: speed(polite, somebody(1.8, -0.9), 0.1 * tenth) for tenth in range(150)}
    stood_s = 0.1 * sum(value < STANDS_MPS for value in speeds.values())
    first_s = 0.1 * next(tenth for tenth, value in speeds.items() if value >= STANDS_MPS)
    assert math.isclose(first_s, SPACE.yield_for_s, abs_tol=0.3)
    assert math.isclose(stood_s, 15.0 - SPACE.insist_for_s, abs_tol=0.5)


def test_what_it_waited_in_an_earlier_drive_does_not_count() -> None:
    polite = courtesy()
    for tenth in range(50):
        speed(polite, somebody(1.8, -0.9), 0.1 * tenth)
    later = [speed(polite, somebody(1.8, -0.9), 100.0 + 0.1 * tenth) for tenth in range(50)]
    assert max(later) < STANDS_MPS


def test_on_the_spot_it_turns_gently_beside_somebody_and_as_it_likes_when_alone() -> None:
    quick = Twist2(0.0, -1.5)
    beside = courtesy().step(quick, HERE, (somebody(-1.0, 0.0),), 0.0, None)
    assert beside == Twist2(0.0, -SPACE.turn_radps)
    assert courtesy().step(quick, HERE, (somebody(-3.0, 0.0),), 0.0, None) == quick


@given(
    st.floats(-1.0, 1.0),
    st.lists(st.tuples(*[st.floats(-3.0, 3.0)] * 2, *[st.floats(-1.5, 1.5)] * 2), max_size=6),
    st.floats(0.0, 100.0),
)
def test_it_only_ever_slows_down_and_keeps_at_least_everybodys_personal_space(
    linear_mps: float, people: list[tuple[float, float, float, float]], now_s: float
) -> None:
    wanted = Twist2(linear_mps, 0.3)
    there = tuple(Person(number, *one, 0.25) for number, one in enumerate(people))
    kept = courtesy().step(wanted, HERE, there, now_s, None)
    plain = held_back(wanted, HERE, there, RADIUS_M, SPACE)
    assert abs(kept.linear_mps) <= abs(plain.linear_mps) + 1e-12
    assert kept.linear_mps * linear_mps >= 0.0
    assert abs(kept.angular_radps) <= abs(wanted.angular_radps)
