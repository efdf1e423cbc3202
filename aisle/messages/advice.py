"""Messages of advice: what a shopper is asked about, and products with the true reason of each."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Message, Text

MOST_GIVEN = 200
MOST_PURCHASES = 5000
MOST_WANTED = 50
# Ten years: an older purchase is a mistake in a clock.
OLDEST_S = 10 * 365 * 86_400.0

ProductIds = Annotated[tuple[int, ...], Meta(max_length=MOST_GIVEN)]
Words = Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(max_length=20)]


class Advice(StrEnum):
    """What is asked for.

    REMIND: the next basket. DISCOVER: something new. COMPLETE: what else the basket needs. WITH: what goes with one
    product. HERE: the best of one shelf.
    """

    REMIND = "remind"
    DISCOVER = "discover"
    COMPLETE = "complete"
    WITH = "with"
    HERE = "here"


class Cause(StrEnum):
    """Why a product is where it is in the list.

    BASKET: the products of `because` that are in the basket. WHOLE_BASKET: only all of it together. OWN: the shopper's
    earlier purchases of the product itself. TASTE: the products of `because` that the shopper bought. STORE: it is
    bought often. NEW: nobody bought it yet, but others of its kind, with the products of `because` if there are any.
    NO_SINGLE: nothing of these by itself.
    """

    BASKET = "basket"
    WHOLE_BASKET = "whole_basket"
    OWN = "own"
    TASTE = "taste"
    STORE = "store"
    NEW = "new"
    NO_SINGLE = "no_single"


class OwnPurchase(Message, frozen=True, tag=False):
    """One earlier purchase of a shopper who agreed to be remembered; how long ago is counted from the request."""

    product_id: int
    ago_s: Annotated[float, Meta(ge=0.0, le=OLDEST_S)]
    quantity: Annotated[float, Meta(gt=0.0, le=1000.0)] = 1.0


class RecommendRequest(Message, frozen=True):
    """Ask for products. Everything that the answer depends on is in here; nothing is remembered.

    `given` is the basket, `category` the shelf of HERE, `refused` what the shopper does not want to see again. With
    `avoid` (allergens) and `diets`, what is unknown of a product counts against it. `visit` is an opaque mark by which
    a pilot chooses the arm of a comparison; without it nobody takes part.
    """

    given: ProductIds = ()
    limit: Annotated[int, Meta(ge=1, le=MOST_WANTED)] = 5
    advice: Advice = Advice.COMPLETE
    category: Annotated[str, Meta(max_length=64)] = ""
    history: Annotated[tuple[OwnPurchase, ...], Meta(max_length=MOST_PURCHASES)] = ()
    refused: ProductIds = ()
    avoid: Words = ()
    diets: Words = ()
    may_buy_aged: bool = False
    visit: Annotated[str, Meta(max_length=64)] = ""


class Recommendation(Message, frozen=True, tag=False):
    """One product with its true reason: take the cause away and the product falls in the list.

    `because` are the products that are the cause; `every_days` is how often the shopper bought this one, 0 if unknown.
    """

    product_id: int
    score: float
    because: tuple[int, ...]
    reason: Text
    cause: Cause = Cause.STORE
    every_days: int = 0


class Recommended(Message, frozen=True):
    """Ranked products, best first; `fallback` says that popularity was used, and `note` why, or why there is nothing.

    `arm` is the arm of a comparison that the visit is in; "" when there is none.
    """

    items: tuple[Recommendation, ...]
    fallback: bool = False
    note: Text = ""
    arm: Annotated[str, Meta(max_length=40)] = ""
