"""The I/O thread says when it cannot work, whatever the reason."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aisle import clock, keys
from aisle.bus import BusError
from aisle_gateway.desk import Desk
from aisle_gateway.nodes import io_thread
from aisle_gateway.nodes.io_thread import SILENT_AFTER_S, GatewayThread
from aisle_gateway.stop import StopWord
from aisle_gateway.store_line import StoreLine, StoreWord
from tests.gateway.store import ROUND
from tests.gateway.test_desk import TwoProducts, WillingRobot
from tests.store_backend.ports import free_port


def thread_in(keys_dir: Path, line: StoreLine | None = None) -> GatewayThread:
    line = line or StoreLine("robot-1", "test")
    return GatewayThread(keys_dir, Desk(TwoProducts(), WillingRobot(), line), line)


@pytest.mark.parametrize(
    ("error", "words"),
    [(BusError("the port is taken"), "the port is taken"), (ValueError("odd"), "ended: ValueError: odd")],
)
def test_whatever_ends_the_thread_is_a_complaint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fail(*_arguments: Any) -> None:
        raise error

    monkeypatch.setattr(io_thread.bus, "serve_requests", fail)
    thread = thread_in(tmp_path)
    with pytest.raises(RuntimeError, match=words):
        thread.start()
    assert words in thread.complaint()


def test_a_thread_that_does_not_run_is_a_complaint(tmp_path: Path) -> None:
    assert "does not run" in thread_in(tmp_path).complaint()


TOLD = StoreWord(StopWord(False), ROUND, 1)
PATIENCE_S = 10.0


class Line(StoreLine):
    """A store that has given a task; its turns fail or hang when the test says so."""

    def __init__(self) -> None:
        super().__init__("robot-1", "test")
        self.has_turned, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()
        self.fails = False

    def turn(self, *_arguments: Any) -> list[Any]:
        self.has_turned.set()
        if not self.may_go_on.wait(PATIENCE_S) or self.fails:
            raise ValueError("odd")
        return []

    def word(self) -> StoreWord:
        return TOLD


@contextmanager
def started(keys_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[GatewayThread, Line]]:
    keys.create_missing_keys(keys_dir)
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port()))
    line = Line()
    thread = thread_in(keys_dir, line)
    thread.start()
    try:
        yield thread, line
    finally:
        line.may_go_on.set()
        thread.stop()


def test_a_thread_that_has_ended_tells_the_stop_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with started(tmp_path, monkeypatch) as (thread, line):
        assert thread.store_word(clock.boot_s()) == TOLD
        line.fails = True
        thread._thread.join(PATIENCE_S)
        word = thread.store_word(clock.boot_s())
    assert (word.stop, word.task, word.lease_number) == (TOLD.stop, None, 0)
    assert "ended: ValueError: odd" in word.complaint


def test_a_thread_that_hangs_tells_the_stop_alone_until_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(tmp_path, monkeypatch) as (thread, line):
        line.may_go_on.clear()
        line.has_turned.clear()
        assert line.has_turned.wait(PATIENCE_S)
        hangs_s = clock.boot_s()
        assert thread.store_word(hangs_s) == TOLD
        word = thread.store_word(hangs_s + SILENT_AFTER_S)
        assert (word.stop, word.task, word.lease_number) == (TOLD.stop, None, 0)
        assert "hangs" in word.complaint
        line.may_go_on.set()
        line.has_turned.clear()
        assert line.has_turned.wait(PATIENCE_S)
        line.has_turned.clear()
        assert line.has_turned.wait(PATIENCE_S)
        assert thread.store_word(clock.boot_s()) == TOLD
