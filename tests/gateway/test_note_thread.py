"""The stop is kept in its file by a thread of its own, and a disk that is slow or broken is a complaint."""

from __future__ import annotations

import os
import time
from pathlib import Path

from aisle_gateway.nodes.note_thread import SLOW_AFTER_S, NoteThread
from aisle_gateway.stop import StopWord, load_stop

HELD, FREE = StopWord(True, "spilled milk"), StopWord(False)
PATIENCE_S = 10.0


def complaint_of(thread: NoteThread, now_s: float = 0.0) -> str:
    """Return the first complaint within some seconds of real time."""
    ends_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_s and not thread.complaint(now_s):
        os.sched_yield()
    return thread.complaint(now_s)


def test_the_newest_word_is_in_the_file_when_the_thread_ends(tmp_path: Path) -> None:
    note = tmp_path / "stop.json"
    for words in ((HELD,), (HELD, FREE), (FREE, HELD)):
        thread = NoteThread(note)
        for word in words:
            thread.keep(word, 0.0)
        thread.start()
        thread.stop()
        assert load_stop(note) == (HELD if words[-1] is HELD else None)
        assert thread.complaint(SLOW_AFTER_S + 1.0) == ""


def test_a_folder_that_is_not_there_is_a_complaint_until_the_word_is_written(tmp_path: Path) -> None:
    thread = NoteThread(tmp_path / "away" / "stop.json")
    thread.start()
    thread.keep(HELD, 0.0)
    assert "No such file" in complaint_of(thread)
    (tmp_path / "away").mkdir()
    thread.keep(HELD, 0.0)
    thread.stop()
    assert thread.complaint(0.0) == ""


def test_a_disk_that_hangs_holds_nobody_up_and_is_a_complaint(tmp_path: Path) -> None:
    # Opening a pipe that nobody reads waits for ever, as a disk does that hangs.
    os.mkfifo(tmp_path / "stop.new")
    thread = NoteThread(tmp_path / "stop.json")
    thread.start()
    thread.keep(HELD, 0.0)
    assert thread.complaint(SLOW_AFTER_S) == ""
    assert "the disk" in thread.complaint(SLOW_AFTER_S + 0.1)
    thread.stop()
    os.close(os.open(tmp_path / "stop.new", os.O_RDONLY | os.O_NONBLOCK))
