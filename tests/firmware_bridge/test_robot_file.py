"""What a calibration found goes into a robot file, and nothing else of the file changes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from aisle import paths
from aisle.config import ConfigError, load
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.robot_file import changes, edited, write_calibrated


def better(robot: RobotModel, left_share: float = 1.0123456) -> RobotModel:
    wheels = msgspec.structs.replace(robot.wheels, left_share=left_share, track_m=0.3612, turn_sigma=0.0011)
    gyro = msgspec.structs.replace(robot.gyro, share=1.0017)
    return msgspec.structs.replace(robot, wheels=wheels, gyro=gyro)


def test_the_written_file_is_the_calibrated_robot(robot: RobotModel, tmp_path: Path) -> None:
    target = tmp_path / "robots" / "mine.yaml"
    write_calibrated(paths.reference_robot(), target, better(robot))
    assert load(target, RobotModel) == better(robot, left_share=1.01235)
    assert list(target.parent.iterdir()) == [target]


def test_comments_and_all_other_lines_stay(robot: RobotModel) -> None:
    text = paths.reference_robot().read_text(encoding="utf-8")
    after = edited(text, better(robot)).splitlines()
    assert [line for line in text.splitlines() if line not in after] == ["  track_m: 0.36"]


def test_calibrating_again_replaces_the_values(robot: RobotModel, tmp_path: Path) -> None:
    target = tmp_path / "mine.yaml"
    write_calibrated(paths.reference_robot(), target, better(robot))
    lines = len(target.read_text(encoding="utf-8").splitlines())
    write_calibrated(target, target, better(robot, left_share=0.99))
    assert load(target, RobotModel).wheels.left_share == 0.99
    assert len(target.read_text(encoding="utf-8").splitlines()) == lines


def test_a_value_keeps_the_comment_behind_it(robot: RobotModel) -> None:
    text = "wheels:\n  radius_m: 0.08\n  track_m: 0.36  # measured\nlimits:\n  track_m: 5\n"
    after = edited(text, better(robot))
    assert "  track_m: 0.3612  # measured" in after
    assert "  track_m: 5" in after
    assert after.index("left_share") < after.index("limits:")


def test_old_and_new_values_are_shown(robot: RobotModel) -> None:
    found = {change.key: (change.before, change.after) for change in changes(robot, better(robot))}
    assert found["wheels.track_m"] == (robot.wheels.track_m, 0.3612)
    assert found["wheels.right_share"] == (1.0, 1.0)


def test_a_file_in_another_layout_is_refused_and_left_alone(robot: RobotModel, tmp_path: Path) -> None:
    source = tmp_path / "flow.yaml"
    content = msgspec.yaml.encode(robot).decode()
    start, end = content.index("wheels:"), content.index("limits:")
    inline = "wheels: " + msgspec.json.encode(robot.wheels).decode() + "\n"
    source.write_text(content[:start] + inline + content[end:], encoding="utf-8")
    before = source.read_text(encoding="utf-8")
    with pytest.raises(ConfigError, match="its layout cannot be edited"):
        write_calibrated(source, source, better(robot))
    assert source.read_text(encoding="utf-8") == before
    assert list(tmp_path.iterdir()) == [source]
