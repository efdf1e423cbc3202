"""Advice beyond the one product: what the list still needs, what a shopper who agreed may want again or has never
bought, and what else stands on the shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages.advice import MOST_GIVEN, Advice, Recommended, RecommendRequest
from kiosk_ui import questions
from kiosk_ui.lanes import Answer

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk
    from kiosk_ui.visit import Visit

WANTED, WANTED_HERE = 3, 10
TRIES = 2


def complete(kiosk: Kiosk, visit: Visit) -> None:
    """Ask what goes with the whole list; without an answer nothing is shown."""
    given = visit.basket.products[:MOST_GIVEN]
    visit.completing = None
    if not given:
        return

    def take(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        # The list may have changed since; then the answer to the newer question counts.
        if isinstance(answer, Recommended) and visit.basket.products[:MOST_GIVEN] == given:
            visit.completing = answer

    request = RecommendRequest(advice=Advice.COMPLETE, given=given, limit=WANTED)
    questions.ask(kiosk, visit, request, take, tries=TRIES, channel="gateway")


def use_history(kiosk: Kiosk, visit: Visit) -> None:
    """Ask what a shopper may need again and what would be new, from the purchases that may be used for it."""
    history = visit.remembering.history
    forget(visit)
    if not history:
        return

    # Consent may have been withdrawn while it was on its way.
    def take_again(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, Recommended) and visit.remembering.history == history:
            visit.reminders = answer

    def take_new(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, Recommended) and visit.remembering.history == history:
            visit.discoveries = answer

    for advice, take in ((Advice.REMIND, take_again), (Advice.DISCOVER, take_new)):
        given = visit.basket.products[:MOST_GIVEN]
        request = RecommendRequest(advice=advice, history=history, limit=WANTED, given=given)
        questions.ask(kiosk, visit, request, take, tries=TRIES, channel="gateway")


def forget(visit: Visit) -> None:
    """Show nothing more of what followed from earlier purchases."""
    visit.reminders = visit.discoveries = None


def look_around(kiosk: Kiosk, visit: Visit) -> None:
    """Ask for the best of the shelf before which the robot stands, because the product that was meant is not there."""
    missing = visit.product_id
    product = kiosk.shop.product(missing) if kiosk.shop is not None and missing is not None else None
    visit.nearby = None
    if product is None:
        return

    def take(_kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        if isinstance(answer, Recommended) and visit.product_id == missing:
            visit.nearby = answer

    given = visit.basket.products[:MOST_GIVEN]
    request = RecommendRequest(advice=Advice.HERE, category=product.category_id, given=given, limit=WANTED_HERE)
    questions.ask(kiosk, visit, request, take, tries=TRIES, channel="gateway")
