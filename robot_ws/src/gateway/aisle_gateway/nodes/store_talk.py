"""Carries the store line's questions over the bus, and the answers back; used by the I/O thread alone."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass

from aisle import bus, clock
from aisle.messages import MalformedMessage
from aisle.messages.robot import RobotStatus
from aisle_gateway.store_line import StoreLine
from aisle_gateway.tasks import RobotReport

log = logging.getLogger(__name__)

_REPORT_STALE_S = 1.0


@dataclass(slots=True)
class StoreTalk:
    """One client of the backend, which never waits for it."""

    client: bus.RequestClient
    line: StoreLine
    _report: RobotReport | None = None
    _reported_s: float = float("-inf")
    _trouble: str = ""

    def take(self, report: RobotReport) -> None:
        """Take the robot's newest report."""
        self._report, self._reported_s = report, clock.boot_s()

    def turn(self) -> None:
        """Take in the answers that have come, and send what is due. What cannot be sent now is not due any more."""
        self._collect()
        now_s = clock.boot_s()
        is_fresh = now_s - self._reported_s < _REPORT_STALE_S
        for key, message in self.line.turn(now_s, self._report if is_fresh else None):
            if self.client.is_connected:
                self.client.send(message, key, self.client.channel.stale_after_s)

    def tell(self, status: RobotStatus) -> None:
        """Send the status, whose reply does not matter; while nobody is there it knocks at the door, too."""
        if self.client.is_connected:
            # Not by `tell`, which throws away the replies that wait.
            self.client.send(status, uuid.uuid4().hex, self.client.channel.stale_after_s)
        else:
            self.client.tell(status)

    def _collect(self) -> None:
        try:
            for key, reply in self.client.collect():
                self.line.hear(key, reply)
            self._trouble = ""
        except (bus.KeyRefused, MalformedMessage) as error:
            # As good as silence; said once, not with every turn.
            if str(error) != self._trouble:
                log.warning("gateway: the store's answer cannot be used: %s", error)
            self._trouble = str(error)
