"""Calls for a person: for the shopper of the visit, and for somebody else who stands at the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle import card_numbers
from aisle.messages.care import CallPerson, PersonCalled, Stage
from aisle.messages.visit import RobotView
from kiosk_ui.lanes import Answer, Delivery, Letter
from kiosk_ui.visit import Call, CallStatus, Visit

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

PANEL_S = 15.0
_MOST_CHARACTERS = 2000

_STATUS = {
    Delivery.LATE: CallStatus.LATE,
    Delivery.REFUSED: CallStatus.REFUSED,
    Delivery.ARRIVED: CallStatus.ARRIVED,
}


def call(kiosk: Kiosk, visit: Visit, now_s: float, *, is_open: bool) -> None:
    """Send for a person with the story so far; the call is repeated until it has arrived."""
    # Whoever knows the key reads what staff noted about the shopper, so no other number leads to it.
    visit.call = Call(f"{kiosk.new_id()[:40]}-call", is_open=is_open, shown_s=now_s)
    kiosk.record(visit, now_s, Stage.CARE, "person_called")
    _post(kiosk, visit.call.key, visit.session_id, visit.story())


def call_for_somebody_else(kiosk: Kiosk, visit: Visit, now_s: float) -> None:
    """Send for a person to somebody who is not on the tour, once a visit; nothing of the visit is told."""
    earlier = visit.call_of_other
    if earlier is not None and earlier.status is not CallStatus.REFUSED:
        earlier.is_open, earlier.shown_s = True, now_s
        return
    view = kiosk.robot.last
    place = f" The robot was at x {view.x_m:.1f} m, y {view.y_m:.1f} m." if view is not None else ""
    visit.call_of_other = Call(f"{kiosk.new_id()[:40]}-other", shown_s=now_s)
    story = f"Somebody asked for help at the screen while the robot led a shopper.{place}"
    _post(kiosk, visit.call_of_other.key, "", story)


def call_to_robot(kiosk: Kiosk, view: RobotView, now_s: float) -> None:
    """Send for a person to a robot that does not know where it is, with the story of the visit if there is one."""
    story = f"The robot does not know where it is; it last believed to be at x {view.x_m:.1f} m, y {view.y_m:.1f} m."
    if kiosk.visit is not None:
        kiosk.visit.journey.tell(story)
        call(kiosk, kiosk.visit, now_s, is_open=False)
    else:
        _post(kiosk, f"{kiosk.new_id()[:40]}-astray", "", story)


def _post(kiosk: Kiosk, key: str, session_id: str, story: str) -> None:
    # A story repeats what was typed into the search, and that may have been a card number.
    told = card_numbers.masked(story)[:_MOST_CHARACTERS]
    message = CallPerson(
        call_key=key, session_id=session_id, robot_id=kiosk.robot_id, screen=kiosk.screen.value, story=told
    )
    kiosk.outbox.post("call", Letter(message, key))


def show(visit: Visit, now_s: float) -> None:
    """Show again how far the shopper's call has got."""
    if visit.call is not None:
        visit.call.is_open, visit.call.shown_s = True, now_s


def note(visit: Visit, key: str, delivery: Delivery, answer: Answer, now_s: float) -> None:
    """Take what became of a call; one of an earlier visit is nobody's here."""
    for one in (visit.call, visit.call_of_other):
        if one is not None and one.key == key:
            one.status, one.shown_s = _STATUS[delivery], now_s
            if isinstance(answer, PersonCalled):
                one.waiting_before = answer.waiting_before


def close_old(visit: Visit, now_s: float) -> None:
    """Take the answer away when it has been read."""
    one = visit.open_call
    if one is not None and one.status is CallStatus.ARRIVED and now_s - one.shown_s > PANEL_S:
        one.is_open = False
