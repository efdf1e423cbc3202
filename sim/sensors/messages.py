"""A line between a sensor and its reader that delays, doubles and loses messages."""

from __future__ import annotations

import heapq
import itertools
from typing import Annotated, Generic, TypeVar

import numpy as np
from msgspec import Meta

from aisle.config import Settings

Message = TypeVar("Message")
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Delay = Annotated[float, Meta(ge=0.0, le=5.0)]


class MessageFaults(Settings, frozen=True):
    """How a line mistreats its messages; everything off by default.

    A message is held back by `delay_s` plus an exponentially distributed extra of mean `jitter_s`, so that one can
    overtake another; `lost_share` of them never arrive and `doubled_share` arrive twice.
    """

    delay_s: Delay = 0.0
    jitter_s: Delay = 0.0
    lost_share: Share = 0.0
    doubled_share: Share = 0.0


class Line(Generic[Message]):
    """Holds messages until they are due. With no faults a message is due at once."""

    def __init__(self, faults: MessageFaults, seed: int) -> None:
        self._faults = faults
        self._rng = np.random.default_rng((seed, 0x11E5))
        self._numbers = itertools.count()
        self._waiting: list[tuple[float, int, Message]] = []

    def send(self, message: Message, now_s: float) -> None:
        """Hand a message to the line."""
        faults = self._faults
        if faults.lost_share > 0.0 and self._rng.random() < faults.lost_share:
            return
        copies = 2 if faults.doubled_share > 0.0 and self._rng.random() < faults.doubled_share else 1
        for _ in range(copies):
            extra_s = float(self._rng.exponential(faults.jitter_s)) if faults.jitter_s > 0.0 else 0.0
            heapq.heappush(self._waiting, (now_s + faults.delay_s + extra_s, next(self._numbers), message))

    def due(self, now_s: float) -> list[Message]:
        """Take out what has arrived by now, in order of arrival."""
        arrived = []
        while self._waiting and self._waiting[0][0] <= now_s + 1e-9:
            arrived.append(heapq.heappop(self._waiting)[2])
        return arrived
