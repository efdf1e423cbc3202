"""Personal space and stops, from recordings made by hand."""

import math

import pytest

from sim.manners import manners
from sim.scoring import Moment, Person, Recording


def recording(speeds_mps: list[float], person_x_m: float, person_id: int = 3, yaw_rad: float = 0.0) -> Recording:
    """The robot drives along x from 0, a tenth of a second a moment, towards one person who stands."""
    made = Recording(robot_radius_m=0.25)
    x_m = 0.0
    for tick, speed_mps in enumerate(speeds_mps):
        x_m += 0.1 * speed_mps * math.cos(yaw_rad)
        person = Person(person_id, person_x_m, 0.0, 0.0, 0.0, 0.25)
        made.moments.append(Moment(0.1 * tick, x_m, 0.0, yaw_rad, speed_mps, (person,)))
    return made


def test_driving_up_to_somebody_is_an_intrusion_and_passing_far_away_is_none() -> None:
    near = manners(recording([1.0] * 11, person_x_m=1.8))
    assert near.intimate_entries == 1
    assert near.caused_intimate_s == pytest.approx(0.3, abs=0.11)
    far = manners(recording([1.0] * 11, person_x_m=5.0))
    assert (far.intimate_entries, far.caused_intimate_s, far.near_share) == (0, 0.0, 0.0)


def test_driving_away_from_somebody_near_is_not_caused() -> None:
    away = manners(recording([0.5] * 11, person_x_m=0.8, yaw_rad=math.pi))
    assert away.caused_intimate_s == 0.0
    assert away.near_share == 1.0


def test_a_standing_robot_intrudes_on_nobody() -> None:
    standing = manners(recording([0.0] * 20, person_x_m=0.7))
    assert (standing.moving_s, standing.caused_intimate_s, standing.stops) == (0.0, 0.0, 0)
    assert standing.least_gap_m == pytest.approx(0.2)


def test_the_served_shopper_can_be_left_out() -> None:
    served = manners(recording([1.0] * 11, person_x_m=1.8, person_id=0), without=0)
    assert served.caused_intimate_s == 0.0
    assert served.least_gap_m == math.inf


@pytest.mark.parametrize(
    ("speeds_mps", "expected"),
    [
        ([0.0] * 20 + [0.5] * 10, 0),
        ([0.5] * 10 + [0.0] * 20, 0),
        ([0.5] * 10 + [0.0] * 15 + [0.5] * 10, 1),
        ([0.5] * 10 + [0.0] * 5 + [0.5] * 10, 0),
    ],
)
def test_a_stop_lies_between_two_drives_and_lasts(speeds_mps: list[float], expected: int) -> None:
    assert manners(recording(speeds_mps, person_x_m=50.0)).stops == expected


def test_nothing_recorded_is_no_fault() -> None:
    empty = manners(Recording(robot_radius_m=0.25))
    assert (empty.moving_s, empty.near_share, empty.stops) == (0.0, 0.0, 0)
