"""From a log of driven squares with measured places to a robot file."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisle.config import load
from aisle.robot_model import RobotModel
from apps.base.calibrating import drives_of
from apps.base.recording import Entry, LogProblem
from apps.base.session import Direction
from tests.apps.base.logs import ROBOT, aisle, mark, status, writer
from tests.firmware_bridge.wheel_model import Truth, drive, square


def squares_log(path: Path, truth: Truth, squares: int = 2) -> None:
    """Write a log of squares, each measured at its start, after its first side and at its end."""
    with writer(path) as log:
        start_us = 0
        for number, turn_radps in list(enumerate((0.6, -0.6)))[:squares]:
            for moment in drive(ROBOT, truth, square(4.0, turn_radps)):
                reading = moment.reading
                now_us = start_us + reading.clock_us
                log.keep(
                    Direction.RECEIVED,
                    status(now_us, reading.ticks_left, reading.ticks_right, reading.yaw_rate_radps),
                )
                if reading.clock_us in (1_000_000, 10_000_000):
                    log.mark(mark(number, now_us, moment.true))
            log.mark(mark(number, now_us, moment.true))
            start_us = now_us + 20_000


def test_a_robot_file_is_calibrated_from_a_log(tmp_path: Path) -> None:
    log, target = tmp_path / "squares.mcap", tmp_path / "mine.yaml"
    squares_log(log, Truth((1.02, 0.985), 0.365, 1.003, 0.005))
    code, said = aisle("calibrate", "--log", str(log), "--out", str(target))
    assert code == 0, said
    wheels = load(target, RobotModel).wheels
    assert (wheels.left_share, wheels.right_share) == pytest.approx((1.02, 0.985), abs=0.001)
    assert wheels.track_m == pytest.approx(0.365, abs=0.001)
    assert "wheels.track_m │ 0.36 │ 0.36" in said


def test_a_log_of_one_square_calibrates_nothing_and_says_why(tmp_path: Path) -> None:
    log, target = tmp_path / "squares.mcap", tmp_path / "mine.yaml"
    squares_log(log, Truth((1.0, 1.0), 0.36, 1.0, 0.0), squares=1)
    code, said = aisle("calibrate", "--log", str(log), "--out", str(target))
    assert code == 1
    assert "drive the square in both directions" in said
    assert not target.exists()


def test_a_mark_that_cannot_be_read_is_a_problem() -> None:
    with pytest.raises(LogProblem, match="measured place"):
        drives_of(iter([Entry(1, "base/marks", b'{"drive": "one"}')]))
