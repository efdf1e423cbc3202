"""The navigator drives an ideal base through small maps; scans are marched through the same maps."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.geometry import STOP, Pose2, Twist2, advance, wrap_angle
from aisle.sensing import LaserScan, Person
from aisle_navigation.collision_guard.guard import Guard
from aisle_navigation.driving.arrival import last_stretch
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import Progress, Status
from aisle_navigation.driving.situation import Situation
from tests.navigation.rooms import ROBOT, grid, room, scan_of, with_box

SHELF = with_box(room(), 4.0, 2.5, 5.0, 8.0)
START = Pose2(2.0, 5.0, 0.0)
PERIOD_S = 0.1


def guarded(guard: Guard, wanted: Twist2, scan: LaserScan) -> Twist2:
    """What the guard lets through, as in production, where it is the last before the base."""
    guard.see(scan)
    guard.command(wanted, scan.stamp_s)
    return guard.step(scan.stamp_s).twist


def limited(wanted: Twist2, present: Twist2) -> Twist2:
    """What a base with the reference robot's accelerations makes of a wish."""
    limits = ROBOT.limits
    linear = max(
        present.linear_mps - limits.braking_mps2 * PERIOD_S,
        min(present.linear_mps + limits.acceleration_mps2 * PERIOD_S, wanted.linear_mps),
    )
    step = limits.turn_acceleration_radps2 * PERIOD_S
    angular = max(present.angular_radps - step, min(present.angular_radps + step, wanted.angular_radps))
    return Twist2(linear, angular)


def drive(
    cells: np.ndarray, goal: Pose2, people: tuple[Person, ...] = (), limit_s: float = 60.0
) -> tuple[Progress, Pose2, list[Pose2]]:
    navigator = Navigator(grid(cells), ROBOT, seed=1)
    navigator.go_to(goal)
    pose, twist, way = START, STOP, [START]
    for tick in range(int(limit_s / PERIOD_S)):
        now_s = tick * PERIOD_S
        progress = navigator.step(Situation(now_s, pose, twist, scan_of(cells, pose, now_s), people))
        if progress.status in (Status.ARRIVED, Status.FAILED):
            break
        twist = limited(progress.twist, twist)
        pose = advance(pose, twist, PERIOD_S)
        way.append(pose)
    return progress, pose, way


def test_it_arrives_around_a_shelf_and_faces_the_right_way() -> None:
    goal = Pose2(7.0, 6.0, math.pi)
    progress, pose, way = drive(SHELF, goal)
    assert progress.status is Status.ARRIVED
    assert pose.distance_to(goal) < 0.3
    assert abs(wrap_angle(pose.yaw_rad - goal.yaw_rad)) < math.radians(10)
    clearances = grid(SHELF).at(np.array([(p.x_m, p.y_m) for p in way]))
    assert clearances.min() > ROBOT.base.radius_m


def test_somebody_standing_on_the_way_is_passed_without_touching() -> None:
    person = Person(1, 4.5, 0.6, 0.0, 0.0, 0.25)
    progress, _, way = drive(SHELF, Pose2(7.0, 6.0, 0.0), (person,))
    assert progress.status is Status.ARRIVED
    gap = min(math.hypot(p.x_m - person.x_m, p.y_m - person.y_m) for p in way) - 0.5
    assert gap > 0.05


def test_a_goal_inside_a_shelf_fails_in_words_without_moving() -> None:
    progress, pose, _ = drive(SHELF, Pose2(4.5, 5.0, 0.0))
    assert (progress.status, progress.error_code) == (Status.FAILED, 206)
    assert "shelf" in progress.sentence
    assert pose == START


def test_a_blocked_aisle_is_waited_for_and_then_given_up_in_words() -> None:
    blocked = with_box(room(), 5.0, 0.0, 5.2, 8.0)
    navigator = Navigator(grid(SHELF), ROBOT, seed=1)
    navigator.go_to(Pose2(7.0, 6.0, 0.0))
    statuses = set()
    guard = Guard(ROBOT)
    pose, twist = Pose2(4.2, 1.3, 0.0), STOP
    progress = None
    for tick in range(1300):
        now_s = tick * PERIOD_S
        scan = scan_of(blocked, pose, now_s)
        progress = navigator.step(Situation(now_s, pose, twist, scan))
        statuses.add(progress.status)
        if progress.status is Status.FAILED:
            break
        twist = limited(guarded(guard, progress.twist, scan), twist)
        pose = advance(pose, twist, PERIOD_S)
        assert pose.x_m < 5.0 - ROBOT.base.radius_m + 0.03
    assert Status.WAITING in statuses
    assert progress is not None
    assert progress.status is Status.FAILED
    assert "blocked" in progress.sentence


def test_without_a_goal_it_stands() -> None:
    navigator = Navigator(grid(room()), ROBOT, seed=1)
    assert navigator.step(Situation(0.0, START, STOP, scan_of(room(), START))).twist == STOP


def test_a_cancelled_goal_stops_at_once() -> None:
    navigator = Navigator(grid(room()), ROBOT, seed=1)
    navigator.go_to(Pose2(8.0, 5.0, 0.0))
    assert navigator.step(Situation(0.0, START, STOP, scan_of(room(), START))).status is Status.DRIVING
    navigator.cancel()
    assert navigator.step(Situation(0.1, START, STOP, scan_of(room(), START))).twist == STOP


@given(st.floats(-0.45, 0.45), st.floats(-0.45, 0.45), st.floats(-math.pi, math.pi))
@settings(max_examples=50, deadline=None)
def test_the_last_stretch_ends_on_the_goal_from_every_side(x_m: float, y_m: float, yaw_rad: float) -> None:
    goal = Pose2(0.0, 0.0, 0.0)
    pose, twist = Pose2(x_m, y_m, yaw_rad), STOP
    for _ in range(150):
        if pose.distance_to(goal) < 0.08:
            break
        twist = limited(last_stretch(pose, goal, 0.3, 0.8), twist)
        pose = advance(pose, twist, PERIOD_S)
    assert pose.distance_to(goal) < 0.08


def test_the_same_goal_again_goes_on_with_its_patience_used_up() -> None:
    blocked = with_box(room(), 5.0, 0.0, 5.2, 8.0)
    navigator = Navigator(grid(SHELF), ROBOT, seed=1)
    pose = Pose2(4.2, 1.3, 0.0)
    progress = None
    for tick in range(1300):
        if tick % 200 == 0:
            navigator.go_to(Pose2(7.0, 6.0, 0.0))
        progress = navigator.step(Situation(tick * PERIOD_S, pose, STOP, scan_of(blocked, pose, tick * PERIOD_S)))
        if progress.status is Status.FAILED:
            break
    assert progress is not None
    assert progress.status is Status.FAILED
