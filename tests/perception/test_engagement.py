import math

from aisle.geometry import Pose2
from aisle.sensing import Person
from aisle_perception.engagement import FollowerDetector

ROBOT_POSE = Pose2(0.0, 0.0, 0.0)
SCREEN_YAW_RAD = math.pi


def person(track_id: int, x_m: float, y_m: float = 0.0) -> Person:
    return Person(track_id, x_m, y_m, 0.0, 0.0, 0.25)


def test_whoever_stood_at_the_screen_stays_the_follower_on_any_side() -> None:
    detector = FollowerDetector(SCREEN_YAW_RAD)
    customer = person(1, -1.0)
    detector.step(ROBOT_POSE, (customer,), customer, 0.0)
    moved = person(1, 1.5)
    assert detector.step(ROBOT_POSE, (moved, person(2, -0.8)), None, 0.1) == 1.5


def test_a_new_track_at_the_same_place_is_the_same_person() -> None:
    detector = FollowerDetector(SCREEN_YAW_RAD)
    customer = person(1, -1.0)
    detector.step(ROBOT_POSE, (customer,), customer, 0.0)
    assert detector.step(ROBOT_POSE, (), None, 0.5) == math.inf
    assert detector.step(ROBOT_POSE, (person(7, -1.4), person(8, 2.0)), None, 1.0) == 1.4


def test_somebody_elsewhere_is_not_taken_for_the_follower_at_once() -> None:
    detector = FollowerDetector(SCREEN_YAW_RAD)
    customer = person(1, -1.0)
    detector.step(ROBOT_POSE, (customer,), customer, 0.0)
    stranger = person(9, -2.0, 1.5)
    assert detector.step(ROBOT_POSE, (stranger,), None, 1.0) == math.inf
    assert detector.step(ROBOT_POSE, (stranger,), None, 9.0) == math.hypot(2.0, 1.5)


def test_a_follower_too_far_away_counts_as_gone() -> None:
    detector = FollowerDetector(SCREEN_YAW_RAD)
    customer = person(1, -1.0)
    detector.step(ROBOT_POSE, (customer,), customer, 0.0)
    assert detector.step(ROBOT_POSE, (person(1, -6.0),), None, 0.1) == math.inf
