"""The kept pose: there after a restart, and not there when it is old or damaged."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from aisle.geometry import Pose2
from aisle_navigation import last_pose


def test_what_was_saved_last_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "last_pose.json"
    last_pose.save(path, Pose2(1.0, 2.0, 0.5))
    last_pose.save(path, Pose2(3.0, 4.0, -1.5))
    assert last_pose.load(path, time.time() + 0.1) == Pose2(3.0, 4.0, -1.5)
    assert [one.name for one in tmp_path.iterdir()] == ["last_pose.json"]


def test_nothing_saved_is_no_pose(tmp_path: Path) -> None:
    assert last_pose.load(tmp_path / "none.json", time.time()) is None


def test_an_old_pose_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "last_pose.json"
    last_pose.save(path, Pose2(1.0, 2.0, 0.5))
    old_s = time.time() - last_pose.FRESH_S - 1.0
    os.utime(path, (old_s, old_s))
    assert last_pose.load(path, time.time() + 0.1) is None


def test_a_pose_from_the_future_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "last_pose.json"
    last_pose.save(path, Pose2(1.0, 2.0, 0.5))
    assert last_pose.load(path, time.time() - 60.0) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"x_m": 1}', b'{"x_m":1,"y_m":2,"yaw_rad":"east"}', b"0" * 5000])
def test_a_damaged_file_is_named_and_ignored(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "last_pose.json"
    path.write_bytes(content)
    assert last_pose.load(path, time.time() + 0.1) is None
    assert str(path) in caplog.text
