"""Where time comes from. Cores take `now_s` as an argument; shells take it from one of these."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Returns seconds that never run backwards."""


def monotonic_s() -> float:
    """Return the host's monotonic time in seconds, for time-outs and deadlines within one host."""
    return time.monotonic()


def boot_s() -> float:
    """Return seconds since the host was started, also those in which it slept; for what must not outlive a time."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def wall_s() -> float:
    """Return seconds since the Unix epoch, for records that people read, and for deadlines that cross hosts.

    Hosts of one store keep their clocks together (NTP); time-outs within a host use `monotonic_s`.
    """
    return time.time()
