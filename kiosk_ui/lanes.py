"""A lane of letters: in order, one at a time, again and again until each is answered."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

import msgspec

from aisle.messages import Message, Problem, ProblemCode
from aisle.messages.care import CallPerson, Feedback, JourneyEvent, OpenSession
from aisle.messages.visit import TourCancel

log = logging.getLogger(__name__)

ChannelName = Literal["backend", "gateway"]
Answer = Message | Exception
"""A reply's body (a Problem is one too), or the error that stands for no reply."""

MOST_LETTERS = 20_000
"""A day without a backend in a busy store: some thousand visits with about ten letters each."""

_NEVER = frozenset({ProblemCode.MALFORMED, ProblemCode.VERSION, ProblemCode.FORBIDDEN})


class Outgoing(msgspec.Struct, frozen=True):
    """One request for the transport; the answer comes back with the token. `key` is the request's own key."""

    token: int
    channel: ChannelName
    message: Message
    key: str


class Letter(msgspec.Struct, frozen=True):
    """A message that must arrive once: it carries its own key, so that a repetition is harmless.

    `opening` is sent before it when the other side says that it does not know the visit. `number` is its place among
    all letters that were ever posted, by which it is kept; 0 for one that is not kept.
    """

    message: OpenSession | JourneyEvent | CallPerson | Feedback | TourCancel
    key: str
    opening: OpenSession | None = None
    number: int = 0


class Drop(msgspec.Struct, frozen=True):
    """The letter or demand with this number no longer waits."""

    number: int


class Delivery(Enum):
    """What became of a letter."""

    ARRIVED = "arrived"
    LATE = "late"
    REFUSED = "refused"


@dataclass(slots=True)
class Lane:
    """Sends its letters in order; the next goes only when the one before has arrived."""

    channel: ChannelName
    retry_s: float
    is_kept: bool = False
    most: int = MOST_LETTERS
    waiting: deque[Letter] = field(default_factory=deque)
    attempts: int = 0
    retry_at_s: float = float("-inf")
    token: int | None = None
    reopened: bool = False

    def post(self, letter: Letter) -> list[Letter]:
        """Put a letter at the end; return the oldest ones that had to make room."""
        self.waiting.append(letter)
        lost = []
        while len(self.waiting) > self.most:
            lost.append(self._take_out(1 if self.token is not None else 0))
        return lost

    def _take_out(self, index: int) -> Letter:
        letter = self.waiting[index]
        del self.waiting[index]
        return letter

    def withdraw(self, unwanted: Callable[[Letter], bool]) -> None:
        """Forget letters; the answer to one that is under way then belongs to nobody."""
        if self.waiting and unwanted(self.waiting[0]):
            self.token, self.attempts, self.retry_at_s = None, 0, float("-inf")
        self.waiting = deque(letter for letter in self.waiting if not unwanted(letter))

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
