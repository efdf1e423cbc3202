"""The life of a reservation: what may follow what, and what each step does to the stock. Pure.

A product's stock is two numbers: `count`, how many stand in the store, and `held`, how many of them are promised.
What is available is the difference, and a new promise is made only out of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from aisle.messages.pickup import ReservationState
from aisle.messages.store import ProductLine


class ReservationEvent(Enum):
    """What may happen to a reservation."""

    CONFIRM = "confirm"
    TAKE = "take"
    RELEASE = "release"
    RUN_OUT = "run out"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step does to the stock of each line, in units of its quantity."""

    count: int = 0
    held: int = 0


_STATE, _EVENT = ReservationState, ReservationEvent
_STEPS: dict[tuple[ReservationState, ReservationEvent], ReservationState] = {
    (_STATE.HELD, _EVENT.CONFIRM): _STATE.CONFIRMED,
    (_STATE.HELD, _EVENT.RELEASE): _STATE.RELEASED,
    (_STATE.HELD, _EVENT.RUN_OUT): _STATE.EXPIRED,
    (_STATE.CONFIRMED, _EVENT.TAKE): _STATE.TAKEN,
    (_STATE.CONFIRMED, _EVENT.RELEASE): _STATE.RELEASED,
}
_EFFECTS = {
    _STATE.CONFIRMED: Effect(),
    _STATE.TAKEN: Effect(count=-1, held=-1),
    _STATE.RELEASED: Effect(held=-1),
    _STATE.EXPIRED: Effect(held=-1),
}


def after(state: ReservationState, event: ReservationEvent) -> ReservationState | None:
    """Return the state after an event, None when the event may not happen in this state."""
    return _STEPS.get((state, event))


def effect_of(state: ReservationState) -> Effect:
    """Return what entering a state does to the stock."""
    return _EFFECTS[state]


def gathered(lines: Iterable[ProductLine]) -> dict[int, int]:
    """Return quantity by product, in ascending product number.

    Everybody changes rows of the stock in this order, so that two reservations never wait for each other.
    """
    total: dict[int, int] = {}
    for line in lines:
        total[line.product_id] = total.get(line.product_id, 0) + line.quantity
    return dict(sorted(total.items()))
