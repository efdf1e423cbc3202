"""A log keeps every byte of the line, and can be read, replayed and calibrated from."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from aisle import paths
from aisle.config import load
from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.messages import Bumpers, Cliffs, Contacts, Faults, Mode, Status, StopChain
from aisle_firmware_bridge.protocol import encode
from apps.base.calibrating import drives_of, parsed_place
from apps.base.recording import MAGIC, Entry, LogProblem, LogWriter, MarkEntry, read_log
from apps.base.session import Direction
from apps.cli import app
from tests.firmware_bridge.wheel_model import Truth, drive, square

ROBOT = load(paths.reference_robot(), RobotModel)


def writer(path: Path) -> LogWriter:
    clock = count(1)
    return LogWriter(path, "reference", lambda: next(clock) * 1_000_000)


def status(clock_us: int = 1, left: int = 0, right: int = 0, yaw_rate_radps: float = 0.0) -> bytes:
    flags = (Bumpers(0), Cliffs(0), Contacts(0), StopChain(0), Mode.READY, Faults(0))
    return encode(Status(clock_us, 1, left, right, 0.0, 0.0, yaw_rate_radps, 26_000, 90, 0, 0, *flags), clock_us)


def aisle(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["base", *arguments], catch_exceptions=False)
    return result.exit_code, " ".join(result.output.split())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Direction), st.binary(min_size=1, max_size=300)), max_size=15))
def test_every_byte_comes_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[Direction, bytes]]
) -> None:
    path = tmp_path_factory.mktemp("log") / "base.mcap"
    with writer(path) as log:
        for direction, content in pieces:
            log.keep(direction, content)
    kept = [(entry.topic, entry.content) for entry in read_log(path) if entry.topic in ("base/received", "base/sent")]
    assert kept == [(f"base/{direction.value}", content) for direction, content in pieces]


def test_what_the_base_says_stands_beside_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "base.mcap"
    content = status(77, left=5)
    with writer(path) as log:
        log.keep(Direction.RECEIVED, content[:9])
        log.keep(Direction.RECEIVED, content[9:])
    (meaning,) = [msgspec.json.decode(entry.content) for entry in read_log(path) if entry.topic == "base/status"]
    assert (meaning["clock_us"], meaning["ticks_left"], meaning["mode"]) == (77, 5, Mode.READY)


def test_a_log_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "base.mcap"
    path.write_bytes(b"somebody's work")
    with pytest.raises(LogProblem, match="never overwritten"), writer(path):
        pass
    assert path.read_bytes() == b"somebody's work"


def test_what_was_written_before_a_log_was_cut_off_is_read(tmp_path: Path) -> None:
    path, cut = tmp_path / "base.mcap", tmp_path / "cut.mcap"
    with writer(path) as log:
        for number in range(5000):
            log.keep(Direction.RECEIVED, status(number + 1, left=number * 37 % 1000, yaw_rate_radps=number**0.5))
    whole = path.read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    read: list[Entry] = []
    entries = read_log(cut)
    with pytest.raises(LogProblem, match="no whole MCAP log"):
        read.extend(iter(lambda: next(entries), None))
    assert 500 < len(read) < 9000


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_a_file_that_is_no_log_is_a_problem_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, has_magic: bool
) -> None:
    path = tmp_path_factory.mktemp("log") / "base.mcap"
    path.write_bytes((MAGIC if has_magic else b"") + content)
    with pytest.raises(LogProblem, match=str(path)):
        list(read_log(path))


def test_replay_counts_frames_and_what_was_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "base.mcap"
    damaged = bytearray(status(2))
    damaged[5] ^= 0x40
    with writer(path) as log:
        log.keep(Direction.RECEIVED, status(1) + bytes(damaged) + status(3))
    code, said = aisle("replay", str(path))
    assert code == 0
    assert "Status │ 2" in said
    assert "thrown away" in said


def test_replay_takes_raw_bytes_too(tmp_path: Path) -> None:
    path = tmp_path / "line.bin"
    path.write_bytes(status(1) + status(2))
    code, said = aisle("replay", str(path))
    assert (code, "Status │ 2" in said) == (0, True)


@pytest.mark.parametrize("content", [None, b"", MAGIC])
def test_replay_of_nothing_fails_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "base.mcap"
    if content is not None:
        path.write_bytes(content)
    code, said = aisle("replay", str(path))
    assert code == 1
    assert "Traceback" not in said
    assert "base.mcap" in said.replace(" ", "")


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


def mark(number: int, clock_us: int, pose: Pose2) -> MarkEntry:
    return MarkEntry(number, clock_us, pose.x_m, pose.y_m, pose.yaw_rad)


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


@pytest.mark.parametrize(
    ("answer", "pose"),
    [
        ("1000 -500 180", Pose2(1.0, -0.5, 3.141592653589793)),
        ("1, 2, 0", Pose2(0.001, 0.002, 0.0)),
        ("", None),
        ("1 2", None),
        ("1 2 nan", None),
        ("a b c", None),
    ],
)
def test_a_place_is_typed_as_three_numbers(answer: str, pose: Pose2 | None) -> None:
    assert parsed_place(answer) == pose


@pytest.mark.parametrize("verb", [("watch",), ("log", "new.mcap")])
def test_a_base_that_is_not_there_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = aisle(*verb, "--device", str(tmp_path / "nowhere"), "--seconds", "1")
    assert code == 1
    assert "no such device" in said


def test_driving_by_keys_needs_a_terminal(tmp_path: Path) -> None:
    code, said = aisle("teleop", "--device", str(tmp_path / "nowhere"))
    assert code == 1
    assert "terminal" in said or "fileno" in said
