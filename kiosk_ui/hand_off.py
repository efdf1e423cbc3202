"""The list goes to a till, or to the staff who lay it ready; from the screen's side.

A list gets its number here, once. Whatever is lost on the way, the same number is asked for again, and the store keeps
it once (docs/stock.md): so a list is sold once or not at all. What became of it is asked for as long as it is shown.
Nothing here knows how the shopper pays.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from aisle.messages import Message, Problem, ProblemCode
from aisle.messages.care import Stage
from aisle.messages.pickup import (
    CancelOrder,
    OrderQuery,
    OrderState,
    PickupOrder,
    PlaceOrder,
    ReleaseReservation,
    Reservation,
    ReservationState,
    Reserve,
)
from aisle.messages.till import Basket, BasketQuery, BasketState, CancelBasket, OfferBasket, PricedLine
from kiosk_ui import keeping, questions
from kiosk_ui.basket import priced, unpriced
from kiosk_ui.lanes import Answer

if TYPE_CHECKING:
    from kiosk_ui.state import Kiosk
    from kiosk_ui.visit import Visit

POLL_S = 2.0
LATE_S = 4.0
TRIES = 20
DIGITS = 12
"""Too short for a card number (aisle/card_numbers.py), and long enough that no two lists of a store share one."""


class Way(Enum):
    """Who gets the list."""

    TILL = "till"
    PICKUP = "pickup"


class Standing(Enum):
    """How far it is. OPEN: the code is good. TAKEN: somebody has it. READY: it can be fetched. The others are ends."""

    SENDING = "sending"
    OPEN = "open"
    TAKEN = "taken"
    READY = "ready"
    DONE = "done"
    GIVEN_BACK = "given_back"
    ENDED = "ended"
    PRICES = "prices"
    SOLD_OUT = "sold_out"
    FAILED = "failed"


UNDER_WAY = frozenset({Standing.OPEN, Standing.TAKEN, Standing.READY})
WITH_CODE = UNDER_WAY | {Standing.DONE}
"""The shopper goes with a code that is good, or has paid: that is an end of a visit as it should be."""
_OF_TILL = {
    BasketState.OFFERED: Standing.OPEN,
    BasketState.TAKEN: Standing.TAKEN,
    BasketState.SOLD: Standing.DONE,
    BasketState.REFUSED: Standing.GIVEN_BACK,
    BasketState.CANCELLED: Standing.ENDED,
    BasketState.EXPIRED: Standing.ENDED,
}
_OF_ORDER = {
    OrderState.PLACED: Standing.OPEN,
    OrderState.PICKING: Standing.TAKEN,
    OrderState.READY: Standing.READY,
    OrderState.HANDED_OVER: Standing.DONE,
    OrderState.CANCELLED: Standing.ENDED,
    OrderState.EXPIRED: Standing.ENDED,
}
# An order whose answer was lost has confirmed its reservation already; it is placed again under its number.
_RESERVED = (ReservationState.HELD, ReservationState.CONFIRMED)
_OF_PROBLEM = {ProblemCode.PRICE_CHANGED: Standing.PRICES, ProblemCode.SOLD_OUT: Standing.SOLD_OUT}


@dataclass(slots=True)
class HandOff:
    """A list on its way; `number` is the basket's, or the order's and its reservation's."""

    way: Way
    number: str
    lines: tuple[PricedLine, ...] = ()
    standing: Standing = Standing.SENDING
    since_s: float = 0.0
    asked_s: float = 0.0
    token: int | None = None
    is_cancelling: bool = False

    @property
    def is_under_way(self) -> bool:
        """Tell whether it is sent or with somebody: until that ends, the list stays as it was handed over."""
        return self.standing is Standing.SENDING or self.standing in UNDER_WAY

    @property
    def can_be_taken_back(self) -> bool:
        """Tell whether the store and the shopper still decide; a till that has the list decides alone."""
        return self.standing in UNDER_WAY and (self.way, self.standing) != (Way.TILL, Standing.TAKEN)


def standing_of(way: Way, answer: Answer) -> Standing | None:
    """Return what an answer says about a list; None for one that says nothing, such as silence."""
    match answer:
        case Basket() if way is Way.TILL:
            return _OF_TILL[answer.state]
        case PickupOrder() if way is Way.PICKUP:
            return _OF_ORDER[answer.state]
        case Reservation() if way is Way.PICKUP and answer.state not in _RESERVED:
            return Standing.ENDED
        case Problem() if answer.code not in (ProblemCode.BUSY, ProblemCode.EXPIRED, ProblemCode.NOT_READY):
            return _OF_PROBLEM.get(answer.code, Standing.FAILED)
    return None


def begin(kiosk: Kiosk, visit: Visit, way: Way, now_s: float) -> None:
    """Give the list a number and send it off."""
    lines = priced(visit.basket, kiosk.shop)
    if not lines or (visit.hand_off is not None and visit.hand_off.is_under_way):
        return
    digest = hashlib.sha256(kiosk.new_id().encode()).digest()
    number = f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}"
    visit.hand_off = hand_off = HandOff(way, number, lines, since_s=now_s)
    visit.journey.tell(f"Handed a list of {len(lines)} products over: {way.value}, number {number}.")
    _send(kiosk, visit, hand_off, _first_request(visit, hand_off))


