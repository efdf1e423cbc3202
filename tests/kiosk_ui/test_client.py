"""The kiosk's I/O thread says when it cannot work, whatever the reason."""

from pathlib import Path
from typing import Any

import pytest

from aisle.bus import BusError
from aisle.messages.care import CallPerson
from kiosk_ui import client
from kiosk_ui.client import KioskThread
from kiosk_ui.lanes import Letter, Outgoing
from kiosk_ui.outbox import Keep
from kiosk_ui.state_file import open_state


@pytest.mark.parametrize(
    ("error", "words"),
    [(BusError("the port is taken"), "the port is taken"), (ValueError("odd"), "ended: ValueError: odd")],
)
def test_whatever_ends_the_thread_is_a_failure_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fail(*_arguments: Any) -> None:
        raise error

    monkeypatch.setattr(client.bus, "publisher", fail)
    thread = KioskThread(tmp_path, tmp_path / "catalogue.sqlite")
    with pytest.raises(RuntimeError, match=words):
        thread.start()


def test_what_must_outlive_the_process_is_written_however_the_thread_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.bus, "publisher", _refuse)
    thread = KioskThread(tmp_path, tmp_path / "catalogue.sqlite", open_state(tmp_path / "state"))
    thread.keep(KEPT)
    with pytest.raises(RuntimeError):
        thread.start()
    thread.stop()
    with open_state(tmp_path / "state") as state:
        assert state.read().letters == (KEPT,)


def test_a_letter_is_on_the_disk_before_it_is_sent(tmp_path: Path) -> None:
    thread = KioskThread(tmp_path, tmp_path / "catalogue.sqlite", open_state(tmp_path / "state"))
    line = WatchedLine(tmp_path / "state")
    thread.keep(KEPT)
    thread.send(Outgoing(1, "backend", KEPT.letter.message, "k"))
    thread._exchange({"backend": line}, 0.0)  # type: ignore[dict-item]
    assert line.on_disk_when_sent == [True]


class WatchedLine:
    """Looks, when something is sent, whether it is on the disk."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.on_disk_when_sent: list[bool] = []

    def begin(self, _outgoing: Outgoing, _now_s: float) -> None:
        self.on_disk_when_sent.append(any(b"sold by weight" in path.read_bytes() for path in self._directory.iterdir()))

    def poll(self, _now_s: float) -> tuple[()]:
        return ()


def _refuse(*_arguments: Any) -> None:
    raise BusError("the port is taken")


KEPT = Keep(
    "call",
    Letter(
        CallPerson(call_key="c", session_id="s", robot_id="r", screen="home", story="sold by weight"), "c", number=1
    ),
)
