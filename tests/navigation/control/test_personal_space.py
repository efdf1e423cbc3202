"""Nobody is approached faster than their distance allows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2, Twist2
from aisle.sensing import Person
from aisle_navigation.control.personal_space import PersonalSpace, held_back

SPACE = PersonalSpace()
HERE = Pose2(0.0, 0.0, 0.0)
RADIUS_M = 0.25


def somebody(x_m: float, y_m: float, track_id: int = 1) -> Person:
    return Person(track_id, x_m, y_m, 0.0, 0.0, 0.25)


@given(
    st.floats(-1.0, 1.0),
    st.floats(-1.5, 1.5),
    st.lists(st.tuples(st.floats(-4.0, 4.0), st.floats(-4.0, 4.0)), max_size=6),
    st.floats(-math.pi, math.pi),
)
def test_the_speed_towards_everybody_is_within_the_limit(
    linear_mps: float, angular_radps: float, places: list[tuple[float, float]], yaw_rad: float
) -> None:
    pose = Pose2(0.3, -0.2, yaw_rad)
    people = tuple(somebody(x_m, y_m, number) for number, (x_m, y_m) in enumerate(places))
    passed = held_back(Twist2(linear_mps, angular_radps), pose, people, RADIUS_M, SPACE)
    assert abs(passed.linear_mps) <= abs(linear_mps)
    assert passed.linear_mps * linear_mps >= 0.0
    assert passed.angular_radps == angular_radps
    for person in people:
        gap_m = math.hypot(person.x_m - pose.x_m, person.y_m - pose.y_m) - 0.5
        towards_mps = passed.linear_mps * math.cos(pose.bearing_to(person.x_m, person.y_m))
        assert gap_m >= SPACE.keep_m or towards_mps <= SPACE.creep_mps + 1e-9


@given(st.floats(0.05, 1.0), st.floats(0.6, 4.0), st.floats(-1.4, 1.4))
def test_a_robot_that_brakes_comfortably_creeps_by_the_time_it_enters_somebodys_space(
    wanted_mps: float, apart_m: float, bearing_rad: float
) -> None:
    person = somebody(apart_m * math.cos(bearing_rad), apart_m * math.sin(bearing_rad))
    x_m, speed_mps, dt_s = 0.0, wanted_mps, 0.02
    for _ in range(1000):
        passed = held_back(Twist2(wanted_mps, 0.0), Pose2(x_m, 0.0, 0.0), (person,), RADIUS_M, SPACE)
        speed_mps = max(passed.linear_mps, 0.0)
        x_m += speed_mps * dt_s
        gap_m = math.hypot(person.x_m - x_m, person.y_m) - 0.5
        towards_mps = speed_mps * math.cos(Pose2(x_m, 0.0, 0.0).bearing_to(person.x_m, person.y_m))
        assert gap_m >= SPACE.keep_m - 0.02 or towards_mps <= SPACE.creep_mps + 0.03
        if x_m > person.x_m:
            break


def test_within_their_space_the_robot_only_creeps_towards_them() -> None:
    assert held_back(Twist2(0.8, 0.0), HERE, (somebody(1.0, 0.0),), RADIUS_M, SPACE).linear_mps <= 0.05


def test_whoever_is_behind_or_beside_holds_nothing_up() -> None:
    wanted = Twist2(0.8, 0.3)
    people = (somebody(-0.8, 0.0), somebody(-0.01, 1.0), somebody(-0.5, -0.6), somebody(2.0, 1.05))
    assert held_back(wanted, HERE, people, RADIUS_M, SPACE) == wanted


def test_backing_up_looks_behind() -> None:
    assert held_back(Twist2(-0.5, 0.0), HERE, (somebody(-1.0, 0.0),), RADIUS_M, SPACE).linear_mps >= -0.05


@pytest.mark.parametrize(("served_id", "expected_mps"), [(1, 0.2), (2, 0.04), (None, 0.04)])
def test_the_served_shopper_may_be_approached_slowly(served_id: int | None, expected_mps: float) -> None:
    passed = held_back(Twist2(0.8, 0.0), HERE, (somebody(0.9, 0.0),), RADIUS_M, SPACE, served_id)
    assert passed.linear_mps == pytest.approx(expected_mps)
