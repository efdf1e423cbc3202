"""The life of an order for pickup: what may follow what, and what it means for the reservation behind it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from aisle.messages.pickup import OrderState
from store_backend.reservation import ReservationEvent


class OrderEvent(Enum):
    """What may happen to an order; the first four are the steps of `aisle.messages.pickup.OrderStep`."""

    START_PICKING = "start_picking"
    MAKE_READY = "make_ready"
    HAND_OVER = "hand_over"
    CANCEL = "cancel"
    RUN_OUT = "run_out"


@dataclass(frozen=True, slots=True)
class PickupSettings:
    """How long an order that is ready waits for its shopper."""

    ready_for_s: float = 86_400.0


_STATE, _EVENT = OrderState, OrderEvent
_STEPS: dict[tuple[OrderState, OrderEvent], OrderState] = {
    (_STATE.PLACED, _EVENT.START_PICKING): _STATE.PICKING,
    (_STATE.PICKING, _EVENT.MAKE_READY): _STATE.READY,
    (_STATE.READY, _EVENT.HAND_OVER): _STATE.HANDED_OVER,
    (_STATE.READY, _EVENT.RUN_OUT): _STATE.EXPIRED,
    (_STATE.PLACED, _EVENT.CANCEL): _STATE.CANCELLED,
    (_STATE.PICKING, _EVENT.CANCEL): _STATE.CANCELLED,
    (_STATE.READY, _EVENT.CANCEL): _STATE.CANCELLED,
}
# What leaves the store leaves it when the shopper takes it, not before: until then it can be put back.
_FOR_THE_RESERVATION = {
    _STATE.PLACED: ReservationEvent.CONFIRM,
    _STATE.HANDED_OVER: ReservationEvent.TAKE,
    _STATE.CANCELLED: ReservationEvent.RELEASE,
    _STATE.EXPIRED: ReservationEvent.RELEASE,
}


def after(state: OrderState, event: OrderEvent) -> OrderState | None:
    """Return the state after an event, None when the event may not happen in this state."""
    return _STEPS.get((state, event))


def reservation_event(state: OrderState) -> ReservationEvent | None:
    """Return what an order that comes into a state does with its reservation, None for nothing."""
    return _FOR_THE_RESERVATION.get(state)


def has_run_out(state: OrderState, changed_unix_s: float, now_unix_s: float, settings: PickupSettings) -> bool:
    """Tell whether an order has waited too long for its shopper."""
    return state is OrderState.READY and now_unix_s - changed_unix_s >= settings.ready_for_s
