"""Messages between staff and the store's backend: the queue of calls for a person, and alerts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import FreeText, Identifier, Message
from aisle.messages.journey import Count

MOST_CARDS = 100


class CallState(StrEnum):
    """Where a call for a person stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    HANDED_BACK = "handed_back"
    DONE = "done"


class Rule(StrEnum):
    """Why an alert was raised."""

    TWO_EMPTY_SEARCHES = "two_empty_searches"
    ABANDONED_TOUR = "abandoned_tour"
    REPEATED_BACK = "repeated_back"
    LOW_SCORE = "low_score"
    ANGRY_TEXT = "angry_text"


class QueueQuery(Message, frozen=True):
    """Show the calls that wait and those that are claimed, in the order in which they were made."""


class QueuedCall(Message, frozen=True, tag=False):
    """One call; it is escalated when nobody has claimed it for too long. `staff_id` is who claimed it."""

    assistance_id: int
    session_id: str
    robot_id: str
    screen: str
    story: str
    asked_unix_s: float
    state: CallState
    escalated: bool
    staff_id: str | None


class Queue(Message, frozen=True):
    """The calls, first come first."""

    calls: tuple[QueuedCall, ...]


class ClaimCall(Message, frozen=True):
    """Take a call; of several who try, one gets it. `staff_id` is a number or word that the store gives, no name."""

    assistance_id: int
    staff_id: Identifier


class HandBack(Message, frozen=True):
    """Give a claimed call's shopper back to the robot; the screen shows the shopper the note."""

    assistance_id: int
    staff_id: Identifier
    note: FreeText = ""


class EndCall(Message, frozen=True):
    """End a claimed call; say whether the shopper was helped, which is a step of the visit."""

    assistance_id: int
    staff_id: Identifier
    helped: bool = True


class CallNoted(Message, frozen=True):
    """A call's state; `note` is what staff said when they handed its shopper back."""

    assistance_id: int
    state: CallState
    note: FreeText = ""


class CallQuery(Message, frozen=True):
    """Ask for the state of a call by the key that its sender gave it; robots and screens ask so."""

    call_key: Identifier


class AlertsQuery(Message, frozen=True):
    """Show alerts, newest first; only those that nobody has acknowledged unless `also_acknowledged`."""

    also_acknowledged: bool = False


class Alert(Message, frozen=True, tag=False):
    """A visit or a complaint that goes wrong, with its story; `about` is the visit, or "complaint" and its number."""

    alert_id: int
    about: str
    rule: Rule
    robot_id: str
    story: str
    raised_unix_s: float
    staff_id: str | None


class Alerts(Message, frozen=True):
    """Alerts, newest first."""

    alerts: tuple[Alert, ...]


class AcknowledgeAlert(Message, frozen=True):
    """Say that somebody sees to it."""

    alert_id: int
    staff_id: Identifier


class AlertNoted(Message, frozen=True):
    """Who acknowledged an alert first."""

    alert_id: int
    staff_id: str


class WaitingCall(Message, frozen=True, tag=False):
    """A call that nobody has claimed. Its story may hold typed words and is only told to staff who ask (QueueQuery)."""

    assistance_id: int
    robot_id: str
    asked_unix_s: float
    escalated: bool


class BoardQuery(Message, frozen=True):
    """Show the board of staff once; it is also published twice a second."""


class CareBoard(Message, frozen=True):
    """What staff should see to now: open alerts, newest first, and waiting calls, oldest first; the newest counts."""

    alerts: Annotated[tuple[Alert, ...], Meta(max_length=MOST_CARDS)]
    calls: Annotated[tuple[WaitingCall, ...], Meta(max_length=MOST_CARDS)]
    open_alerts: Count
    waiting_calls: Count
