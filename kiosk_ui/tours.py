"""A tour from the screen's side: asked for, accepted, followed with the robot's view, ended."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aisle.messages import Problem
from aisle.messages.care import Stage
from aisle.messages.visit import RobotView, Screen, TourAccepted, TourCancel, TourRequest, VisitState
from kiosk_ui.flow import Event
from kiosk_ui.outbox import Answer, Lane, Letter
from kiosk_ui.pages.product import refusal
from kiosk_ui.visit import Tour, Visit
from kiosk_ui.words import words

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

BELIEVE_ARRIVAL_S = 1.0
ENDED_S, UNSEEN_S = 1.5, 6.0
CANCEL_RETRY_S = 1.0

_ON_TOUR = frozenset({VisitState.GUIDING, VisitState.PAUSED, VisitState.CALLING, VisitState.STOPPED})


def cancel_lane() -> Lane:
    """Return an empty lane for what the robot must hear."""
    return Lane("gateway", CANCEL_RETRY_S)


def ask(kiosk: Kiosk, visit: Visit) -> None:
    """Ask the robot to lead to the product that is shown."""
    assert visit.product_id is not None
    visit.notice = ""
    # A cancel that still waits for its turn must not end the tour that begins now.
    kiosk.outbox.lanes["robot"] = cancel_lane()
    visit.requests += 1
    request = TourRequest(session_id=visit.session_id, product_id=visit.product_id)
    token = kiosk.outbox.ask("gateway", request, f"{visit.session_id[:40]}-tour{visit.requests}")
    kiosk.tour_sessions[token] = visit.session_id
    visit.tour = Tour(visit.product_id, token)


def drop_pending(visit: Visit) -> None:
    """Forget a tour whose answer has not come; should it come after all, it is cancelled."""
    if visit.tour is not None and visit.tour.accepted_s is None:
        visit.tour = None


def take_answer(kiosk: Kiosk, session_id: str, token: int, answer: Answer, now_s: float) -> None:
    """Take the robot's answer to a request of a session, which may be over by now."""
    visit = kiosk.visit
    tour = visit.tour if visit is not None and visit.session_id == session_id else None
    if visit is not None and tour is not None and tour.token == token:
        if isinstance(answer, TourAccepted):
            _start(kiosk, visit, tour, now_s)
        else:
            _refuse(kiosk, visit, answer, now_s)
    elif tour is None:
        # Whoever asked is no longer waiting for it.
        _cancel(kiosk, session_id, f"late{token}")


def _start(kiosk: Kiosk, visit: Visit, tour: Tour, now_s: float) -> None:
    tour.accepted_s = tour.moved_s = now_s
    visit.journey.tell("I started to lead the way.")
    kiosk.record(visit, now_s, Stage.SELECTION, "tour_started")
    kiosk.go(Event.LEAD)


def _refuse(kiosk: Kiosk, visit: Visit, answer: Answer, now_s: float) -> None:
    visit.tour = None
    # Without an answer the request may have arrived all the same.
    _cancel(kiosk, visit.session_id, f"refused{visit.requests}")
    visit.notice = refusal(answer, kiosk.language)
    visit.journey.tell(f"I could not lead the way: {answer.sentence if isinstance(answer, Problem) else answer}")
    kiosk.record(visit, now_s, Stage.SELECTION, "tour_refused")


def follow(kiosk: Kiosk, visit: Visit, now_s: float) -> None:
    """Compare the tour on the screen with what the robot does."""
    tour, view = visit.tour, kiosk.robot.now
    if kiosk.screen is not Screen.GUIDING or tour is None or tour.accepted_s is None or view is None:
        return
    _walk(visit, tour, view, now_s)
    if view.visit in _ON_TOUR:
        tour.was_seen, tour.ended_since_s = True, None
        _call_when_blocked(kiosk, visit, tour, view, now_s)
    elif view.visit is not VisitState.ARRIVED:
        _note_end(kiosk, visit, tour, now_s)
    elif tour.was_seen or now_s - tour.accepted_s > BELIEVE_ARRIVAL_S:
        visit.journey.tell("We arrived at the shelf.")
        kiosk.record(visit, now_s, Stage.DELIVERY, "arrived")
        kiosk.arrive(visit, now_s)


def _call_when_blocked(kiosk: Kiosk, visit: Visit, tour: Tour, view: RobotView, now_s: float) -> None:
    if view.visit is VisitState.CALLING and not tour.called:
        tour.called = True
        visit.journey.tell(f"The robot cannot get through at x {view.x_m:.1f} m, y {view.y_m:.1f} m.")
        kiosk.call_person(visit, now_s, is_open=False)


def _note_end(kiosk: Kiosk, visit: Visit, tour: Tour, now_s: float) -> None:
    """The robot does something else; believe that when it lasts."""
    tour.ended_since_s = now_s if tour.ended_since_s is None else tour.ended_since_s
    if now_s - tour.ended_since_s > (ENDED_S if tour.was_seen else UNSEEN_S):
        kiosk.record(visit, now_s, Stage.DELIVERY, "tour_ended")
        kiosk.halt(visit, words(kiosk.language).tour_ended)


def end(kiosk: Kiosk, visit: Visit) -> None:
    """Tell the robot that it is no longer needed, if it is."""
    tour, visit.tour = visit.tour, None
    if tour is not None and tour.accepted_s is not None:
        _cancel(kiosk, visit.session_id, f"cancel{visit.requests}")


def _cancel(kiosk: Kiosk, session_id: str, key: str) -> None:
    kiosk.outbox.post("robot", Letter(TourCancel(session_id=session_id), f"{session_id[:40]}-{key}"))


def _walk(visit: Visit, tour: Tour, view: RobotView, now_s: float) -> None:
    """Count the metres of the tour, and remember when the robot last moved."""
    here = (view.x_m, view.y_m)
    if tour.position is None:
        tour.position = here
    step_m = math.dist(tour.position, here)
    if step_m > 0.1:
        visit.journey.metres += step_m
        tour.position, tour.moved_s = here, now_s
