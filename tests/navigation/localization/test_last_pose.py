"""The kept pose: there after a restart, and not there when it is old or damaged."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from aisle.geometry import Pose2
from aisle_navigation.localization import last_pose
from aisle_navigation.localization.last_pose import LastPose

HERE = LastPose(Pose2(1.0, 2.0, 0.5), Pose2(0.2, 0.1, 0.5))
THERE = LastPose(Pose2(3.0, 4.0, -1.5), Pose2(2.0, 0.5, 1.5))


def test_what_the_robot_has_driven_meanwhile_is_counted() -> None:
    way = Pose2(0.4, 0.1, 1.2)
    moved = THERE.now_at(THERE.odom_from_base @ way)
    expected = THERE.map_from_base @ way
    assert moved.distance_to(expected) < 1e-9
    assert moved.yaw_rad == pytest.approx(expected.yaw_rad)


def test_odometry_that_started_over_moves_nothing() -> None:
    assert THERE.now_at(Pose2(0.0, 0.0, 0.0)) == THERE.map_from_base


def test_what_was_saved_last_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "last_pose.json"
    last_pose.save(path, HERE)
    last_pose.save(path, THERE)
    assert last_pose.load(path, time.time() + 0.1) == THERE
    assert [one.name for one in tmp_path.iterdir()] == ["last_pose.json"]


def test_nothing_saved_is_no_pose(tmp_path: Path) -> None:
    assert last_pose.load(tmp_path / "none.json", time.time()) is None


def test_an_old_pose_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "last_pose.json"
    last_pose.save(path, HERE)
    old_s = time.time() - last_pose.FRESH_S - 1.0
    os.utime(path, (old_s, old_s))
    assert last_pose.load(path, time.time() + 0.1) is None


def test_a_pose_from_the_future_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "last_pose.json"
    last_pose.save(path, HERE)
    assert last_pose.load(path, time.time() - 60.0) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"x_m": 1}', b'{"x_m":1,"y_m":2,"yaw_rad":"east"}', b"0" * 5000])
def test_a_damaged_file_is_named_and_ignored(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "last_pose.json"
    path.write_bytes(content)
    assert last_pose.load(path, time.time() + 0.1) is None
    assert str(path) in caplog.text
