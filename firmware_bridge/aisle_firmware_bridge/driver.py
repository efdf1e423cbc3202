"""Bridge and line together: opens, exchanges, notices an unplug, opens again."""

from __future__ import annotations

import logging
import secrets

from aisle.geometry import Twist2
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import BaseReport, Event
from aisle_firmware_bridge.link import LinkError, SerialLink

REOPEN_EVERY_S = 0.5

_log = logging.getLogger(__name__)


class BaseDriver:
    """Keeps one base going over one line; call `tick` 50 times a second."""

    def __init__(self, bridge: Bridge, link: SerialLink) -> None:
        self._bridge = bridge
        self._link = link
        self._tried_s: float | None = None
        self._complaint = ""

    def tick(self, now_s: float, twist: Twist2 | None) -> list[Event]:
        """Exchange bytes with the base once; return what happened. A missing line is tried again."""
        if not self._link.is_open and not self._open(now_s):
            return []
        try:
            events = self._bridge.receive(self._link.read(), now_s)
            if content := self._bridge.step(now_s, twist):
                self._link.write(content)
        except LinkError as error:
            self._link.close()
            events = self._bridge.disconnect(str(error))
        _tell(events)
        return events

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
        if not isinstance(event, BaseReport):
            _log.info("%s", event.sentence)
