"""Lore: what is learnt from the purchases before a day, part by part, when a part is first asked for.

It counts and links products and names no shopper, so that a robot may carry it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from aisle_inference.purchases.past import Past
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.hazard import Hazards
from aisle_inference.ranking.kinds import KindLinks
from aisle_inference.ranking.links import Links
from aisle_inference.ranking.novelty import Novelty
from aisle_inference.ranking.promoted import Promoted
from aisle_inference.ranking.sales import Sales
from aisle_inference.ranking.sums import together
from aisle_inference.ranking.tastes import Tastes


class Lore(Protocol):
    """Everything that the sources of candidates know.

    `before_d` is the day that it was learnt before, `is_new` (P,) are the products that nobody had bought.
    """

    @property
    def assortment(self) -> Assortment: ...
    @property
    def before_d(self) -> float: ...
    @property
    def sales(self) -> Sales: ...
    @property
    def links(self) -> Links: ...
    @property
    def kinds(self) -> KindLinks: ...
    @property
    def categories(self) -> KindLinks: ...
    @property
    def hazards(self) -> Hazards: ...
    @property
    def novelty(self) -> Novelty: ...
    @property
    def tastes(self) -> Tastes: ...
    @property
    def promoted(self) -> Promoted: ...
    @property
    def maker_and_kind(self) -> Indices: ...
    @property
    def is_new(self) -> npt.NDArray[np.bool_]: ...


class LearntLore:
    """Lore of a past; a part is learnt once, when a task first needs it."""

    def __init__(self, past: Past) -> None:
        self.past = past

    @property
    def assortment(self) -> Assortment:
        return self.past.assortment

    @property
    def before_d(self) -> float:
        return self.past.before_d

    @cached_property
    def sales(self) -> Sales:
        return Sales.of(self.past)

    @cached_property
    def links(self) -> Links:
        return Links.of(self.past)

    @cached_property
    def kinds(self) -> KindLinks:
        return KindLinks.of(self.past.trips, self.assortment.kind)

    @cached_property
    def categories(self) -> KindLinks:
        return KindLinks.of(self.past.trips, self.assortment.category)

    @cached_property
    def hazards(self) -> Hazards:
        return Hazards.of(self.past)

    @cached_property
    def novelty(self) -> Novelty:
        return Novelty.of(self.past)

    @cached_property
    def tastes(self) -> Tastes:
        return Tastes.of(self.past)

    @cached_property
    def promoted(self) -> Promoted:
        return Promoted.of(self.past)

    @cached_property
    def is_new(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.past.popularity == 0)

    @cached_property
    def maker_and_kind(self) -> Indices:
        return together(self.assortment.manufacturer, self.assortment.kind)
