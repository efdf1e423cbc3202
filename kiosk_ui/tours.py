"""A tour from the screen's side: asked for, answered, begun, ended. `following` holds it against the robot's view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages import Problem
from aisle.messages.care import Stage
from aisle.messages.visit import TourAccepted, TourCancel, TourRequest
from kiosk_ui.flow import Event
from kiosk_ui.lanes import Answer, Lane, Letter
from kiosk_ui.pages.product import refusal
from kiosk_ui.visit import Tour, Visit

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

CANCEL_RETRY_S = 1.0
MOST_CANCELS = 50
ASK_TRIES, ASK_PAUSE_S = 3, 1.0


def cancel_lane() -> Lane:
    """Return an empty lane for what the robot must hear."""
    return Lane("gateway", CANCEL_RETRY_S, most=MOST_CANCELS)


def ask(kiosk: Kiosk, visit: Visit) -> None:
    """Ask the robot to lead to the product that is shown."""
    assert visit.product_id is not None
    visit.notice = ""
    visit.tour = tour = Tour(visit.product_id, None)
    request(kiosk, visit, tour)


def request(kiosk: Kiosk, visit: Visit, tour: Tour) -> None:
    """Send the wish for a tour, for the first time or again: session and product say that it is the same tour."""
    # A cancel of this visit that still waits for its turn must not end the tour that is wanted now.
    kiosk.outbox.lanes["robot"].withdraw(lambda letter: _is_cancel_of(letter, visit.session_id))
    kiosk.outbox.drop_question(tour.token)
    visit.requests += 1
    wish = TourRequest(session_id=visit.session_id, product_id=tour.product_id)
    key = f"{visit.session_id[:40]}-tour{visit.requests}"
    tour.token = kiosk.outbox.ask("gateway", wish, key, tries=ASK_TRIES, pause_s=ASK_PAUSE_S)
    if visit.session_id not in kiosk.toured:
        kiosk.toured.append(visit.session_id)


def _is_cancel_of(letter: Letter, session_id: str) -> bool:
    return isinstance(letter.message, TourCancel) and letter.message.session_id == session_id


def drop_pending(kiosk: Kiosk, visit: Visit) -> None:
    """Forget a tour whose answer has not come; the robot may have heard of it all the same."""
    if visit.tour is not None and visit.tour.accepted_s is None:
        end(kiosk, visit)


def take_answer(kiosk: Kiosk, visit: Visit, tour: Tour, answer: Answer, now_s: float) -> None:
    """Take the robot's answer to the wish for a tour."""
    tour.token = None
    if tour.accepted_s is not None:
        # Asked again: what became of it is seen in what the robot does.
        return
    if isinstance(answer, TourAccepted):
        begin(kiosk, visit, tour, now_s)
    else:
        _refuse(kiosk, visit, answer, now_s)


def begin(kiosk: Kiosk, visit: Visit, tour: Tour, now_s: float) -> None:
    """The robot goes: show the way."""
    tour.accepted_s = tour.moved_s = now_s
    visit.journey.tell("I started to lead the way.")
    kiosk.record(visit, now_s, Stage.SELECTION, "tour_started")
    kiosk.go(Event.LEAD)


def _refuse(kiosk: Kiosk, visit: Visit, answer: Answer, now_s: float) -> None:
    # Without an answer the request may have arrived all the same.
    end(kiosk, visit)
    visit.notice = refusal(answer, kiosk.language)
    visit.journey.tell(f"I could not lead the way: {answer.sentence if isinstance(answer, Problem) else answer}")
    kiosk.record(visit, now_s, Stage.SELECTION, "tour_refused")


def end(kiosk: Kiosk, visit: Visit) -> None:
    """Tell the robot that it is no longer needed, if it is."""
    tour, visit.tour = visit.tour, None
    if tour is not None:
        kiosk.outbox.drop_question(tour.token)
        cancel(kiosk, visit.session_id, f"cancel{visit.requests}")


def cancel(kiosk: Kiosk, session_id: str, key: str) -> None:
    """Tell the robot to end the tour of a session, until it has heard."""
    kiosk.outbox.post("robot", Letter(TourCancel(session_id=session_id), f"{session_id[:40]}-{key}"))
