"""What may not be recommended: by the store's rules, by what is in stock, and by what the shopper said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from msgspec import Meta

from aisle.config import Settings
from aisle.messages.advice import RecommendRequest
from aisle_inference.advice.arms import Comparison
from catalogue.products import Product

Mask = npt.NDArray[np.bool_]


class Rules(Settings, frozen=True):
    """A store's rules of advice, `advice.yaml`.

    Products of `age_restricted_departments` are left out until somebody of the staff says that the shopper may buy
    them, those of `blocked_products` always. `most_of_a_category` keeps the list varied. `data_store_id` is the store's
    number in the purchases that were learnt from; without it the store counts as one that nobody knows. `comparison` is
    a pilot with a control group.
    """

    age_restricted_departments: tuple[str, ...] = ()
    blocked_products: tuple[int, ...] = ()
    most_of_a_category: Annotated[int, Meta(ge=1, le=50)] = 2
    data_store_id: int | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Shelves:
    """P products of the ranking, aligned: whether each can be recommended at all, only to adults, and its category.

    `allergens` has an entry for each product of which they are known; an empty one means that there are none.
    `declared` are all words that declarations use.
    """

    can_be: Mask
    aged: Mask
    category: npt.NDArray[np.int32]
    allergens: Mapping[int, frozenset[str]]
    declared: frozenset[str]

    @classmethod
    def of(cls, products: Iterable[Product | None], rules: Rules) -> Shelves:
        """Look at the products in the order of the ranking; None is one that the catalogue does not have."""
        known = list(products)
        names = sorted({product.category_id for product in known if product is not None})
        number = {name: place for place, name in enumerate(names)}
        blocked, aged = set(rules.blocked_products), set(rules.age_restricted_departments)
        allergens = {
            place: frozenset(word.casefold() for word in p.allergens)
            for place, p in enumerate(known)
            if p is not None and p.allergens is not None
        }
        return cls(
            can_be=np.array([p is not None and p.stock > 0 and p.product_id not in blocked for p in known], dtype=bool),
            aged=np.array([p is not None and p.department_id in aged for p in known], dtype=bool),
            category=np.array([-1 if p is None else number[p.category_id] for p in known], dtype=np.int32),
            allergens=allergens,
            declared=frozenset().union(*allergens.values()),
        )

    def allowed(self, request: RecommendRequest, left_out: Iterable[int]) -> Mask:
        """Return which products (P,) may be recommended; `left_out` are the places of those in the basket or refused.

        What is unknown of a product counts against it as soon as somebody asks: an allergen that nobody declared may be
        in it, and no product declares a diet yet.
        """
        mask = self.can_be.copy()
        if not request.may_buy_aged:
            mask &= ~self.aged
        if request.diets:
            mask[:] = False
        elif request.avoid:
            mask &= self._free_of({word.strip().casefold() for word in request.avoid})
        mask[list(left_out)] = False
        return mask

    def _free_of(self, words: set[str]) -> Mask:
        free = np.zeros(len(self.can_be), dtype=np.bool_)
        if not words <= self.declared:
            # A word that no declaration uses may be another name for one that they do use.
            return free
        free[[place for place, allergens in self.allergens.items() if not words & allergens]] = True
        return free


def varied(order: Iterable[int], category: npt.NDArray[np.int32], most: int, limit: int) -> list[int]:
    """Return the first products of an order, of each category only so many."""
    chosen: list[int] = []
    taken: dict[int, int] = {}
    for product in order:
        if len(chosen) == limit:
            break
        own = int(category[product])
        if taken.get(own, 0) < most:
            taken[own] = taken.get(own, 0) + 1
            chosen.append(int(product))
    return chosen
