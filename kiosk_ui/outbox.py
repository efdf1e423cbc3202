"""What the kiosk has to say to the backend and the robot: in order, again and again until it is answered."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

import msgspec

from aisle.messages import Message, Problem, ProblemCode
from aisle.messages.care import OpenSession

log = logging.getLogger(__name__)

ChannelName = Literal["backend", "gateway"]
Answer = Message | Exception
"""A reply's body (a Problem is one too), or the error that stands for no reply."""

_NEVER = frozenset({ProblemCode.MALFORMED, ProblemCode.VERSION, ProblemCode.FORBIDDEN})


class Outgoing(msgspec.Struct, frozen=True):
    """One request for the transport; the answer comes back with the token. `key` is the request's own key."""

    token: int
    channel: ChannelName
    message: Message
    key: str


class Letter(msgspec.Struct, frozen=True):
    """A message that must arrive once: it carries its own key, so that a repetition is harmless.

    `opening` is sent before it when the other side says that it does not know the visit.
    """

    message: Message
    key: str
    opening: OpenSession | None = None


class Delivery(Enum):
    """What became of a letter."""

    ARRIVED = "arrived"
    LATE = "late"
    REFUSED = "refused"


Told = Callable[[Letter, Delivery, Answer], None]


@dataclass(slots=True)
class Lane:
    """Sends its letters in order, one at a time; the next goes only when the one before has arrived."""

    channel: ChannelName
    retry_s: float
    waiting: deque[Letter] = field(default_factory=deque)
    attempts: int = 0
    retry_at_s: float = float("-inf")
    token: int | None = None
    reopened: bool = False

    def post(self, letter: Letter) -> None:
        """Put a letter at the end."""
        self.waiting.append(letter)

    def send(self, token: int, now_s: float) -> Outgoing | None:
        """Return the first letter when it is time for it, else None."""
        if self.token is not None or not self.waiting or now_s < self.retry_at_s:
            return None
        letter = self.waiting[0]
        self.token = token
        self.attempts += 1
        # A request key of its own for every attempt: the bus remembers its reply to a key, refusals too.
        return Outgoing(token, self.channel, letter.message, f"{letter.key}.{self.attempts}"[:64])

    def settle(self, answer: Answer, now_s: float) -> tuple[Letter, Delivery]:
        """Take the answer to the letter under way, and say what became of it."""
        self.token = None
        letter = self.waiting[0]
        delivery = self._judge(letter, answer)
        if delivery is Delivery.LATE:
            self.retry_at_s = now_s + self.retry_s
            return letter, delivery
        if delivery is Delivery.REFUSED:
            log.error("%s refused %s: %s", self.channel, type(letter.message).__name__, answer)
        self.waiting.popleft()
        self.attempts, self.retry_at_s = 0, float("-inf")
        self.reopened = self.reopened and letter.opening is None
        return letter, delivery

    def _judge(self, letter: Letter, answer: Answer) -> Delivery:
        if isinstance(answer, Exception):
            return Delivery.LATE
        if not isinstance(answer, Problem):
            return Delivery.ARRIVED
        if answer.code in _NEVER:
            return Delivery.REFUSED
        if answer.code is ProblemCode.UNKNOWN_SESSION:
            return self._reopen(letter)
        return Delivery.LATE

    def _reopen(self, letter: Letter) -> Delivery:
        if letter.opening is None or self.reopened:
            return Delivery.REFUSED
        self.reopened = True
        self.waiting.appendleft(Letter(letter.opening, f"{letter.key}-again"))
        return Delivery.LATE


@dataclass(slots=True)
class Outbox:
    """All lanes, and single requests that are not repeated. `take` gives what is to be sent now."""

    lanes: dict[str, Lane]
    _next_token: int = 1
    _ready: list[Outgoing] = field(default_factory=list)

    def ask(self, channel: ChannelName, message: Message, key: str) -> int:
        """Send once, without repetition; return the token that its answer will carry."""
        token = self._new_token()
        self._ready.append(Outgoing(token, channel, message, key[:64]))
        return token

    def post(self, lane: str, letter: Letter) -> None:
        """Put a letter into a lane."""
        self.lanes[lane].post(letter)

    def tick(self, now_s: float) -> None:
        """Make ready what is due."""
        for lane in self.lanes.values():
            outgoing = lane.send(self._next_token, now_s)
            if outgoing is not None:
                self._new_token()
                self._ready.append(outgoing)

    def take(self) -> list[Outgoing]:
        """Return what is to be sent, each once."""
        ready, self._ready = self._ready, []
        return ready

    def settle(self, token: int, answer: Answer, now_s: float) -> tuple[str, Letter, Delivery] | None:
        """Take an answer; return lane, letter and what became of it, or None for a single request."""
        for name, lane in self.lanes.items():
            if lane.token == token:
                return name, *lane.settle(answer, now_s)
        return None

    def _new_token(self) -> int:
        token, self._next_token = self._next_token, self._next_token + 1
        return token
