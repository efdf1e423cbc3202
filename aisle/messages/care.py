"""Messages about the shopper's journey and about calling people."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import FreeText, Identifier, Message


class Stage(StrEnum):
    """The stages of a shopper's journey."""

    ORIENTATION = "orientation"
    SELECTION = "selection"
    PAYMENT = "payment"
    DELIVERY = "delivery"
    CARE = "care"


class Channel(StrEnum):
    """Where a shopper and the store meet."""

    ROBOT = "robot"
    KIOSK = "kiosk"
    PHONE = "phone"
    TILL = "till"
    WEB_FORM = "web_form"
    E_MAIL = "e_mail"
    SOCIAL = "social"
    CALL_NOTES = "call_notes"
    STAFF = "staff"


class OpenSession(Message, frozen=True):
    """A visit begins at a touch point; nothing about the person is sent."""

    session_id: Identifier
    robot_id: Identifier
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]


class SessionOpened(Message, frozen=True):
    """The backend knows the visit."""

    session_id: Identifier


class JourneyEvent(Message, frozen=True):
    """One step of a visit, appended and never changed; effort is what it cost the shopper.

    `event_key` is made once by the sender, so that an event sent again after a lost reply is kept once.
    `happened_unix_s` is the sender's time of the step; a sender that leaves it out gets the time of receipt.
    """

    event_key: Identifier
    session_id: Identifier
    stage: Stage
    touch_point: Identifier
    outcome: Identifier
    product_id: int | None = None
    taps: Annotated[int, Meta(ge=0, le=10_000)] = 0
    seconds: Annotated[float, Meta(ge=0.0, le=1e6)] = 0.0
    metres: Annotated[float, Meta(ge=0.0, le=1e6)] = 0.0
    channel: Channel = Channel.KIOSK
    happened_unix_s: Annotated[float, Meta(ge=0.0)] | None = None


class JourneyEvents(Message, frozen=True):
    """Many steps at once, of one visit or several: all are kept, or none when one of the visits is unknown."""

    events: Annotated[tuple[JourneyEvent, ...], Meta(min_length=1, max_length=500)]


class EventsRecorded(Message, frozen=True):
    """The events are stored durably; `added` counts those that were new."""

    added: Annotated[int, Meta(ge=0)]


class Recorded(Message, frozen=True):
    """The event is stored durably."""

    event_id: int


class CallPerson(Message, frozen=True):
    """Ask for a human, with the story so far; `call_key` is made once by the sender, as for events."""

    call_key: Identifier
    session_id: Annotated[str, Meta(max_length=64)]
    robot_id: Identifier
    screen: Identifier
    story: FreeText = ""


class PersonCalled(Message, frozen=True):
    """The request is in the queue of the staff."""

    assistance_id: int
    waiting_before: Annotated[int, Meta(ge=0)]


class Feedback(Message, frozen=True):
    """The answer to the one question at the end, 0 to 10."""

    session_id: Identifier
    score: Annotated[int, Meta(ge=0, le=10)]
