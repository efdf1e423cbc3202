"""Turning on the spot, driving straight and waiting, in a small room."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from aisle.geometry import Pose2, Twist2, advance, wrap_angle
from aisle.sensing import Person
from aisle_navigation.driving.maneuvers import Spin, Straight, Wait
from aisle_navigation.driving.navigator import Task
from aisle_navigation.driving.outcome import ErrorCode, Progress, Status
from aisle_navigation.driving.situation import Situation
from tests.navigation.rooms import ROBOT, room, scan_of, with_box

START = Pose2(3.0, 4.0, 0.0)
PERIOD_S = 0.1


def play(
    task: Task,
    cells: np.ndarray,
    people: Callable[[float], tuple[Person, ...]] = lambda _s: (),
    is_stuck: bool = False,
) -> tuple[Progress, Pose2, float]:
    """Play a task to its end with an ideal base; return the last progress, the pose and the time."""
    pose, twist = START, Twist2()
    for tick in range(600):
        now_s = tick * PERIOD_S
        progress = task.step(Situation(now_s, pose, twist, scan_of(cells, pose, now_s), people(now_s)))
        if progress.has_ended:
            return progress, pose, now_s
        twist = Twist2() if is_stuck else progress.twist
        pose = advance(pose, twist, PERIOD_S)
    raise AssertionError("the task never ends")


@pytest.mark.parametrize("angle_rad", [0.5, -2.0, 3.5, -6.5])
def test_a_spin_turns_by_the_angle_and_stays_where_it_is(angle_rad: float) -> None:
    progress, pose, _ = play(Spin(ROBOT, angle_rad, 20.0), room())
    assert progress.status is Status.ARRIVED
    assert abs(wrap_angle(pose.yaw_rad - START.yaw_rad - angle_rad)) < 0.05
    assert abs(progress.travelled - angle_rad) < 0.05
    assert pose.distance_to(START) < 1e-9


def test_nobody_within_a_metre_sees_the_robot_spin() -> None:
    somebody = Person(1, START.x_m + 1.3, START.y_m, 0.0, 0.0, 0.25)
    progress, pose, _ = play(Spin(ROBOT, 1.0, 20.0), room(), lambda _s: (somebody,))
    assert (progress.status, progress.error_code) == (Status.FAILED, ErrorCode.SPIN_COLLISION_AHEAD)
    assert "stands within 1 m" in progress.sentence
    assert pose == START


def test_a_spin_ends_when_somebody_comes_near() -> None:
    def comes(now_s: float) -> tuple[Person, ...]:
        return (Person(1, START.x_m + 4.0 - now_s, START.y_m, -1.0, 0.0, 0.25),)

    progress, _, ended_s = play(Spin(ROBOT, 6.0, 20.0), room(), comes)
    assert progress.error_code == ErrorCode.SPIN_COLLISION_AHEAD
    assert ended_s == pytest.approx(2.5, abs=0.2)


def test_backing_up_drives_the_distance_backwards() -> None:
    progress, pose, _ = play(Straight(ROBOT, 0.5, -0.2, 20.0), room())
    assert progress.status is Status.ARRIVED
    assert pose.x_m == pytest.approx(START.x_m - 0.5, abs=0.05)


def test_backing_up_ends_before_what_is_behind() -> None:
    cells = with_box(room(), 1.5, 3.0, 2.0, 5.0)
    progress, pose, _ = play(Straight(ROBOT, 2.0, -0.2, 30.0), cells)
    assert (progress.status, progress.error_code) == (Status.FAILED, ErrorCode.BACKUP_COLLISION_AHEAD)
    assert "behind" in progress.sentence
    assert pose.x_m - ROBOT.base.radius_m > 2.0


def test_driving_on_ends_before_what_is_ahead() -> None:
    cells = with_box(room(), 4.0, 3.0, 4.5, 5.0)
    progress, pose, _ = play(Straight(ROBOT, 3.0, 0.2, 30.0), cells)
    assert progress.error_code == ErrorCode.DRIVE_COLLISION_AHEAD
    assert pose.x_m + ROBOT.base.radius_m < 4.0


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (Spin(ROBOT, 1.0, 3.0), ErrorCode.SPIN_TIMEOUT),
        (Straight(ROBOT, 1.0, -0.2, 3.0), ErrorCode.BACKUP_TIMEOUT),
        (Straight(ROBOT, 1.0, 0.2, 3.0), ErrorCode.DRIVE_TIMEOUT),
    ],
)
def test_a_robot_that_does_not_move_is_given_up_in_time(task: Task, code: ErrorCode) -> None:
    progress, _, ended_s = play(task, room(), is_stuck=True)
    assert progress.error_code == code
    assert "3 s" in progress.sentence
    assert ended_s == pytest.approx(3.1, abs=0.11)


def test_waiting_stands_for_the_time() -> None:
    progress, pose, ended_s = play(Wait(2.0), room())
    assert (progress.status, pose) == (Status.ARRIVED, START)
    assert ended_s == pytest.approx(2.0, abs=0.11)
    assert not math.isnan(progress.travelled)
