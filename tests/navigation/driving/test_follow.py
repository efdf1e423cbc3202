"""Following a path that somebody else has planned."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2
from aisle_navigation.driving.follow import FollowPath, resampled
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import ErrorCode, Status
from tests.navigation.driving.ideal_base import Run, drive_task
from tests.navigation.rooms import ROBOT, grid, room, with_box

CELLS = room()
START = Pose2(2.0, 2.0, 0.0)
NAN = float("nan")


def follow(points: list[tuple[float, float]], seen: np.ndarray = CELLS, yaw_rad: float = 0.0) -> Run:
    navigator = Navigator(grid(CELLS), ROBOT, seed=1)
    poses = tuple(Pose2(x_m, y_m, yaw_rad) for x_m, y_m in points)
    navigator.start(FollowPath(poses, navigator.means))
    return drive_task(navigator, seen, START)


def stray_m(run: Run, points: list[tuple[float, float]]) -> float:
    path = resampled(np.array(points))
    return max(float(np.hypot(path[:, 0] - p.x_m, path[:, 1] - p.y_m).min()) for p in run.way)


def test_a_bend_is_followed_and_not_cut() -> None:
    bend = [(2.0, 2.0), (7.0, 2.0), (7.0, 6.0), (2.0, 6.0)]
    run = follow(bend, yaw_rad=math.pi)
    assert run.last.status is Status.ARRIVED
    assert run.pose.distance_to(Pose2(2.0, 6.0, 0.0)) < 0.3
    assert stray_m(run, bend) < 0.5


def test_a_path_that_crosses_itself_is_driven_whole() -> None:
    loop = [(2.0, 2.0), (8.0, 2.0), (8.0, 6.0), (5.0, 6.0), (5.0, 1.0)]
    run = follow(loop)
    assert run.last.status is Status.ARRIVED
    assert min(pose.distance_to(Pose2(8.0, 6.0, 0.0)) for pose in run.way) < 0.6


def test_something_on_the_path_is_waited_for_and_given_up_in_words() -> None:
    run = follow([(2.0, 2.0), (9.0, 2.0)], with_box(CELLS, 5.0, 0.0, 5.3, 8.0))
    assert (run.last.status, run.last.error_code) == (Status.FAILED, ErrorCode.FAILED_TO_MAKE_PROGRESS)
    assert "blocked" in run.last.sentence


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([], "no poses"),
        ([(2.0, 2.0), (NAN, 2.0)], "not a number"),
        ([(2.0, 2.0), (2.0, 12.0)], "off the map"),
        ([(6.0, 6.0), (8.0, 6.0)], "away from the robot"),
    ],
)
def test_a_path_that_cannot_be_followed_is_refused_without_a_move(
    points: list[tuple[float, float]], sentence: str
) -> None:
    run = follow(points)
    assert (run.last.status, run.last.error_code) == (Status.FAILED, ErrorCode.INVALID_PATH)
    assert sentence in run.last.sentence
    assert run.pose == START


@given(st.lists(st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 20.0)), min_size=2, max_size=6))
def test_resampling_keeps_the_ends_and_is_never_longer(points: list[tuple[float, float]]) -> None:
    line = np.array(points)
    dense = resampled(line)
    assert np.allclose(dense[0], line[0])
    assert np.allclose(dense[-1], line[-1])
    assert np.hypot(*np.diff(dense, axis=0).T).sum() <= np.hypot(*np.diff(line, axis=0).T).sum() + 1e-6
