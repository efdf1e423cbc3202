"""What the kiosk has to say to the backend and the robot: letters and demands that must arrive, and single questions.

What is not delivered yet is told to `keep`, so that it can outlive the process; the outbox itself does no I/O.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec

from aisle.messages import Message, Problem, ProblemCode
from kiosk_ui.demands import Demand, Demanded, Demands
from kiosk_ui.lanes import Answer, ChannelName, Delivery, Drop, Lane, Letter, Outgoing

__all__ = ["Answer", "ChannelName", "Delivery", "Drop", "Keep", "Lane", "Letter", "Outbox", "Outgoing"]

log = logging.getLogger(__name__)


class Keep(msgspec.Struct, frozen=True):
    """A letter waits in a lane."""

    lane: str
    letter: Letter


def forget(_change: object) -> None:
    """Keep nothing: letters then live as long as the process."""


@dataclass(slots=True)
class _Question:
    outgoing: Outgoing
    tries_left: int
    pause_s: float
    again_at_s: float | None = None
    asked: int = 1


@dataclass(slots=True)
class Outbox:
    """All lanes, the demands, and the questions under way. `take` gives what is to be sent now."""

    lanes: dict[str, Lane]
    keep: Callable[[Keep | Drop | Demand], None] = forget
    demands: Demands = field(init=False)
    _next_token: int = 1
    _last_number: int = 0
    _questions: dict[int, _Question] = field(default_factory=dict)
    _ready: list[Outgoing] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.demands = Demands(self.keep)

    @property
    def waiting(self) -> int:
        """Return how many letters are not delivered yet."""
        return sum(len(lane.waiting) for lane in self.lanes.values())

    def restore(self, letters: Iterable[Keep]) -> None:
        """Put letters back that an earlier process could not deliver; those of unknown lanes are left out."""
        for kept in letters:
            self._last_number = max(self._last_number, kept.letter.number)
            if kept.lane in self.lanes:
                self.lanes[kept.lane].post(kept.letter)
            else:
                self._drop(kept.letter)

    def ask(self, channel: ChannelName, message: Message, key: str, *, tries: int = 1, pause_s: float = 1.0) -> int:
        """Ask, and again while nobody answers; return the token that the answer will carry."""
        token = self._new_token()
        question = _Question(Outgoing(token, channel, message, key[:60]), tries - 1, pause_s)
        self._questions[token] = question
        self._ready.append(question.outgoing)
        return token

    def insist(self, message: Demanded, key: str) -> int:
        """Ask until the store has carried it out, also after a restart; return the token of the answers."""
        token = self._new_token()
        self.demands.add(message, token, key)
        return token

    def restore_demands(self, demands: Iterable[Demand], new_key: Callable[[], str]) -> None:
        """Go on with the demands of an earlier process."""
        for demand in demands:
            self.demands.restore(demand, self._new_token(), new_key())

    def drop_question(self, token: int | None) -> None:
        """Ask no more; an answer that still comes belongs to nobody."""
        if token is not None:
            self._questions.pop(token, None)

    def post(self, lane: str, letter: Letter) -> None:
        """Put a letter into a lane; when that is full its oldest letter is lost, and the log says so."""
        self._last_number += 1
        target = self.lanes[lane]
        letter = msgspec.structs.replace(letter, number=self._last_number if target.is_kept else 0)
        if target.is_kept:
            self.keep(Keep(lane, letter))
        for lost in target.post(letter):
            log.error("more than %d letters wait for the %s: the oldest is lost", target.most, target.channel)
            self._drop(lost)

    def tick(self, now_s: float) -> None:
        """Make ready what is due."""
        for lane in self.lanes.values():
            outgoing = lane.send(self._next_token, now_s)
            if outgoing is not None:
                self._new_token()
                self._ready.append(outgoing)
        for question in self._questions.values():
            if question.again_at_s is not None and now_s >= question.again_at_s:
                self._ask_again(question)
        self._ready += self.demands.due(now_s)

    def take(self) -> list[Outgoing]:
        """Return what is to be sent, each once."""
        ready, self._ready = self._ready, []
        return ready

    def settle(self, token: int, answer: Answer, now_s: float) -> tuple[str, Letter, Delivery] | None:
        """Take an answer; return lane, letter and what became of it, or None for a question."""
        for name, lane in self.lanes.items():
            if lane.token == token:
                letter, delivery = lane.settle(answer, now_s)
                if delivery is not Delivery.LATE:
                    self._drop(letter)
                return name, letter, delivery
        return None

    def is_open(self, token: int, answer: Answer, now_s: float) -> bool:
        """Tell whether a question stays open after this answer, because it was none and there are tries left."""
        if token in self.demands:
            return self.demands.is_open(token, answer, now_s)
        question = self._questions.get(token)
        is_none = isinstance(answer, Exception) or (
            isinstance(answer, Problem) and answer.code is ProblemCode.NOT_READY
        )
        if question is not None and is_none and question.tries_left > 0:
            question.again_at_s = now_s + question.pause_s
            return True
        self.drop_question(token)
        return False

    def _ask_again(self, question: _Question) -> None:
        question.tries_left, question.again_at_s, question.asked = question.tries_left - 1, None, question.asked + 1
        first = question.outgoing
        self._ready.append(msgspec.structs.replace(first, key=f"{first.key}.{question.asked}"))

    def _drop(self, letter: Letter) -> None:
        if letter.number:
            self.keep(Drop(letter.number))

    def _new_token(self) -> int:
        token, self._next_token = self._next_token, self._next_token + 1
        return token
