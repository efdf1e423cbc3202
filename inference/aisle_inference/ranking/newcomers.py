"""Lore in which products that nobody bought yet have what is known of their kin, as much as they are expected to sell.

A part is filled in once, when it is first asked for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.hazard import Hazards
from aisle_inference.ranking.kin import Kin, filled
from aisle_inference.ranking.kinds import KindLinks
from aisle_inference.ranking.links import Links
from aisle_inference.ranking.lore import Lore
from aisle_inference.ranking.novelty import Novelty
from aisle_inference.ranking.promoted import Promoted
from aisle_inference.ranking.sales import Sales
from aisle_inference.ranking.sums import total_of
from aisle_inference.ranking.tastes import Tastes

Mask = npt.NDArray[np.bool_]


class BorrowedLore:
    """Lore as it would be, had nobody bought the products that are new (P,), with what these borrow."""

    def __init__(self, lore: Lore, is_new: Mask) -> None:
        self._lore = lore
        self.is_new = is_new

    @property
    def assortment(self) -> Assortment:
        return self._lore.assortment

    @property
    def before_d(self) -> float:
        return self._lore.before_d

    @property
    def kinds(self) -> KindLinks:
        return self._lore.kinds

    @property
    def categories(self) -> KindLinks:
        return self._lore.categories

    @property
    def promoted(self) -> Promoted:
        return self._lore.promoted

    @property
    def maker_and_kind(self) -> Indices:
        return self._lore.maker_and_kind

    @cached_property
    def sales(self) -> Sales:
        """Return the sales; those of a kind or category are what its known products sold."""
        sales, assortment = filled(self._lore.sales, self._kin), self.assortment
        known = np.where(self.is_new, np.float32(0), sales.quarter)
        return replace(
            sales,
            kind_quarter=total_of(assortment.kind, known),
            category_quarter=total_of(assortment.category, known),
        )

    @cached_property
    def links(self) -> Links:
        return filled(self._lore.links, self._kin)

    @cached_property
    def hazards(self) -> Hazards:
        return filled(self._lore.hazards, self._kin)

    @cached_property
    def novelty(self) -> Novelty:
        return filled(self._lore.novelty, self._kin)

    @cached_property
    def tastes(self) -> Tastes:
        return self._lore.tastes.filled(self._kin)

    @cached_property
    def _kin(self) -> Kin:
        return Kin.of(self.assortment, self.is_new, self._lore.sales.quarter)
