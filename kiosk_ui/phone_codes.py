"""Codes that the shopper's phone reads: the shopper's number, the link of a card, and who stands at the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages.care import Stage
from aisle.messages.memory import (
    CardLinkOffered,
    Greeting,
    GreetingOffered,
    GreetingQuery,
    OfferCardLink,
    OfferGreeting,
)
from aisle.messages.visit import Screen
from kiosk_ui.lanes import Answer
from kiosk_ui.remembering import Notice, Remembering, Sheet, ask, read

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk
    from kiosk_ui.visit import Visit

POLL_S = 1.5


def show_number(visit: Visit) -> None:
    """Show the shopper's own number."""
    visit.remembering.sheet = Sheet.NUMBER


def link_card(kiosk: Kiosk, visit: Visit) -> None:
    """Show a code by which the shopper's phone links a card; only for who has allowed that."""
    state = visit.remembering

    def take(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, CardLinkOffered):
            visit.remembering.token = answer.token
        else:
            visit.remembering.notice, visit.remembering.sheet = Notice.AWAY, Sheet.CONSENT

    state.sheet, state.token = Sheet.CARD, ""
    ask(kiosk, visit, OfferCardLink(shopper_id=state.shopper_id), take)


def greet(kiosk: Kiosk, visit: Visit) -> None:
    """Show a code by which the shopper's phone says who stands here."""

    def take(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, GreetingOffered):
            visit.remembering.token = answer.token
        else:
            visit.remembering.notice, visit.remembering.sheet = Notice.AWAY, Sheet.CONSENT

    visit.remembering.sheet, visit.remembering.token = Sheet.GREETING, ""
    ask(kiosk, visit, OfferGreeting(), take)


def watch(kiosk: Kiosk, visit: Visit, now_s: float) -> None:
    """Ask now and then whether a phone has read the code that is shown."""
    state = visit.remembering
    is_shown = kiosk.screen is Screen.MEMORY and state.sheet is Sheet.GREETING and bool(state.token)
    if not is_shown or state.is_asking or now_s - state.asked_s < POLL_S:
        return
    state.asked_s, state.is_asking = now_s, True
    ask(kiosk, visit, GreetingQuery(token=state.token), _take_greeting, tries=1)


def _take_greeting(kiosk: Kiosk, visit: Visit, answer: Answer, now_s: float) -> None:
    state = visit.remembering
    state.is_asking = False
    if isinstance(answer, Greeting) and answer.shopper_id is not None and state.sheet is Sheet.GREETING:
        # What was withdrawn here before may not have reached the store yet.
        withdrawn = set(kiosk.outbox.demands.revoked(answer.shopper_id))
        visit.remembering = Remembering(
            shopper_id=answer.shopper_id, wordings=state.wordings, notice=Notice.WELCOME, withdrawn=withdrawn
        )
        kiosk.record_untimed(visit, Stage.CARE, "recognised")
        kiosk.wait_anew(now_s)
        read(kiosk, visit)
