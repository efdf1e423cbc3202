"""A robot that does not know where it is does not drive."""

from aisle.geometry import STOP, Pose2
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import ErrorCode, Progress, Status
from tests.navigation.driving.ideal_base import drive_task
from tests.navigation.rooms import ROBOT, grid, room

CELLS = room()
START, GOAL = Pose2(2.0, 4.0, 0.0), Pose2(8.0, 4.0, 0.0)


def test_it_stands_while_it_is_unsure_and_goes_on_after_that() -> None:
    navigator = Navigator(grid(CELLS), ROBOT, seed=1)
    navigator.go_to(GOAL)
    seen: list[Progress] = []
    run = drive_task(navigator, CELLS, START, watch=seen.append, is_localized=lambda now_s: not 2.0 <= now_s < 7.0)
    unsure = seen[21:69]
    assert all(progress.twist == STOP and progress.status is Status.WAITING for progress in unsure)
    assert run.last.status is Status.ARRIVED


def test_a_robot_that_stays_lost_says_so() -> None:
    navigator = Navigator(grid(CELLS), ROBOT, seed=1)
    navigator.go_to(GOAL)
    run = drive_task(navigator, CELLS, START, is_localized=lambda now_s: now_s < 2.0)
    assert (run.last.status, run.last.error_code) == (Status.FAILED, ErrorCode.CONTROLLER_TF_ERROR)
    assert "does not know where it is" in run.last.sentence
