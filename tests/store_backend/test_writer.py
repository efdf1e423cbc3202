"""The writing thread: what waits is committed together, and no reply comes out before that."""

from __future__ import annotations

import select
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import pytest

from aisle.bus import Asked
from aisle.messages import Problem, ProblemCode, care
from store_backend.writer import Finished, Writer, WriterEnded, WriterSettings, writer
from tests.store_backend.steps import asked, step

WITHIN_MS = 5000


@dataclass
class SlowBackend:
    """Commits a group when it is let; keeps the groups that it was given."""

    may_commit: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    has_begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    groups: list[list[str]] = field(default_factory=list)
    forgot: int = 0

    def write(self, group: Sequence[Asked]) -> list[msgspec.Struct]:
        self.groups.append([one.key for one in group])
        self.has_begun.release()
        assert self.may_commit.acquire(timeout=WITHIN_MS / 1000)
        return [care.Recorded(event_id=len(self.groups)) for _ in group]

    def forget_aged_replies(self) -> int:
        self.forgot += 1
        return 0

    def wait_for_group(self) -> None:
        assert self.has_begun.acquire(timeout=WITHIN_MS / 1000)


def finished(running: Writer, count: int) -> list[Finished]:
    """Wait for so many replies."""
    poll = select.poll()
    done: list[Finished] = []
    poll.register(running.done_fd, select.POLLIN)
    while len(done) < count:
        assert poll.poll(WITHIN_MS)
        done += running.finished()
    return done


def offer(running: Writer, *keys: str) -> list[Problem | None]:
    return [running.offer(asked(step("e1"), key)) for key in keys]


def test_what_comes_while_a_group_is_committed_goes_together_in_the_next() -> None:
    backend = SlowBackend()
    with writer(backend) as running:
        offer(running, "a")
        backend.wait_for_group()
        offer(running, "b", "c", "d")
        backend.may_commit.release(2)
        replies = [(one.key, answer) for one, answer in finished(running, 4)]
    assert backend.groups == [["a"], ["b", "c", "d"]]
    first, second = care.Recorded(event_id=1), care.Recorded(event_id=2)
    assert replies == [("a", first), ("b", second), ("c", second), ("d", second)]


def test_no_reply_comes_out_before_the_commit() -> None:
    backend = SlowBackend()
    with writer(backend) as running:
        offer(running, "a")
        backend.wait_for_group()
        assert list(running.finished()) == []
        backend.may_commit.release()
        assert len(finished(running, 1)) == 1


def test_a_group_has_a_limit() -> None:
    backend = SlowBackend()
    with writer(backend, WriterSettings(most_in_a_group=2)) as running:
        offer(running, "a")
        backend.wait_for_group()
        offer(running, "b", "c", "d")
        backend.may_commit.release(3)
        finished(running, 4)
    assert backend.groups == [["a"], ["b", "c"], ["d"]]


def test_a_full_queue_refuses_with_a_sentence_and_takes_again_later() -> None:
    backend = SlowBackend()
    with writer(backend, WriterSettings(most_waiting=2)) as running:
        offer(running, "a")
        backend.wait_for_group()
        taken, taken_too, refused = offer(running, "b", "c", "d")
        assert (taken, taken_too) == (None, None)
        assert isinstance(refused, Problem)
        assert refused.code is ProblemCode.BUSY
        assert refused.sentence == "2 writes wait already, nothing was done; ask again in a second"
        backend.may_commit.release(3)
        finished(running, 3)
        assert offer(running, "d") == [None]
    assert backend.groups == [["a"], ["b", "c"], ["d"]]


def test_what_waits_at_the_end_is_still_written() -> None:
    backend = SlowBackend()
    with writer(backend, WriterSettings(most_in_a_group=1)) as running:
        offer(running, "a", "b", "c")
        backend.may_commit.release(3)
    assert backend.groups == [["a"], ["b"], ["c"]]


def test_aged_replies_are_removed_now_and_then() -> None:
    backend = SlowBackend()
    with writer(backend, WriterSettings(forget_every_s=1e-6)) as running:
        backend.may_commit.release(2)
        offer(running, "a")
        finished(running, 1)
        offer(running, "b")
        finished(running, 1)
    assert backend.forgot >= 2


def test_an_error_that_nobody_foresaw_is_told_to_whoever_uses_the_writer(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(SlowBackend):
        def write(self, group: Sequence[Asked]) -> list[msgspec.Struct]:
            raise KeyError("a name that nobody knows")

    with writer(Broken()) as running:
        running.check()
        offer(running, "a")
        poll = select.poll()
        poll.register(running.done_fd, select.POLLIN)
        assert poll.poll(WITHIN_MS)
        with pytest.raises(WriterEnded, match="the writing thread ended"):
            running.check()
    assert "a name that nobody knows" in caplog.text
