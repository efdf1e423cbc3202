"""The kiosk's I/O thread says when it cannot work, whatever the reason."""

from pathlib import Path
from typing import Any

import pytest

from aisle.bus import BusError
from kiosk_ui import client
from kiosk_ui.client import KioskThread


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
