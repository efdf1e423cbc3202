"""Requests to the base that want an answer: one at a time, repeated a few times, then given up. Pure: time is given."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from aisle_firmware_bridge.messages import Acknowledgement, Request, Result

ANSWER_WITHIN_S = 0.1
TRIES = 5
WAITING = 32


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request ended; `result` is None when the base never answered."""

    request: Request
    result: Result | None
    value: float = 0.0


class RequestLine:
    """Holds requests in their order; the next one is sent when the one before has ended.

    A request keeps its number when it is repeated, so that the base carries it out once and answers every time.
    """

    def __init__(self) -> None:
        self._waiting: deque[Request] = deque(maxlen=WAITING)
        self._flying: Request | None = None
        self._sent_s = 0.0
        self._tries = 0
        self._number = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked and nothing waits to be."""
        return self._flying is None and not self._waiting

    def ask(self, request: Request) -> None:
        """Add a request; its number is set here."""
        self._waiting.append(request)

    def due(self, now_s: float) -> Request | None:
        """Return the request to send now, first or again; None if there is nothing to send."""
        if self._flying is None:
            if not self._waiting:
                return None
            self._number = self._number % 0xFFFF + 1
            self._flying, self._tries = self._waiting.popleft()._replace(request=self._number), 0
        elif self._tries >= TRIES or not self._is_overdue(now_s):
            return None
        self._sent_s, self._tries = now_s, self._tries + 1
        return self._flying

    def take(self, answer: Acknowledgement) -> Answer | None:
        """Take an acknowledgement; None if it answers nothing that is asked now."""
        flying = self._flying
        if flying is None or flying.request != answer.request:
            return None
        self._flying = None
        return Answer(flying, answer.result, answer.value)

    def given_up(self, now_s: float) -> Answer | None:
        """Return the request that got no answer in TRIES tries, once."""
        flying = self._flying
        if flying is None or self._tries < TRIES or not self._is_overdue(now_s):
            return None
        self._flying = None
        return Answer(flying, None)

    def forget(self) -> None:
        """Drop everything: the session is over."""
        self._waiting.clear()
        self._flying = None

    def _is_overdue(self, now_s: float) -> bool:
        # A clock that jumped back must not hold a request for ever.
        return not 0.0 <= now_s - self._sent_s < ANSWER_WITHIN_S
