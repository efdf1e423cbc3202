"""What a till does with a basket: a few states, and for each the next thing to say and what an answer means. Pure.

A till that crashed goes on from the state that it last wrote down: it asks again for what it may already have been
given, and tells again what it has decided. It never decides twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from aisle.messages import Problem, ProblemCode, till
from aisle.messages.till import Basket, BasketState, Refusal

Decide = Callable[[Basket], Refusal]
"""Takes a basket that is this till's now; returns why it is not sold, NONE when it is."""

# Nothing was decided by these: the same may be asked again.
_PASSING = (ProblemCode.BUSY, ProblemCode.EXPIRED, ProblemCode.FAILED, ProblemCode.MALFORMED, ProblemCode.NOT_READY)


class State(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Base of the states; `basket_id` is whose."""

    basket_id: str


class Asked(State, frozen=True):
    """The basket was scanned; nothing is known of it yet."""


class Sold(State, frozen=True):
    """The money is in, and the store must hear of it."""

    sale_id: str
    total_cents: int


class GivenBack(State, frozen=True):
    """The till will not sell it, and the store must hear of it."""

    reason: Refusal


class Closed(State, frozen=True):
    """Both sides know how it ended."""

    is_sold: bool


TillState = Asked | Sold | GivenBack | Closed
Stage = Literal["take", "sell", "refuse"]


def request_of(state: Asked | Sold | GivenBack, till_id: str) -> tuple[Stage, msgspec.Struct]:
    """Return what to say in a state."""
    match state:
        case Asked():
            return "take", till.TakeBasket(basket_id=state.basket_id, till_id=till_id)
        case Sold():
            return "sell", till.SellBasket(
                basket_id=state.basket_id, till_id=till_id, sale_id=state.sale_id, total_cents=state.total_cents
            )
        case GivenBack():
            return "refuse", till.RefuseBasket(basket_id=state.basket_id, till_id=till_id, reason=state.reason)


def after(state: TillState, answer: msgspec.Struct, till_id: str, sale_id: str, decide: Decide) -> TillState:
    """Return the state after an answer; an answer that does not belong here changes nothing."""
    if isinstance(answer, Problem):
        is_final = isinstance(state, Asked) and answer.code not in _PASSING
        return Closed(basket_id=state.basket_id, is_sold=False) if is_final else state
    if not isinstance(answer, Basket) or (answer.basket_id, answer.till_id) != (state.basket_id, till_id):
        return state
    match state, answer.state:
        case Asked(), BasketState.TAKEN:
            return _decided(answer, sale_id, decide(answer))
        case Sold(), BasketState.SOLD if answer.sale_id == state.sale_id:
            return Closed(basket_id=state.basket_id, is_sold=True)
        case GivenBack(), BasketState.REFUSED:
            return Closed(basket_id=state.basket_id, is_sold=False)
    return state


def by_own_prices(prices_cents: Mapping[int, int], *, is_willing: bool) -> Decide:
    """Return the decision of a till with its own price list; a product without a price there costs what is asked."""

    def decide(basket: Basket) -> Refusal:
        if any(prices_cents.get(line.product_id, line.price_cents) != line.price_cents for line in basket.lines):
            return Refusal.PRICE_CHANGED
        return Refusal.NONE if is_willing else Refusal.DECLINED

    return decide


def _decided(basket: Basket, sale_id: str, reason: Refusal) -> TillState:
    if reason is not Refusal.NONE:
        return GivenBack(basket_id=basket.basket_id, reason=reason)
    total = sum(line.quantity * line.price_cents for line in basket.lines)
    return Sold(basket_id=basket.basket_id, sale_id=sale_id, total_cents=total)
