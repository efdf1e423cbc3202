"""What may not be recommended: by the store's rules, by what is in stock, and by what the shopper said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from msgspec import Meta

from aisle.config import Settings
from aisle.messages.advice import Advice, RecommendRequest
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
    """P products of the ranking, aligned: whether each can be recommended at all, only to adults, category and name.

    `allergens` has an entry for each product of which they are known; an empty one means that there are none.
    `declared` are all words that declarations use.
    """

    can_be: Mask
    aged: Mask
    category: npt.NDArray[np.int32]
    name: npt.NDArray[np.int32]
    allergens: Mapping[int, frozenset[str]]
    declared: frozenset[str]

    @classmethod
    def of(cls, products: Iterable[Product | None], rules: Rules) -> Shelves:
        """Look at the products in the order of the ranking; None is one that the catalogue does not have."""
        known = list(products)
        blocked, aged = set(rules.blocked_products), set(rules.age_restricted_departments)
        allergens = {
            place: frozenset(word.casefold() for word in p.allergens)
            for place, p in enumerate(known)
            if p is not None and p.allergens is not None
        }
        return cls(
            can_be=np.array([p is not None and p.stock > 0 and p.product_id not in blocked for p in known], dtype=bool),
            aged=np.array([p is not None and p.department_id in aged for p in known], dtype=bool),
            category=_numbered([None if p is None else p.category_id for p in known]),
            name=_numbered([None if p is None else p.name for p in known]),
            allergens=allergens,
            declared=frozenset().union(*allergens.values()),
        )

    def choose(self, order: Iterable[int], request: RecommendRequest, most_of_a_category: int) -> list[int]:
        """Return the first of an order: few of a category, and no name twice; on one shelf simply the first ones."""
        limits = (Limit(self.category, most_of_a_category), Limit(self.name, 1))
        return varied(order, () if request.advice is Advice.HERE else limits, request.limit)

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


def _numbered(names: Sequence[str | None]) -> npt.NDArray[np.int32]:
    """Return a code (P,) for every name, -1 for none."""
    number = {name: place for place, name in enumerate(sorted({name for name in names if name is not None}))}
    return np.array([-1 if name is None else number[name] for name in names], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of a list may share a code (P,), such as a category."""

    code: npt.NDArray[np.int32]
    most: int


def varied(order: Iterable[int], limits: Sequence[Limit], wanted: int) -> list[int]:
    """Return the first products of an order that keep to all limits."""
    chosen: list[int] = []
    taken: Counter[tuple[int, int]] = Counter()
    for product in order:
        if len(chosen) == wanted:
            break
        groups = [(number, int(limit.code[product])) for number, limit in enumerate(limits)]
        if all(taken[group] < limits[group[0]].most for group in groups):
            taken.update(groups)
            chosen.append(int(product))
    return chosen
