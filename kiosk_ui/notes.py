"""What outlives the kiosk of the visit at its screen, and how a new process takes it up again.

The robot is the truth about the tour: only the tour that its view shows is taken up. A visit without a tour is not
shown again, because nobody knows who stands at the screen by now; it is closed in the record.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from aisle.messages.care import OpenSession, Stage
from aisle.messages.till import PricedLine
from aisle.messages.visit import RobotView, Screen, VisitState
from kiosk_ui import hand_off
from kiosk_ui.flow import Event
from kiosk_ui.hand_off import HandOff, Standing, Way
from kiosk_ui.journey import Journey
from kiosk_ui.lanes import Letter
from kiosk_ui.visit import Call, CallStatus, Ending, Tour, Visit

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

log = logging.getLogger(__name__)

_SKIPPED = 10
"""A note may be a few steps older than the letters that were sent: keys go on well behind both."""


class CallNote(msgspec.Struct, frozen=True):
    """How far the call for a person had got."""

    key: str
    status: CallStatus
    waiting_before: int


class HandOffNote(msgspec.Struct, frozen=True):
    """A list that was handed over, or is on its way; what became of it is asked for.

    Notes of an earlier version tell no standing: what the store does not know of those is ended by its answer.
    """

    way: Way
    number: str
    standing: Standing = Standing.OPEN
    lines: tuple[PricedLine, ...] = ()


class VisitNote(msgspec.Struct, frozen=True, kw_only=True):
    """One visit. Metres are whole, so that a robot on its way does not change the note ten times a second."""

    opening: OpenSession
    language: str
    screen: Screen
    product_id: int | None
    on_tour: bool
    called: bool
    ending: Ending
    taps: int
    metres: int
    steps: int
    story: str
    requests: int
    call: CallNote | None
    basket: tuple[tuple[int, int], ...] = ()
    hand_off: HandOffNote | None = None
    key_stem: str = ""


class Note(msgspec.Struct, frozen=True):
    """What is known of the visit now; None when there is none."""

    visit: VisitNote | None


def note_of(kiosk: Kiosk) -> VisitNote | None:
    """Return what a new process would need to know."""
    visit = kiosk.visit
    if visit is None:
        return None
    return VisitNote(
        opening=visit.opening,
        language=kiosk.language,
        screen=_place(kiosk, visit),
        product_id=visit.product_id,
        on_tour=visit.tour is not None,
        called=visit.tour is not None and visit.tour.called,
        ending=visit.ending,
        taps=visit.journey.taps,
        metres=round(visit.journey.metres),
        steps=visit.journey.steps,
        story=visit.journey.story_so_far(),
        requests=visit.requests,
        call=CallNote(visit.call.key, visit.call.status, visit.call.waiting_before) if visit.call else None,
        basket=tuple(visit.basket.counts.items()),
        hand_off=_hand_off_note(visit.hand_off) if visit.hand_off else None,
        key_stem=visit.journey.key_stem,
    )


def _hand_off_note(known: HandOff) -> HandOffNote:
    return HandOffNote(known.way, known.number, known.standing, known.lines)


def _place(kiosk: Kiosk, visit: Visit) -> Screen:
    """Return the screen to which a new process goes back: whoever looks at the list on a tour stands at the shelf."""
    return Screen.ARRIVAL if kiosk.screen is Screen.BASKET and visit.tour is not None else kiosk.screen


def take_up(kiosk: Kiosk, note: VisitNote | None, now_s: float) -> bool:
    """Go on with the tour that the robot is on, or close the visit that was cut off; False while that is not known."""
    view = kiosk.robot.now
    if view is None and kiosk.visit is None:
        return False
    mine = note if note is not None and view is not None and note.opening.session_id == view.session_id else None
    if view is None or kiosk.visit is not None or view.product_id is None:
        _close(kiosk, note, now_s)
    elif mine is not None and not mine.on_tour:
        # It had been ended at the screen already, and the robot has not heard of it.
        _close(kiosk, note, now_s)
    else:
        _close(kiosk, None if mine else note, now_s)
        _resume(kiosk, view, mine, now_s)
    return True


def _resume(kiosk: Kiosk, view: RobotView, note: VisitNote | None, now_s: float) -> None:
    visit = _known_visit(kiosk, note, now_s) if note else _unknown_visit(kiosk, view, now_s)
    assert view.product_id is not None
    visit.product_id = view.product_id
    visit.tour = Tour(view.product_id, None, accepted_s=now_s, moved_s=now_s, called=bool(note and note.called))
    kiosk.toured.append(visit.session_id)
    log.info("took up the tour to product %d again%s", view.product_id, "" if note else ", without a note of the visit")
    kiosk.called_to_robot = view.visit is VisitState.ASTRAY and visit.call is not None
    kiosk.language = note.language if note else kiosk.language
    kiosk.visit = visit
    visit.journey.tell("The screen was started again.")
    kiosk.go(Event.RESUME)
    kiosk.record(visit, now_s, Stage.DELIVERY, "resumed")
    if note is not None and note.screen is Screen.ARRIVAL:
        # The arrival is in the record already.
        kiosk.arrive(visit, now_s)
        visit.ending = note.ending


def _known_visit(kiosk: Kiosk, note: VisitNote, now_s: float) -> Visit:
    journey = Journey(
        note.opening.session_id,
        now_s,
        # Notes of an earlier version have none.
        note.key_stem or kiosk.new_id(),
        taps=note.taps,
        metres=float(note.metres),
        steps=note.steps + _SKIPPED,
        story=[note.story],
    )
    visit = Visit(note.opening, journey, requests=note.requests + _SKIPPED)
    if note.call is not None:
        visit.call = Call(note.call.key, note.call.status, note.call.waiting_before, is_open=False)
    visit.basket.counts.update(note.basket)
    if note.hand_off is not None:
        known = note.hand_off
        visit.hand_off = HandOff(known.way, known.number, known.lines, known.standing, since_s=now_s)
    return visit


def _unknown_visit(kiosk: Kiosk, view: RobotView, now_s: float) -> Visit:
    """A tour of which no note is left: its steps get keys of their own, beside those that were sent."""
    opening = kiosk.opening(view.session_id)
    return Visit(opening, Journey(view.session_id, now_s, kiosk.new_id()))


def _close(kiosk: Kiosk, note: VisitNote | None, now_s: float) -> None:
    """Record that a visit was cut off; a tour that the robot is still on for it is nobody's any more."""
    if note is None:
        return
    kiosk.toured.append(note.opening.session_id)
    visit = _known_visit(kiosk, note, now_s)
    hand_off.forget(kiosk, visit)
    event = visit.journey.step(
        now_s, Stage.ORIENTATION, note.screen.value, "interrupted", note.product_id, kiosk.unix_s()
    )
    kiosk.outbox.post("journey", Letter(event, event.event_key, note.opening))
