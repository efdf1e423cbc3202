"""The driver over a line that the test holds: when bytes count as received, what an unplug and a close do."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.dictionary import OWN_DICTIONARY
from aisle_firmware_bridge.driver import REOPEN_EVERY_S, BaseDriver
from aisle_firmware_bridge.events import BaseAccepted, BaseLost, BaseReport, Event, ModeChanged
from aisle_firmware_bridge.frames import FrameParser
from aisle_firmware_bridge.link import Chunk, LinkError, SerialLink
from aisle_firmware_bridge.phase import Phase
from aisle_firmware_bridge.protocol import (
    Bumpers,
    Cliffs,
    Contacts,
    Disarm,
    Faults,
    Hello,
    Mode,
    Status,
    StopChain,
    decode,
    encode,
)
from tests.firmware_bridge.introductions import identity_of, introduce

STARTED_S = 5000.0
BASE_AHEAD_S = -4000.0


@dataclass
class FakeLink(SerialLink):
    """A line that is there or not, and carries what the test puts on it."""

    is_there: bool = True
    arriving: list[Chunk] = field(default_factory=list)
    sent: bytes = b""
    opened: int = 0
    is_writable: bool = True
    _is_open: bool = False

    @property
    def is_open(self) -> bool:
        return self._is_open

    def open(self) -> None:
        self.opened += 1
        if not self.is_there:
            raise LinkError("/dev/aisle_base: there is no such device")
        self._is_open = True

    def close(self) -> None:
        self._is_open = False

    def chunks(self, wait_s: float = 0.0) -> list[Chunk]:
        if not self.is_there:
            raise LinkError("/dev/aisle_base: unplugged")
        found, self.arriving = self.arriving, []
        return found

    def write(self, content: bytes) -> None:
        if not self.is_writable:
            raise LinkError("/dev/aisle_base: unplugged while writing")
        self.sent += content


@dataclass
class Driven:
    """A driver, its line, and the clock that the line stamps with."""

    bridge: Bridge
    link: FakeLink
    driver: BaseDriver
    monotonic_s: list[float]

    def tick(self, now_s: float) -> list[Event]:
        self.monotonic_s[0] = now_s
        return self.driver.tick(now_s, Twist2(0.5, 0.0))

    def says(self, content: bytes, arrived_s: float) -> None:
        self.link.arriving.append(Chunk(content, arrived_s))

    def session(self) -> int:
        [hello] = [m for m in map(decode, FrameParser().feed(self.link.sent)) if isinstance(m, Hello)]
        return hello.session


@pytest.fixture
def driven(robot: RobotModel) -> Driven:
    bridge, link, monotonic_s = Bridge(robot), FakeLink(), [0.0]
    return Driven(bridge, link, BaseDriver(bridge, link, lambda: monotonic_s[0]), monotonic_s)


def meet(driven: Driven, robot: RobotModel) -> int:
    driven.tick(STARTED_S)
    session = driven.session()
    driven.says(introduce(identity_of(robot, OWN_DICTIONARY, session), OWN_DICTIONARY), STARTED_S + 0.01)
    events = driven.tick(STARTED_S + 0.02)
    assert [type(event) for event in events] == [BaseAccepted]
    return session


def status(session: int, clock_s: float) -> bytes:
    measured = (round(clock_s * 1e6), session, 0, 0, 0.0, 0.0, 0.0, 26_000, 90, 0, 0)
    states = (Bumpers(0), Cliffs(0), Contacts(0), StopChain(0), Mode.DISARMED, Faults(0))
    return encode(Status(*measured, *states), 9)


def stamp_s(events: list[Event]) -> float:
    [report] = [event for event in events if isinstance(event, BaseReport)]
    return report.odometry.stamp_s


def test_bytes_count_as_received_when_they_arrived_and_not_when_they_were_read(
    driven: Driven, robot: RobotModel
) -> None:
    session = meet(driven, robot)
    driven.says(status(session, 1000.03), STARTED_S + 0.03)
    assert stamp_s(driven.tick(STARTED_S + 0.04)) == pytest.approx(1000.03 - BASE_AHEAD_S, abs=1e-6)


def test_bytes_never_count_as_older_than_the_last_tick(driven: Driven, robot: RobotModel) -> None:
    session = meet(driven, robot)
    driven.says(status(session, 1000.03), STARTED_S - 50.0)
    assert stamp_s(driven.tick(STARTED_S + 0.04)) == pytest.approx(STARTED_S + 0.02, abs=1e-6)


def test_an_unplug_is_told_once_and_the_line_is_tried_again_now_and_then(driven: Driven, robot: RobotModel) -> None:
    meet(driven, robot)
    driven.link.is_there = False
    assert [type(event) for event in driven.tick(STARTED_S + 0.04)] == [BaseLost]
    opened = driven.link.opened
    for tick in range(100):
        assert driven.tick(STARTED_S + 0.06 + 0.02 * tick) == []
    assert driven.link.opened - opened == round(2.0 / REOPEN_EVERY_S)
    driven.link.is_there = True
    driven.tick(STARTED_S + 3.0)
    assert driven.bridge.phase is Phase.GREETING


def test_what_was_received_before_a_write_failed_is_told_before_the_loss(driven: Driven, robot: RobotModel) -> None:
    session = meet(driven, robot)
    driven.says(status(session, 1000.03), STARTED_S + 0.03)
    driven.link.is_writable = False
    events = driven.tick(STARTED_S + 0.04)
    assert [type(event) for event in events] == [BaseReport, ModeChanged, BaseLost]
    assert not driven.link.is_open
    assert driven.bridge.phase is Phase.OFFLINE


def test_closing_disarms_as_far_as_the_line_carries_it(driven: Driven, robot: RobotModel) -> None:
    meet(driven, robot)
    driven.link.sent = b""
    driven.driver.close()
    assert [decode(frame) for frame in FrameParser().feed(driven.link.sent)] == [Disarm()]
    assert not driven.link.is_open
    assert driven.bridge.phase is Phase.OFFLINE
