"""Keeps the stop in its file on a thread of its own.

A disk can hang for minutes. On the node's thread that would hold up the next stop, on the I/O thread it would keep the
gateway from hearing it: so this is the one thread beside those two.
"""

from __future__ import annotations

import logging
import queue
import threading
from pathlib import Path

from aisle_gateway.stop import StopWord, save_stop

log = logging.getLogger(__name__)
SLOW_AFTER_S = 5.0


class NoteThread:
    """Writes between `start` and `stop`; of several words that wait the newest is written."""

    def __init__(self, note: Path) -> None:
        self._note = note
        self._words: queue.SimpleQueue[StopWord | None] = queue.SimpleQueue()
        self._failure = ""
        self._kept_s = 0.0
        self._newest: StopWord | None = None
        self._written: StopWord | None = None
        # A daemon: a disk that hangs must not keep the process from ending.
        self._thread = threading.Thread(target=self._run, name="gateway-note", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits and end the thread; a disk that hangs is not waited for."""
        self._words.put(None)
        if self._thread.is_alive():
            self._thread.join(3.0)

    def keep(self, word: StopWord, now_s: float) -> None:
        """Hand over a word that is to outlive a restart; returns at once."""
        self._newest, self._kept_s = word, now_s
        self._words.put(word)

    def complaint(self, now_s: float) -> str:
        """Return why a restart would not know the newest word, an empty sentence when it would or soon will."""
        if self._failure:
            return self._failure
        is_slow = self._written is not self._newest and now_s - self._kept_s > SLOW_AFTER_S
        return "a restart would not know of the stop: the disk takes no note of it" if is_slow else ""

    def _run(self) -> None:
        is_over = False
        while not is_over:
            waiting = [self._words.get()]
            while not self._words.empty():
                waiting.append(self._words.get())
            is_over = None in waiting
            words = [word for word in waiting if word is not None]
            if words:
                self._write(words[-1])

    def _write(self, word: StopWord) -> None:
        try:
            save_stop(self._note, word)
            self._failure, self._written = "", word
        except OSError as error:
            self._failure = f"a restart would not know of the stop: {error}"
            log.error("gateway: %s", self._failure)
