"""A log keeps every byte of the line, and can be read, replayed and calibrated from."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_firmware_bridge.messages import Mode
from apps.base.recording import MAGIC, Entry, LogProblem, read_log
from apps.base.session import Direction
from tests.apps.base.logs import aisle, status, writer


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
