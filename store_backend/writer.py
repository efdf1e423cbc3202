"""Group commit: one thread carries out all writes that wait, commits them together, and hands the replies back.

One commit waits for the disk about as long for two hundred commands as for one (DeWitt et al., "Implementation
techniques for main memory database systems", SIGMOD 1984, section 5.2).
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from aisle import clock
from aisle.bus import Asked
from aisle.messages import Problem, ProblemCode
from store_backend.database import cause_of
from store_backend.vault import VaultProblem

log = logging.getLogger(__name__)


class WriterEnded(RuntimeError):
    """The writing thread has met an error that it does not know; the backend cannot go on."""


Finished = tuple[Asked, msgspec.Struct]


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """How many writes may wait, how many are committed together, and how often aged replies are removed."""

    most_waiting: int = 4096
    most_in_a_group: int = 128
    # An erasure takes three turns to reach old copies, each up to twice this long, and must reach them within a minute.
    forget_every_s: float = 7.5


class Commits(Protocol):
    """What the thread calls; `store_backend.backend.Backend` in a store."""

    def write(self, group: Sequence[Asked]) -> list[msgspec.Struct]: ...

    def forget_aged_replies(self) -> int: ...


@dataclass(slots=True)
class Writer:
    """The queue before the writing thread and the one behind it; `done_fd` becomes readable when replies are there."""

    backend: Commits
    settings: WriterSettings
    done_fd: int
    _waiting: queue.Queue[Asked | None]
    _failure: str = ""
    _finished: deque[Finished] = field(default_factory=deque)
    _forgot_s: float = float("-inf")

    @property
    def waiting(self) -> int:
        """Return how many writes wait for a group."""
        return self._waiting.qsize()

    def offer(self, asked: Asked) -> Problem | None:
        """Queue a write; a Problem says that too many wait already."""
        try:
            self._waiting.put_nowait(asked)
        except queue.Full:
            sentence = f"{self.settings.most_waiting} writes wait already, nothing was done; ask again in a second"
            return Problem(code=ProblemCode.BUSY, sentence=sentence)
        return None

    def finished(self) -> Iterator[Finished]:
        """Yield what was committed or refused since the last call."""
        try:
            os.eventfd_read(self.done_fd)
        except BlockingIOError:
            return
        while self._finished:
            yield self._finished.popleft()

    def check(self) -> None:
        """Raise WriterEnded when nothing is written any more."""
        if self._failure:
            raise WriterEnded(self._failure)

    def run(self) -> None:
        """Carry out groups until the queue ends; what was queued before its end is carried out."""
        try:
            self._run()
        except Exception as error:
            # Nobody else would hear of it: an exception that ends a thread goes nowhere.
            log.exception("the writing thread ended")
            self._failure = f"the writing thread ended ({type(error).__name__}), see the log; start the backend again"
            os.eventfd_write(self.done_fd, 1)
            # Whoever still offers, or ends the queue, must not wait for a thread that has gone.
            for _ in iter(self._waiting.get, None):
                pass

    def _run(self) -> None:
        is_open = True
        while is_open:
            group, is_open = self._next_group()
            if group:
                self._finished.extend(zip(group, self.backend.write(group), strict=True))
                os.eventfd_write(self.done_fd, 1)
            self._forget()

    def end(self) -> None:
        """End the queue."""
        self._waiting.put(None)

    def _next_group(self) -> tuple[list[Asked], bool]:
        """Wait for a write and take those behind it; False says that the queue has ended."""
        group: list[Asked] = []
        while len(group) < self.settings.most_in_a_group:
            try:
                asked = self._waiting.get(block=not group, timeout=self.settings.forget_every_s)
            except queue.Empty:
                break
            if asked is None:
                return group, False
            group.append(asked)
        return group, True

    def _forget(self) -> None:
        now_s = clock.monotonic_s()
        if now_s - self._forgot_s < self.settings.forget_every_s:
            return
        self._forgot_s = now_s
        try:
            self.backend.forget_aged_replies()
        except (SQLAlchemyError, VaultProblem, OSError) as error:
            log.error("what is too old stays for now: %s", cause_of(error))


@contextmanager
def writer(backend: Commits, settings: WriterSettings | None = None) -> Iterator[Writer]:
    """Run the writing thread as long as the block; at its end everything that waits is carried out."""
    settings = settings or WriterSettings()
    done_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
    running = Writer(backend, settings, done_fd, queue.Queue(settings.most_waiting))
    thread = threading.Thread(target=running.run, name="backend-writer")
    thread.start()
    try:
        yield running
    finally:
        running.end()
        thread.join()
        os.close(done_fd)
