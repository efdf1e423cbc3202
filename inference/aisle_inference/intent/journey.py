"""From the steps that the screen records to the events of a session.

The screen keeps neither the words of a search nor which department or idea was opened as a step, and it does not know
that somebody stood at a shelf: such events must be added by whoever sees them.
"""

from __future__ import annotations

from collections.abc import Iterable

from aisle.messages.care import JourneyEvent
from aisle_inference.intent.events import EventKind, Session, SessionEvent

KIND_OF_OUTCOME = {
    "asked_know": EventKind.PRESSED_KNOW,
    "asked_go": EventKind.PRESSED_GO,
    "asked_buy": EventKind.PRESSED_BUY,
    "asked_do": EventKind.PRESSED_DO,
    "chosen": EventKind.PRODUCT_OPENED,
    "asked_similar": EventKind.SIMILAR_ASKED,
    "tour_started": EventKind.TOUR_ASKED,
    "tour_refused": EventKind.TOUR_ASKED,
    "nothing_found": EventKind.NOTHING_FOUND,
    "sold_out": EventKind.SOLD_OUT,
    "person_called": EventKind.HELP_PRESSED,
}


def session_of_steps(steps: Iterable[JourneyEvent], language: str) -> Session:
    """Return the session that steps tell of; each step says how many seconds after the one before it came."""
    events: list[SessionEvent] = []
    at_s = 0.0
    for step in steps:
        at_s += step.seconds
        kind = KIND_OF_OUTCOME.get(step.outcome)
        if kind is not None:
            events.append(SessionEvent(kind=kind, at_s=at_s, product_id=step.product_id))
    return Session(events=tuple(events), language=language)
