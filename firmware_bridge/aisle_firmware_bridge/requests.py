"""Requests to the base that want an answer: one at a time, repeated a few times, then given up. Pure: time is given."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from aisle_firmware_bridge.messages import (
    Acknowledgement,
    Arm,
    Disarm,
    Release,
    Request,
    Result,
    SetLights,
    SetParameter,
)

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

    A request keeps its number when it is repeated, so that the base carries it out once and answers every time. A
    disarm comes before everything else, and what asked for motion until then is forgotten.
    """

    def __init__(self) -> None:
        self._waiting: deque[Request] = deque()
        self._flying: Request | None = None
        self._sent_s = 0.0
        self._tries = 0
        self._number = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked and nothing waits to be."""
        return self._flying is None and not self._waiting

    def ask(self, request: Request) -> bool:
        """Add a request, whose number is set here; return whether there was room for it.

        A request takes the place of one that still waits and that it makes needless. When WAITING others wait it is
        refused and nothing changes: those that were accepted are all sent. A disarm always has room.
        """
        if isinstance(request, Disarm):
            self._stop(request)
            return True
        for place, known in enumerate(self._waiting):
            if _replaces(request, known):
                self._waiting[place] = request
                return True
        if len(self._waiting) >= WAITING:
            return False
        self._waiting.append(request)
        return True

    def _stop(self, request: Disarm) -> None:
        """Put a disarm before all others, and forget what asked for motion: also an arm that would be repeated.

        A setting or light that waits for its answer is asked again after it: done twice they are the same.
        """
        self._waiting = deque(known for known in self._waiting if not isinstance(known, Arm | Release | Disarm))
        if isinstance(self._flying, Disarm):
            return
        if isinstance(self._flying, SetParameter | SetLights):
            self._waiting.appendleft(self._flying)
        self._flying = None
        self._waiting.appendleft(request)

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


def _replaces(new: Request, known: Request) -> bool:
    """Return whether a request that waits need not be sent when a newer one will be."""
    if isinstance(new, SetParameter) and isinstance(known, SetParameter):
        return new.parameter == known.parameter
    return isinstance(new, SetLights) and isinstance(known, SetLights)
