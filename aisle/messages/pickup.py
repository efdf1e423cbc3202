"""Messages about reservations of products and orders for pickup."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Identifier, Message
from aisle.messages.store import ProductLine, ProductLines

SessionName = Annotated[str, Meta(max_length=64)]


class ReservationState(StrEnum):
    """HELD runs out by itself, CONFIRMED stays for an order; the others are ends. TAKEN products left the store."""

    HELD = "held"
    CONFIRMED = "confirmed"
    TAKEN = "taken"
    RELEASED = "released"
    EXPIRED = "expired"


class Reserve(Message, frozen=True):
    """Hold products for a while: all of them or none. `reservation_id` is made once by the sender."""

    reservation_id: Identifier
    lines: ProductLines
    hold_s: Annotated[float, Meta(ge=1.0, le=3600.0)] = 600.0
    session_id: SessionName = ""


class ReleaseReservation(Message, frozen=True):
    """Give back what is held; released twice is released once."""

    reservation_id: Identifier


class ReservationQuery(Message, frozen=True):
    """Ask how a reservation stands."""

    reservation_id: Identifier


class Reservation(Message, frozen=True):
    """How a reservation stands; `expires_unix_s` counts only while it is held."""

    reservation_id: Identifier
    state: ReservationState
    expires_unix_s: float
    lines: tuple[ProductLine, ...]


class OrderState(StrEnum):
    """Where an order for pickup is; the last three are ends."""

    PLACED = "placed"
    PICKING = "picking"
    READY = "ready"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OrderStep(StrEnum):
    """What staff do with an order."""

    START_PICKING = "start_picking"
    MAKE_READY = "make_ready"
    HAND_OVER = "hand_over"
    CANCEL = "cancel"


class PlaceOrder(Message, frozen=True):
    """Order what a reservation holds, for pickup. `order_id` is made once by the sender."""

    order_id: Identifier
    reservation_id: Identifier


class CancelOrder(Message, frozen=True):
    """The shopper does not want the order any more; possible until it is handed over."""

    order_id: Identifier


class MoveOrder(Message, frozen=True):
    """Staff take an order one step further."""

    order_id: Identifier
    step: OrderStep


class OrderQuery(Message, frozen=True):
    """Ask how an order stands."""

    order_id: Identifier


class OrdersQuery(Message, frozen=True):
    """Ask for the orders in one state, those waiting longest first."""

    state: OrderState
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class PickupOrder(Message, frozen=True):
    """How an order stands, since when, and what belongs to it."""

    order_id: Identifier
    state: OrderState
    placed_unix_s: float
    changed_unix_s: float
    lines: tuple[ProductLine, ...]


class PickupOrders(Message, frozen=True):
    """Orders in one state."""

    orders: tuple[PickupOrder, ...]


class StagingQuery(Message, frozen=True):
    """Ask what to lay ready for pickup; only a walk is saved, nothing is ordered or charged."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class Staged(Message, frozen=True, tag=False):
    """One product to lay ready: so many are ordered already, so many are expected in a day."""

    product_id: int
    ordered: Annotated[int, Meta(ge=0)]
    expected: Annotated[float, Meta(ge=0.0)]


class Staging(Message, frozen=True):
    """What to lay ready, the most certain first."""

    items: tuple[Staged, ...]
