"""Several goals: passing through poses, stopping at waypoints."""

from aisle.geometry import Pose2
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import ErrorCode, Missed, Status
from aisle_navigation.driving.several import DriveThrough, VisitWaypoints
from tests.navigation.driving.ideal_base import drive_task
from tests.navigation.rooms import ROBOT, grid, room, with_box

CELLS = with_box(room(), 4.0, 2.5, 5.0, 8.0)
START = Pose2(2.0, 5.0, 0.0)


def navigator() -> Navigator:
    return Navigator(grid(CELLS), ROBOT, seed=1)


def test_poses_are_passed_without_stopping_and_the_last_is_reached() -> None:
    driver = navigator()
    goals = (Pose2(3.0, 1.5, 0.0), Pose2(6.0, 1.5, 0.0), Pose2(7.0, 5.0, 1.0))
    driver.start(DriveThrough(goals, driver.means))
    run = drive_task(driver, CELLS, START)
    assert (run.last.status, run.last.passed) == (Status.ARRIVED, 3)
    assert run.pose.distance_to(goals[-1]) < 0.3
    for goal in goals[:-1]:
        assert min(pose.distance_to(goal) for pose in run.way) < 0.7
    speeds = [run.speeds_mps[index] for index, pose in enumerate(run.way) if pose.distance_to(goals[1]) < 0.5]
    assert min(speeds) > 0.1


def test_no_poses_fail_in_words() -> None:
    driver = navigator()
    driver.start(DriveThrough((), driver.means))
    run = drive_task(driver, CELLS, START)
    assert (run.last.status, run.last.error_code) == (Status.FAILED, ErrorCode.NO_VIAPOINTS_GIVEN)


def test_a_waypoint_in_a_shelf_is_missed_and_the_others_are_visited() -> None:
    driver = navigator()
    goals = (Pose2(2.0, 3.0, 0.0), Pose2(4.5, 6.0, 0.0), Pose2(2.0, 6.0, 0.0))
    driver.start(VisitWaypoints(goals, driver.means))
    run = drive_task(driver, CELLS, START)
    assert run.last.status is Status.ARRIVED
    assert run.last.missed == (Missed(1, ErrorCode.GOAL_OCCUPIED),)
    assert min(pose.distance_to(goals[0]) for pose in run.way) < 0.3
    assert run.pose.distance_to(goals[2]) < 0.3


def test_rounds_begin_at_the_first_waypoint_asked_for() -> None:
    driver = navigator()
    task = VisitWaypoints((START, Pose2(2.0, 4.0, 0.0)), driver.means, first=1, rounds=2)
    driver.start(task)
    visited = []
    run = drive_task(driver, CELLS, START, watch=lambda _progress: visited.append(task.waypoint))
    assert run.last.status is Status.ARRIVED
    order = [index for at, index in enumerate(visited) if at == 0 or visited[at - 1] != index]
    assert order == [1, 0, 1]
    assert run.last.passed == 3