def _first_request(visit: Visit, hand_off: HandOff) -> Message:
    if hand_off.way is Way.TILL:
        return OfferBasket(basket_id=hand_off.number, lines=hand_off.lines, session_id=visit.session_id)
    return Reserve(reservation_id=hand_off.number, lines=unpriced(visit.basket), session_id=visit.session_id)


def _send(kiosk: Kiosk, visit: Visit, hand_off: HandOff, message: Message, tries: int = TRIES) -> None:
    def take(kiosk: Kiosk, visit: Visit, answer: Answer, now_s: float) -> None:
        hand_off.token = None
        if visit.hand_off is hand_off:
            _take(kiosk, visit, hand_off, answer, now_s)

    questions.drop(kiosk, visit, hand_off.token)
    hand_off.token = questions.ask(kiosk, visit, message, take, tries=tries)


def _take(kiosk: Kiosk, visit: Visit, hand_off: HandOff, answer: Answer, now_s: float) -> None:
    was_cancelling, hand_off.is_cancelling = hand_off.is_cancelling, False
    if isinstance(answer, Reservation) and answer.state in _RESERVED:
        place = PlaceOrder(order_id=hand_off.number, reservation_id=hand_off.number)
        _send(kiosk, visit, hand_off, place)
        return
    standing = standing_of(hand_off.way, answer)
    if hand_off.standing is not Standing.SENDING and isinstance(answer, Problem):
        if hand_off.standing is not Standing.OPEN or answer.code is not ProblemCode.NOT_FOUND:
            # What is under way is not ended by a question that was refused, such as a cancel that comes too late.
            return
        standing = Standing.ENDED
    if standing is None:
        if hand_off.standing is Standing.SENDING:
            _send(kiosk, visit, hand_off, _first_request(visit, hand_off))
        return
    if was_cancelling and standing is Standing.ENDED:
        visit.hand_off = None
        return
    _stand(kiosk, visit, hand_off, standing, now_s)


def _stand(kiosk: Kiosk, visit: Visit, hand_off: HandOff, standing: Standing, now_s: float) -> None:
    before, hand_off.standing = hand_off.standing, standing
    if before is Standing.SENDING and standing in UNDER_WAY:
        kiosk.record(visit, now_s, Stage.SELECTION, f"list_to_{hand_off.way.value}")
    if before is not standing:
        # Something new is shown: let there be time to read it.
        kiosk.wait_anew(now_s)
    if standing is Standing.DONE and before is not Standing.DONE:
        visit.basket.counts.clear()
        visit.journey.tell("The list was paid." if hand_off.way is Way.TILL else "The order was handed over.")
        if hand_off.way is Way.TILL:
            keeping.keep_purchases(kiosk, visit, hand_off.lines)


def watch(kiosk: Kiosk, visit: Visit, now_s: float) -> None:
    """Ask now and then what became of the list; send one again that an earlier process was sending."""
    hand_off = visit.hand_off
    if hand_off is None or hand_off.token is not None:
        return
    if hand_off.standing is Standing.SENDING:
        _send(kiosk, visit, hand_off, _first_request(visit, hand_off))
    elif hand_off.standing in UNDER_WAY and now_s - hand_off.asked_s >= POLL_S:
        hand_off.asked_s = now_s
        is_till = hand_off.way is Way.TILL
        query = BasketQuery(basket_id=hand_off.number) if is_till else OrderQuery(order_id=hand_off.number)
        _send(kiosk, visit, hand_off, query, tries=1)


def take_back(kiosk: Kiosk, visit: Visit) -> None:
    """Give the list back to the shopper: as soon as the store says so, or at once after an end."""
    hand_off = visit.hand_off
    if hand_off is not None and hand_off.can_be_taken_back:
        hand_off.is_cancelling = True
        _send(kiosk, visit, hand_off, _cancel(hand_off))
    elif hand_off is not None and not hand_off.is_under_way:
        visit.hand_off = None


def _cancel(hand_off: HandOff) -> Message:
    if hand_off.way is Way.TILL:
        return CancelBasket(basket_id=hand_off.number)
    return CancelOrder(order_id=hand_off.number)


def forget(kiosk: Kiosk, visit: Visit) -> None:
    """The visit is over. A code that was shown stays good; one that nobody has seen is taken back."""
    hand_off = visit.hand_off
    if hand_off is not None and hand_off.standing is Standing.SENDING:
        questions.drop(kiosk, visit, hand_off.token)
        if hand_off.way is Way.PICKUP:
            # Without an order there is nothing to cancel, and what is reserved would be held until its time is over.
            # It comes first: an order that is placed after it finds nothing reserved.
            release = ReleaseReservation(reservation_id=hand_off.number)
            kiosk.outbox.ask("backend", release, f"{hand_off.number}-released", tries=TRIES)
        kiosk.outbox.ask("backend", _cancel(hand_off), f"{hand_off.number}-unseen", tries=TRIES)
