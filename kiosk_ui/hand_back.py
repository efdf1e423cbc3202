"""A call for a person that somebody has taken: the screen keeps the visit as it is, and goes on with it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages.staff import CallNoted, CallQuery, CallState
from aisle.messages.visit import Screen
from kiosk_ui import advising, consent, questions
from kiosk_ui.flow import Event
from kiosk_ui.lanes import Answer
from kiosk_ui.remembering import Remembering
from kiosk_ui.visit import Call, CallStatus, Prompt, Visit

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk

POLL_S = 3.0
HOLD_S = 300.0
"""A person who talks to a shopper needs minutes; after five nobody stands here any more, and others want the screen."""
LONGEST_NOTE = 160


def watch(kiosk: Kiosk, visit: Visit, now_s: float) -> None:
    """Ask now and then whether somebody has taken the call, and whether the shopper is handed back."""
    call = visit.call
    if call is None or call.token is not None or call.status not in (CallStatus.ARRIVED, CallStatus.CLAIMED):
        return
    if now_s - call.asked_s >= POLL_S:
        call.asked_s = now_s
        call.token = questions.ask(kiosk, visit, CallQuery(call_key=call.key), _take)


def _take(kiosk: Kiosk, visit: Visit, answer: Answer, now_s: float) -> None:
    call = visit.call
    if call is None:
        return
    call.token = None
    if not isinstance(answer, CallNoted):
        return
    if answer.state is not CallState.WAITING and call.status is not CallStatus.CLAIMED:
        # The shopper goes away with that person, and anybody may come to the screen.
        _forget_shopper(kiosk, visit)
    match answer.state:
        case CallState.CLAIMED:
            _claimed(kiosk, visit, call, now_s)
        case CallState.HANDED_BACK:
            call.status, call.note = CallStatus.HANDED_BACK, sentence(answer.note)
            call.is_open, call.shown_s = True, now_s
            visit.journey.tell(f"Staff handed the shopper back. {call.note}".strip())
            kiosk.wait_anew(now_s)
        case CallState.DONE:
            visit.journey.tell("A person was there, and the call is over.")
            call.status, call.is_open = CallStatus.ENDED, False


def _forget_shopper(kiosk: Kiosk, visit: Visit) -> None:
    """Forget who stands here, and leave the pages that are about them; the visit and its list stay."""
    consent.end(kiosk, visit)
    visit.remembering = Remembering(wordings=visit.remembering.wordings)
    advising.forget(visit)
    if visit.prompt is Prompt.ERASE:
        visit.prompt = None
    if kiosk.screen is Screen.MEMORY:
        kiosk.go(Event.HOME)


def _claimed(kiosk: Kiosk, visit: Visit, call: Call, now_s: float) -> None:
    """While a person sees to the shopper, nobody touches the screen, and the visit is kept all the same.

    Whoever becomes known or opens the memory meanwhile, and then goes, is not kept.
    """
    if call.status is not CallStatus.CLAIMED:
        call.status, call.claimed_s = CallStatus.CLAIMED, now_s
        visit.journey.tell("A person has taken the call.")
    is_personal = bool(visit.remembering.shopper_id) or kiosk.screen is Screen.MEMORY
    if call.claimed_s is not None and now_s - call.claimed_s < HOLD_S and not is_personal:
        kiosk.wait_anew(now_s)


def sentence(note: str) -> str:
    """Return a note as the one sentence that the screen has room for."""
    line = " ".join(note.split())
    end = min((line.find(mark) + 1 for mark in (". ", "! ", "? ") if mark in line), default=len(line))
    short = line[:end]
    return short if len(short) <= LONGEST_NOTE else f"{short[: LONGEST_NOTE - 1].rstrip()}…"
