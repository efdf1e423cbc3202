"""What is kept for a shopper who allows it: what was paid, and what is wanted another time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisle.messages.memory import FactKept, FactKind, Purpose, RememberFact, Source
from aisle.messages.till import PricedLine
from kiosk_ui import questions
from kiosk_ui.lanes import Answer
from kiosk_ui.remembering import Notice, ask, drawn, read

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk
    from kiosk_ui.visit import Visit


def keep_purchases(kiosk: Kiosk, visit: Visit, lines: tuple[PricedLine, ...]) -> None:
    """Remember what was paid, if the shopper allows that. Called once a list.

    The keys are drawn anew: one made of the list's number would tie the shopper to the visit.
    """
    state = visit.remembering
    if kiosk.shop is None or not {Purpose.HISTORY_FOR_ADVICE, Purpose.LOYALTY} & state.usable:
        return
    for line in lines:
        bought = RememberFact(
            fact_key=drawn(kiosk), shopper_id=state.shopper_id, kind=FactKind.PURCHASE, source=Source.TILL,
            text=kiosk.shop.products[line.product_id].name[:150], product_id=line.product_id,
        )  # fmt: skip
        questions.ask(kiosk, visit, bought, lambda *_: None, tries=5)


def wishes(visit: Visit) -> tuple[int, ...]:
    """Return the products that the shopper wanted to be kept, newest first."""
    state = visit.remembering
    if Purpose.WISH_LIST not in state.usable:
        return ()
    found = (fact.product_id for fact in state.facts if fact.kind is FactKind.WISH)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def keep_wishes(kiosk: Kiosk, visit: Visit) -> None:
    """Keep what is on the list for another time, each product once; only for who allows that.

    What is kept is read once, after the last answer: each reading is a line in the shopper's access log.
    """
    state, known = visit.remembering, set(wishes(visit))
    if kiosk.shop is None or Purpose.WISH_LIST not in state.usable or state.wishes_sent:
        return
    answers: list[Answer] = []

    def take(kiosk: Kiosk, visit: Visit, answer: Answer, _now_s: float) -> None:
        answers.append(answer)
        if len(answers) < state.wishes_sent:
            return
        state.wishes_sent = 0
        if any(isinstance(one, FactKept) for one in answers):
            read(kiosk, visit)
        else:
            state.notice = Notice.AWAY

    found = [kiosk.shop.product(product_id) for product_id in visit.basket.products if product_id not in known]
    wanted = [product for product in found if product is not None]
    state.wishes_sent = len(wanted)
    for product in wanted:
        wish = RememberFact(
            fact_key=drawn(kiosk), shopper_id=state.shopper_id, kind=FactKind.WISH, source=Source.KIOSK,
            text=product.name[:150], product_id=product.product_id,
        )  # fmt: skip
        ask(kiosk, visit, wish, take)
