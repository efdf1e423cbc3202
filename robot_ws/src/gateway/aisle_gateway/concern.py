"""What the gateway asks of the store again and again, and how answers find their question. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from aisle.messages import Message

PATIENCE_S = 1.0
"""A question without an answer for so long is asked anew; an answer that comes later counts no more."""


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
    """Asks one concern's questions, one at a time."""

    concern: Concern
    new_key: Callable[[], str]
    _key: str = ""
    _asked: Message | None = None
    _asked_s: float = float("-inf")

    def ask(self, now_s: float) -> tuple[str, Message] | None:
        """Return key and question, None while there is nothing to ask or an answer is waited for."""
        since_s = now_s - self._asked_s
        if self._key and since_s < PATIENCE_S:
            return None
        self._key = ""
        question = self.concern.wants(now_s, since_s)
        if question is None:
            return None
        self._key, self._asked, self._asked_s = self.new_key(), question, now_s
        return self._key, question

    def hear(self, key: str, reply: Any) -> None:
        """Take an answer when it is to the question under way."""
        if self._asked is not None and key == self._key:
            self._key = ""
            self.concern.hear(self._asked, reply, self._asked_s)
