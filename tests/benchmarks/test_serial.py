from __future__ import annotations

import math
from pathlib import Path

import msgspec
import pytest

from benchmarks import serial
from benchmarks.peer_environment import PeerProblem
from benchmarks.serial import COMMAND, STATUS, Mavlink


def test_the_codec_is_measured_in_both_directions_with_keys_for_every_aim() -> None:
    rows = serial._codec_rows(rounds=20)
    assert all(row.value > 0.0 for row in rows)
    assert {"encode_us", "decode_us", "encode_status_us", "decode_wheel_command_us", "parser_frames_per_s"} <= {
        row.key for row in rows
    }


@pytest.mark.parametrize("message", [STATUS, COMMAND])
def test_what_is_measured_is_the_message_and_back(message: object) -> None:
    encoded = serial._encoder(message)()  # type: ignore[arg-type]
    assert serial._decoder(encoded[:-1])() == message


def test_the_peers_figures_are_shown_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = msgspec.json.encode(Mavlink(3.0, 8.0, 1e5, 74))
    monkeypatch.setattr(serial, "installed", lambda _folder, _requirements: Path("python"))
    monkeypatch.setattr(serial, "run_program", lambda _command, _given: answer)
    rows = serial._mavlink_rows(rounds=20)
    assert [row.value for row in rows] == [3.0, 8.0, 1e5]
    assert all("pymavlink==" in row.note for row in rows)


def test_a_peer_that_cannot_be_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_folder: Path, _requirements: tuple[str, ...]) -> Path:
        raise PeerProblem("uv is not installed")

    monkeypatch.setattr(serial, "installed", fail)
    rows = serial._mavlink_rows(rounds=20)
    assert all(math.isnan(row.value) and "uv is not installed" in row.note for row in rows)
