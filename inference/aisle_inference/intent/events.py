"""The events of a visit that tell what the shopper wants, and the checks that they pass before anything reads them."""

from __future__ import annotations

import math
from collections.abc import Container
from enum import StrEnum

import msgspec

MOST_EVENTS = 200
MOST_TEXT_CHARACTERS = 200
MOST_SESSION_BYTES = 500_000
LONGEST_SESSION_S = 4 * 3600.0


class Intent(StrEnum):
    """The four things a shopper may want, as the screen asks for them.

    Know: information, a comparison. Go: the way to a place or a shelf. Buy: a certain need. Do: get something done, be
    it at home (a cake, a barbecue) or here (return, complain, pay, speak with somebody).
    """

    KNOW = "know"
    GO = "go"
    BUY = "buy"
    DO = "do"


INTENTS = tuple(Intent)


class EventKind(StrEnum):
    """What can happen in a visit; `journey.py` says which of it the screen records today."""

    PRESSED_KNOW = "pressed_know"
    PRESSED_GO = "pressed_go"
    PRESSED_BUY = "pressed_buy"
    PRESSED_DO = "pressed_do"
    SEARCHED = "searched"
    CATEGORY_OPENED = "category_opened"
    IDEA_OPENED = "idea_opened"
    PRODUCT_OPENED = "product_opened"
    DETAILS_READ = "details_read"
    SIMILAR_ASKED = "similar_asked"
    TOUR_ASKED = "tour_asked"
    NOTHING_FOUND = "nothing_found"
    SOLD_OUT = "sold_out"
    HELP_PRESSED = "help_pressed"
    STOOD = "stood"


PRESSED = {
    Intent.KNOW: EventKind.PRESSED_KNOW,
    Intent.GO: EventKind.PRESSED_GO,
    Intent.BUY: EventKind.PRESSED_BUY,
    Intent.DO: EventKind.PRESSED_DO,
}
NEEDS_CATEGORY = frozenset({EventKind.CATEGORY_OPENED, EventKind.STOOD})


class SessionEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One event, `at_s` after the visit began.

    `text` is what was searched for. `category_id` is the category that was opened, or that stands where the shopper
    stood for `dwell_s`. A `product_id` that the catalogue does not know says nothing, and is no mistake.
    """

    kind: EventKind
    at_s: float
    text: str = ""
    category_id: str = ""
    product_id: int | None = None
    dwell_s: float = 0.0


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The events of one visit in the order in which they happened, and the language of the screen."""

    events: tuple[SessionEvent, ...]
    language: str = "en"


class EventProblem(ValueError):
    """Events that cannot be read; the sentence names event, field, value and limit."""


def read_session(content: bytes, categories: Container[str]) -> Session:
    """Read a session from JSON and check it. Raises EventProblem."""
    if len(content) > MOST_SESSION_BYTES:
        raise EventProblem(
            f"the session has {len(content)} bytes, the limit is {MOST_SESSION_BYTES}; send fewer events"
        )
    try:
        session = msgspec.json.decode(content, type=Session)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EventProblem(f"the session cannot be read: {error}") from error
    check_session(session, categories)
    return session


def check_session(session: Session, categories: Container[str]) -> None:
    """Check sizes, times and categories. Raises EventProblem."""
    if len(session.events) > MOST_EVENTS:
        raise EventProblem(
            f"the session has {len(session.events)} events, the limit is {MOST_EVENTS}; send the last ones"
        )
    before_s = 0.0
    for number, event in enumerate(session.events, start=1):
        _check_event(number, event, categories)
        if event.at_s < before_s:
            raise EventProblem(f"event {number}: at_s is {event.at_s}, before the event ahead of it ({before_s})")
        before_s = event.at_s


def _check_event(number: int, event: SessionEvent, categories: Container[str]) -> None:
    _check_seconds(number, "at_s", event.at_s)
    _check_seconds(number, "dwell_s", event.dwell_s)
    if len(event.text) > MOST_TEXT_CHARACTERS:
        raise EventProblem(
            f"event {number}: text has {len(event.text)} characters, the limit is {MOST_TEXT_CHARACTERS}"
        )
    is_missing = not event.category_id and event.kind in NEEDS_CATEGORY
    if is_missing or (event.category_id and event.category_id not in categories):
        raise EventProblem(f"event {number}: category_id '{event.category_id[:64]}' is not in the catalogue")


def _check_seconds(number: int, field: str, seconds: float) -> None:
    if not (math.isfinite(seconds) and 0.0 <= seconds <= LONGEST_SESSION_S):
        raise EventProblem(f"event {number}: {field} is {seconds}, it must be from 0 to {LONGEST_SESSION_S:.0f}")
