"""What can go wrong between a till and the store, as layers around the till's line. Each happens once."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import msgspec

from aisle.bus import RequestClient, Unreachable
from aisle.messages.till import Basket, BasketState
from sim.till_core import Stage

CRASHED = 70


class Line(Protocol):
    """Asks the store; raises BusError when there is no answer."""

    def ask(self, stage: Stage, body: msgspec.Struct) -> msgspec.Struct: ...


@dataclass(frozen=True, slots=True)
class StoreLine:
    """The real line. Every try of one thing by one till (`subject` is till and basket) has the same key."""

    client: RequestClient
    subject: str
    timeout_s: float

    def ask(self, stage: Stage, body: msgspec.Struct) -> msgspec.Struct:
        """Ask once."""
        key = hashlib.sha256(f"{self.subject}/{stage}".encode()).hexdigest()
        answer: msgspec.Struct = self.client.ask(body, self.timeout_s, tries=1, key=key)
        return answer


class Fault(StrEnum):
    """What goes wrong, at the stage that is named beside it."""

    NONE = "none"
    LOST_REQUEST = "lost_request"
    LOST_REPLY = "lost_reply"
    REPEATED_REQUEST = "repeated_request"
    LATE_REPLY = "late_reply"
    OTHER_BASKET = "other_basket"
    GARBAGE = "garbage"
    CRASH = "crash"


@dataclass(slots=True)
class FaultyLine:
    """A line on which one thing goes wrong at one stage, `times` times."""

    line: StoreLine
    fault: Fault
    stage: Stage
    times: int = 1
    held: list[msgspec.Struct] = field(default_factory=list)

    def ask(self, stage: Stage, body: msgspec.Struct) -> msgspec.Struct:
        """Ask, or fail in the way that is asked for."""
        if stage != self.stage or self.times == 0:
            # What was held back comes now, in the place of an answer to something else.
            return self.held.pop() if self.held else self.line.ask(stage, body)
        self.times -= 1
        return _FAULTS[self.fault](self, stage, body)


def _plain(faulty: FaultyLine, stage: Stage, body: msgspec.Struct) -> msgspec.Struct:
    return faulty.line.ask(stage, body)


def _lose_request(faulty: FaultyLine, _stage: Stage, _body: msgspec.Struct) -> msgspec.Struct:
    # Who hears nothing waits as long as for any answer.
    time.sleep(faulty.line.timeout_s)
    raise Unreachable("the request was lost")


def _lose_reply(faulty: FaultyLine, stage: Stage, body: msgspec.Struct) -> msgspec.Struct:
    faulty.line.ask(stage, body)
    time.sleep(faulty.line.timeout_s)
    raise Unreachable("the reply was lost")


def _repeat(faulty: FaultyLine, stage: Stage, body: msgspec.Struct) -> msgspec.Struct:
    faulty.line.ask(stage, body)
    faulty.line.ask(stage, body)
    # Under another key too: not only the kept reply protects, but the state of the basket.
    answer: msgspec.Struct = faulty.line.client.ask(body)
    return answer


def _delay_reply(faulty: FaultyLine, stage: Stage, body: msgspec.Struct) -> msgspec.Struct:
    answer = faulty.line.ask(stage, body)
    faulty.held.append(answer)
    if isinstance(answer, Basket) and answer.state is BasketState.SOLD:
        # Older still: the answer to the question before.
        faulty.held.append(msgspec.structs.replace(answer, state=BasketState.TAKEN, sale_id=""))
    raise Unreachable("the reply is late")


def _mix_up(faulty: FaultyLine, stage: Stage, body: msgspec.Struct) -> msgspec.Struct:
    answer = faulty.line.ask(stage, body)
    return msgspec.structs.replace(answer, basket_id="somebody-elses") if isinstance(answer, Basket) else answer


def _babble(faulty: FaultyLine, stage: Stage, body: msgspec.Struct) -> msgspec.Struct:
    for content in (b"", b"\x00\xff\xc1 not a message", msgspec.msgpack.encode({"version": 1})):
        faulty.line.client.socket.send(content)
    return faulty.line.ask(stage, body)


def _crash(faulty: FaultyLine, stage: Stage, body: msgspec.Struct) -> msgspec.Struct:
    faulty.line.ask(stage, body)
    # As a power cut: nothing is written, nothing is said.
    os._exit(CRASHED)


_FAULTS: dict[Fault, Callable[[FaultyLine, Stage, msgspec.Struct], msgspec.Struct]] = {
    Fault.NONE: _plain,
    Fault.LOST_REQUEST: _lose_request,
    Fault.LOST_REPLY: _lose_reply,
    Fault.REPEATED_REQUEST: _repeat,
    Fault.LATE_REPLY: _delay_reply,
    Fault.OTHER_BASKET: _mix_up,
    Fault.GARBAGE: _babble,
    Fault.CRASH: _crash,
}
