"""What the gateway asks of the store again and again, and how answers find their question. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from aisle.messages import Message

PATIENCE_S = 1.0
"""A question without an answer for so long is asked anew."""
LATE_S = 10.0
"""An answer counts for so long after its question: a store that is slow is heard all the same."""


class Concern(Protocol):
    """One matter between the gateway and the store. Times are seconds of one clock that never runs backwards."""

    def wants(self, now_s: float, since_s: float) -> Message | None:
        """Return what is to be asked now, `since_s` after the last question; None while nothing is due."""
        ...

    def hear(self, asked: Message, reply: Any, asked_s: float) -> None:
        """Take the answer to a question that was asked at `asked_s`; a Problem is an answer too."""
        ...


@dataclass(slots=True)
class Conversation:
    """Asks one concern's questions, one at a time; a late answer counts unless a newer question is answered already."""

    concern: Concern
    new_key: Callable[[], str]
    _key: str = ""
    _asked_s: float = float("-inf")
    _open: dict[str, tuple[Message, float]] = field(default_factory=dict, repr=False)

    def ask(self, now_s: float) -> tuple[str, Message] | None:
        """Return key and question, None while there is nothing to ask or an answer is waited for."""
        self._open = {key: (asked, at_s) for key, (asked, at_s) in self._open.items() if now_s - at_s < LATE_S}
        since_s = now_s - self._asked_s
        if self._key and since_s < PATIENCE_S:
            return None
        self._key = ""
        question = self.concern.wants(now_s, since_s)
        if question is None:
            return None
        self._key, self._asked_s = self.new_key(), now_s
        self._open[self._key] = (question, now_s)
        return self._key, question

    def hear(self, key: str, reply: Any) -> None:
        """Take an answer to an open question; the questions before it are closed, so that nothing older comes later."""
        if key not in self._open:
            return
        asked, asked_s = self._open[key]
        self._open = {other: question for other, question in self._open.items() if question[1] > asked_s}
        if key == self._key:
            self._key = ""
        self.concern.hear(asked, reply, asked_s)
