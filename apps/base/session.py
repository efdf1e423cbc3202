"""One base over one serial line, exchanged with 50 times a second, for the verbs of the command line."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import Self

from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.driver import BaseDriver
from aisle_firmware_bridge.events import Event
from aisle_firmware_bridge.link import Chunk, SerialLink

TICK_S = 0.02


class Direction(Enum):
    """Which way bytes went, seen from this host."""

    RECEIVED = "received"
    SENT = "sent"


Tap = Callable[[Direction, bytes], None]


def _no_tap(_direction: Direction, _content: bytes) -> None:
    """Leave the bytes alone."""


class TappedLink(SerialLink):
    """A serial line whose bytes also go to a tap."""

    def __init__(self, device: str, tap: Tap) -> None:
        super().__init__(device)
        self._tap = tap

    def chunks(self, wait_s: float = 0.0) -> list[Chunk]:
        found = super().chunks(wait_s)
        for chunk in found:
            self._tap(Direction.RECEIVED, chunk.content)
        return found

    def write(self, content: bytes) -> None:
        super().write(content)
        self._tap(Direction.SENT, content)


class BaseSession:
    """The line, kept at the base's pace. Raises LinkError where it cannot be opened; leaving it disarms the base."""

    def __init__(self, device: str, robot: RobotModel, tap: Tap = _no_tap) -> None:
        self.bridge = Bridge(robot)
        self._device = device
        self._driver = BaseDriver(self.bridge, TappedLink(device, tap))
        self._due_s = 0.0

    def __enter__(self) -> Self:
        # The driver tries a missing line for ever; a person at the command line wants to know why at once.
        with SerialLink(self._device):
            pass
        self._due_s = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._driver.close()

    @property
    def now_s(self) -> float:
        """Return this host's monotonic clock."""
        return time.monotonic()

    def tick(self, twist: Twist2 | None = None) -> list[Event]:
        """Wait for the next tick, exchange bytes, and return what happened."""
        self._due_s = max(self._due_s + TICK_S, time.monotonic() - TICK_S)
        time.sleep(max(0.0, self._due_s - time.monotonic()))
        return self._driver.tick(time.monotonic(), twist)
