"""How a basket comes to a till exactly once. Pure.

In every state one side alone decides what follows: while a basket is offered the store does, once it is taken the till
does. So no answer that is lost, late or repeated can make the two sides end differently: whoever has decided tells it
until the other has heard it. (Gray and Reuter, "Transaction Processing", 1993, section 10.4: the coordinator's right to
decide is handed over, instead of a vote.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from aisle.messages.till import BasketState, PricedLine
from catalogue.products import Product


class BasketEvent(Enum):
    """What may happen to a basket."""

    TAKE = "take"
    SELL = "sell"
    REFUSE = "refuse"
    CANCEL = "cancel"
    RUN_OUT = "run out"


_STATE, _EVENT = BasketState, BasketEvent
_STEPS: dict[tuple[BasketState, BasketEvent], BasketState] = {
    (_STATE.OFFERED, _EVENT.TAKE): _STATE.TAKEN,
    (_STATE.OFFERED, _EVENT.CANCEL): _STATE.CANCELLED,
    (_STATE.OFFERED, _EVENT.RUN_OUT): _STATE.EXPIRED,
    (_STATE.TAKEN, _EVENT.SELL): _STATE.SOLD,
    (_STATE.TAKEN, _EVENT.REFUSE): _STATE.REFUSED,
}


def after(state: BasketState, event: BasketEvent) -> BasketState | None:
    """Return the state after an event, None when the event may not happen in this state."""
    return _STEPS.get((state, event))


def now_state(state: BasketState, expires_unix_s: float, now_unix_s: float) -> BasketState:
    """Return the state of a basket that time may have ended."""
    is_over = state is BasketState.OFFERED and expires_unix_s <= now_unix_s
    return BasketState.EXPIRED if is_over else state


def changed_prices(lines: Iterable[PricedLine], products: Mapping[int, Product]) -> list[PricedLine]:
    """Return the lines as they are priced today, of those products whose price is not what the shopper was shown."""
    return [
        PricedLine(product_id=line.product_id, quantity=line.quantity, price_cents=price_cents)
        for line in lines
        if line.price_cents != (price_cents := products[line.product_id].price_cents)
    ]


def total_cents(lines: Iterable[PricedLine]) -> int:
    """Return what a basket costs."""
    return sum(line.quantity * line.price_cents for line in lines)
