"""The I/O thread says when it cannot work, whatever the reason."""

from pathlib import Path
from typing import Any

import pytest

from aisle.bus import BusError
from aisle_gateway.desk import Desk
from aisle_gateway.nodes import io_thread
from aisle_gateway.nodes.io_thread import GatewayThread
from aisle_gateway.store_line import StoreLine
from tests.gateway.test_desk import TwoProducts, WillingRobot


def thread_in(keys_dir: Path) -> GatewayThread:
    line = StoreLine("robot-1", "test")
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
