"""Waiting for something another thread or process does, with an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_PAUSE = threading.Event()


def wait_for(condition: Callable[[], bool], within_s: float = 5.0) -> None:
    """Return when the condition holds; fail when it does not in time."""
    ends_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < ends_s, f"nothing happened within {within_s} s"
        _PAUSE.wait(0.001)
