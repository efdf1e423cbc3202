"""Messages by which a basket is handed to a till. They carry products and prices; never anything about a payment."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Identifier, Message
from aisle.messages.store import Quantity

Cents = Annotated[int, Meta(ge=0, le=100_000_000)]
ShortName = Annotated[str, Meta(max_length=64)]


class BasketState(StrEnum):
    """Whose turn it is: OFFERED the store's and the shopper's, TAKEN the till's alone; the others are ends."""

    OFFERED = "offered"
    TAKEN = "taken"
    SOLD = "sold"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Refusal(StrEnum):
    """Why a till gave a basket back."""

    NONE = ""
    PRICE_CHANGED = "price_changed"
    NOT_SOLD_HERE = "not_sold_here"
    DECLINED = "declined"


class PricedLine(Message, frozen=True, tag=False):
    """So many of one product, at the price of one that the shopper was shown."""

    product_id: int
    quantity: Quantity
    price_cents: Cents


class OfferBasket(Message, frozen=True):
    """Offer a basket to whichever till the shopper goes to. `basket_id` is made once by the sender."""

    basket_id: Identifier
    lines: Annotated[tuple[PricedLine, ...], Meta(min_length=1, max_length=200)]
    session_id: ShortName = ""
    open_for_s: Annotated[float, Meta(ge=1.0, le=86_400.0)] = 3600.0


class CancelBasket(Message, frozen=True):
    """The shopper does not want to pay this basket; possible until a till has taken it."""

    basket_id: Identifier


class TakeBasket(Message, frozen=True):
    """A till takes a basket: from now on it alone says how this ends."""

    basket_id: Identifier
    till_id: Identifier


class SellBasket(Message, frozen=True):
    """The till has sold the basket; `sale_id` is its own number of the sale."""

    basket_id: Identifier
    till_id: Identifier
    sale_id: Identifier
    total_cents: Cents


class RefuseBasket(Message, frozen=True):
    """The till has not sold the basket and will not."""

    basket_id: Identifier
    till_id: Identifier
    reason: Refusal


class BasketQuery(Message, frozen=True):
    """Ask how a basket stands."""

    basket_id: Identifier


class Basket(Message, frozen=True):
    """How a basket stands; `till_id`, `sale_id` and `refusal` are empty until there is one."""

    basket_id: Identifier
    state: BasketState
    lines: tuple[PricedLine, ...]
    till_id: ShortName = ""
    sale_id: ShortName = ""
    refusal: Refusal = Refusal.NONE
