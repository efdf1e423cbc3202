"""What holds for every velocity of the controller, and how it behaves beside people, with an ideal base."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.geometry import STOP, Pose2, Twist2, advance
from aisle.sensing import Person
from aisle_navigation.control.controller import Controller, RobotState, Route
from aisle_navigation.control.courtesy import Courtesy
from aisle_navigation.control.obstacles import local_obstacles
from aisle_navigation.control.profiles import OPEN, STORE, Profile
from tests.navigation.control.scenes import PERIOD_S, RADIUS_M, corridor, way_to
from tests.navigation.rooms import ROBOT, room

LIMITS = ROBOT.limits
assert STORE.space is not None
SPACE = STORE.space
NEAR_M = 1.0
FACING_ABOUT_RAD = math.radians(200.0)
"""Half a turn is what it takes to face about; who turns on is spinning."""
TINY = 1e-4
CELLS = room()
GOAL = (8.0, 4.0)
COST_TO_GO = way_to(CELLS, Pose2(2.0, 4.0, 0.0), GOAL)


def few(profile: Profile) -> Profile:
    return replace(profile, sampling=replace(profile.sampling, rollouts=128))


FEW = {profile.name: few(profile) for profile in (STORE, OPEN)}


def route(pose: Pose2, speed_limit_mps: float = math.inf) -> Route:
    return Route(COST_TO_GO, local_obstacles(np.zeros((0, 2)), pose), speed_limit_mps)


poses = st.builds(Pose2, st.floats(0.5, 9.5), st.floats(0.5, 7.5), st.floats(-math.pi, math.pi))
twists = st.builds(Twist2, st.floats(0.0, LIMITS.speed_mps), st.floats(-LIMITS.turn_radps, LIMITS.turn_radps))
walks = st.floats(-1.5, 1.5)
crowds = st.lists(
    st.builds(Person, st.integers(1, 99), st.floats(0.0, 10.0), st.floats(0.0, 8.0), walks, walks, st.just(0.25)),
    max_size=4,
    unique_by=lambda person: person.track_id,
).map(tuple)


@pytest.mark.parametrize("profile", FEW.values(), ids=FEW)
@settings(max_examples=60)
@given(poses, twists, crowds, st.floats(0.0, 1.5), st.lists(st.floats(0.05, 0.2), min_size=1, max_size=3))
def test_speed_turn_rate_and_their_changes_stay_within_the_limits_of_the_base(
    profile: Profile, pose: Pose2, twist: Twist2, people: tuple[Person, ...], limit_mps: float, waits_s: list[float]
) -> None:
    controller, now_s = Controller(ROBOT, profile, seed=1), 0.0
    step_s = profile.sampling.step_s
    for wait_s in waits_s:
        wanted = controller.step(RobotState(pose, twist), route(pose, limit_mps), people, now_s)
        slowest_mps = twist.linear_mps - LIMITS.braking_mps2 * step_s
        assert -profile.reverse_mps - TINY <= wanted.linear_mps
        assert wanted.linear_mps >= slowest_mps - TINY
        assert wanted.linear_mps <= twist.linear_mps + LIMITS.acceleration_mps2 * step_s + TINY
        # A speed that is not allowed any more is left as fast as the brakes allow, and not faster.
        assert wanted.linear_mps <= max(min(limit_mps, LIMITS.speed_mps), slowest_mps) + TINY
        assert abs(wanted.angular_radps) <= LIMITS.turn_radps + TINY
        swing_radps = LIMITS.turn_acceleration_radps2 * step_s
        assert abs(wanted.angular_radps - twist.angular_radps) <= swing_radps + TINY
        pose, twist, now_s = advance(pose, wanted, wait_s), wanted, now_s + wait_s


@pytest.mark.parametrize("profile", FEW.values(), ids=FEW)
def test_the_same_seed_gives_the_same_velocities_and_another_one_others(profile: Profile) -> None:
    def drive(seed: int) -> list[Twist2]:
        controller, pose, twist = Controller(ROBOT, profile, seed), Pose2(2.0, 4.0, 0.3), STOP
        driven = []
        for tick in range(20):
            person = Person(1, 6.0 - 0.08 * tick, 4.2, -0.8, 0.0, 0.25)
            twist = controller.step(RobotState(pose, twist), route(pose), (person,), 0.1 * tick)
            pose = advance(pose, twist, 0.1)
            driven.append(twist)
        return driven

    assert drive(1) == drive(1)
    assert drive(1) != drive(2)


@pytest.mark.parametrize("broken", [Pose2(math.nan, 4.0, 0.0), Pose2(2.0, math.inf, 0.0), Pose2(2.0, 4.0, math.nan)])
def test_a_robot_that_is_nowhere_stands(broken: Pose2) -> None:
    here = Pose2(2.0, 4.0, 0.0)
    assert Controller(ROBOT, FEW["store"]).step(RobotState(broken, STOP), route(here), (), 0.0) == STOP


def test_somebody_who_is_nowhere_changes_nothing() -> None:
    here, nowhere = Pose2(2.0, 4.0, 0.0), Person(1, math.nan, 4.0, 0.0, 0.0, 0.25)
    alone, beside = (
        Controller(ROBOT, FEW["store"]).step(RobotState(here, STOP), route(here), people, 0.0)
        for people in ((), (nowhere,))
    )
    assert alone == beside


class Shopper:
    """Walks along an aisle towards the robot on a line, and stands still before it; `stops_m` is from surface to
    surface."""

    def __init__(self, x_m: float, y_m: float, speed_mps: float, stops_m: float) -> None:
        self.x_m, self.y_m, self._speed_mps, self._stops_m = x_m, y_m, speed_mps, stops_m

    def gap_m(self, pose: Pose2) -> float:
        return math.hypot(self.x_m - pose.x_m, self.y_m - pose.y_m) - 0.25 - RADIUS_M

    def walk(self, robot: Pose2) -> Person:
        speed_mps = self._speed_mps if self.gap_m(robot) > self._stops_m else 0.0
        self.x_m -= speed_mps * PERIOD_S
        return Person(1, self.x_m, self.y_m, -speed_mps, 0.0, 0.25)


def drive_towards(
    shopper: Shopper, cells: np.ndarray, start: Pose2, goal: tuple[float, float], seconds: float
) -> list[tuple[Pose2, Twist2, float]]:
    """Drive as production does: the optimizer, and then the last word on personal space. Poses, twists and gaps."""
    controller, cost_to_go = Controller(ROBOT, STORE, seed=1), way_to(cells, start, goal)
    courtesy = Courtesy(SPACE, RADIUS_M)
    pose, twist, story = start, STOP, []
    for tick in range(round(seconds / PERIOD_S)):
        people = (shopper.walk(pose),)
        free = Route(cost_to_go, local_obstacles(np.zeros((0, 2)), pose))
        wanted = controller.step(RobotState(pose, twist), free, people, tick * PERIOD_S)
        twist = courtesy.step(wanted, pose, people, tick * PERIOD_S, None)
        pose = advance(pose, twist, PERIOD_S)
        story.append((pose, twist, shopper.gap_m(pose)))
    return story


def spun_rad(story: list[tuple[Pose2, Twist2, float]]) -> float:
    """The largest angle by which the robot turned on the spot in one go while somebody was near."""
    net_rad = most_rad = 0.0
    for _, twist, gap_m in story:
        is_on_the_spot = gap_m < NEAR_M and abs(twist.linear_mps) < 0.05
        net_rad = net_rad + twist.angular_radps * PERIOD_S if is_on_the_spot else 0.0
        most_rad = max(most_rad, abs(net_rad))
    return most_rad


@pytest.mark.parametrize(("width_m", "beside_m"), [(1.4, 0.0), (1.6, 0.2)])
def test_in_a_narrow_aisle_it_yields_to_whoever_comes_and_never_squeezes_by(width_m: float, beside_m: float) -> None:
    start, middle_m = Pose2(1.5, 2.0 + 0.5 * width_m, 0.0), 2.0 + 0.5 * width_m
    shopper = Shopper(6.0, middle_m + beside_m, 0.8, stops_m=0.65)
    story = drive_towards(shopper, corridor(width_m), start, (8.5, middle_m), 15.0)
    assert min(gap_m for _, _, gap_m in story) < NEAR_M, "they meet"
    for pose, twist, gap_m in story:
        assert pose.x_m < shopper.x_m, "the robot did not squeeze by"
        assert gap_m >= SPACE.keep_m - 0.03 or abs(twist.linear_mps) <= 0.05
    assert spun_rad(story) < FACING_ABOUT_RAD


@pytest.mark.parametrize(("x_m", "y_m"), [(5.0, 5.3), (5.9, 4.9), (6.3, 4.0)])
def test_beside_somebody_who_stands_it_faces_about_at_most_once(x_m: float, y_m: float) -> None:
    story = drive_towards(Shopper(x_m, y_m, 0.0, 0.0), CELLS, Pose2(5.0, 4.0, 0.0), (2.0, 4.2), 6.0)
    assert spun_rad(story) < FACING_ABOUT_RAD
    assert min(gap_m for _, _, gap_m in story) >= SPACE.keep_m
