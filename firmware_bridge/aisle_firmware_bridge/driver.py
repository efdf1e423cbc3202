"""Bridge and line together: opens, exchanges, notices an unplug, opens again."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from aisle.geometry import Twist2
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import BaseReport, Event, SensorReport
from aisle_firmware_bridge.link import Chunk, LinkError, SerialLink

REOPEN_EVERY_S = 0.5

_log = logging.getLogger(__name__)


class BaseDriver:
    """Keeps one base going over one line; call `tick` 50 times a second.

    `monotonic_s` is the clock that the link stamps its chunks with.
    """

    def __init__(self, bridge: Bridge, link: SerialLink, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._bridge = bridge
        self._link = link
        self._monotonic_s = monotonic_s
        self._tried_s: float | None = None
        self._ticked_s: float | None = None
        self._complaint = ""

    def tick(self, now_s: float, twist: Twist2 | None) -> list[Event]:
        """Exchange bytes with the base once; return what happened. A missing line is tried again.

        What was received before the line was lost is told before the loss.
        """
        if not self._link.is_open and not self._open(now_s):
            return []
        events: list[Event] = []
        try:
            events += self._receive(self._link.chunks(), now_s)
            if content := self._bridge.step(now_s, twist):
                self._link.write(content)
        except LinkError as error:
            self._link.close()
            events += self._bridge.disconnect(str(error))
        _tell(events)
        return events

    def _receive(self, chunks: list[Chunk], now_s: float) -> list[Event]:
        """Give every chunk to the bridge as of when it arrived, which is never before the last tick."""
        since_tick_s = now_s - self._ticked_s if self._ticked_s is not None else 0.0
        self._ticked_s = now_s
        monotonic_s = self._monotonic_s()
        events: list[Event] = []
        for chunk in chunks:
            age_s = min(monotonic_s - chunk.arrived_s, max(0.0, since_tick_s))
            events += self._bridge.receive(chunk.content, now_s - age_s)
        return events + self._bridge.receive(b"", now_s)

    def close(self) -> None:
        """Forbid motion, as far as the line still carries it, and close the line."""
        if self._link.is_open:
            try:
                self._link.write(self._bridge.disarm())
            except LinkError as error:
                _log.warning("base could not be disarmed, its own time-out stops it: %s", error)
        self._link.close()
        self._bridge.disconnect("closed by the host")

    def _open(self, now_s: float) -> bool:
        if self._tried_s is not None and 0.0 <= now_s - self._tried_s < REOPEN_EVERY_S:
            return False
        self._tried_s = now_s
        try:
            self._link.open()
        except LinkError as error:
            if str(error) != self._complaint:
                _log.warning("%s", error)
            self._complaint = str(error)
            return False
        self._complaint = ""
        self._bridge.connect(secrets.randbelow(0xFFFF_FFFF) + 1)
        return True


def _tell(events: list[Event]) -> None:
    for event in events:
        if not isinstance(event, BaseReport | SensorReport):
            _log.info("%s", event.sentence)
