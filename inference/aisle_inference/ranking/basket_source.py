"""What goes with the basket in hand, anywhere in the store or on one shelf; whose basket it is does not matter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.harness.queries import ANY_CATEGORY
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.basket_columns import (
    basket_columns,
    category_columns,
    kind_columns,
    likeness_columns,
    link_columns,
    share_columns,
)
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import spread
from aisle_inference.ranking.kinds import KindLinks
from aisle_inference.ranking.links import Links
from aisle_inference.ranking.lore import Lore
from aisle_inference.ranking.named import Columns, Features, joined, table_of
from aisle_inference.ranking.sales import Sales
from aisle_inference.ranking.wares import ware_columns


@dataclass(frozen=True, slots=True)
class BasketSettings:
    """How many candidates each way of linking adds, how many this store sells most of lately, and those of a shelf."""

    linked: int = 140
    sold_here: int = 40
    on_shelf: int = 400


@dataclass(frozen=True, slots=True)
class BasketSource:
    """Candidates and features of what completes a basket.

    What a candidate has of the sum over all candidates of its query would add 1 % (recall@10 in October .1256 with,
    .1243 without); it is left out so that a candidate is described alike beside any others.
    """

    assortment: Assortment
    sales: Sales
    links: Links
    kinds: KindLinks
    categories: KindLinks
    is_new: npt.NDArray[np.bool_]
    settings: BasketSettings

    @classmethod
    def of(cls, lore: Lore, settings: BasketSettings = BasketSettings()) -> BasketSource:
        """Take the parts of the lore that are needed."""
        return cls(lore.assortment, lore.sales, lore.links, lore.kinds, lore.categories, lore.is_new, settings)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the features, in order."""
        return tuple(self._columns(Contexts.none(self.products), Candidates.of([])))

    @property
    def products(self) -> int:
        """Return how many products there are."""
        return len(self.assortment.product_ids)

    def candidates(self, asked: Contexts) -> Candidates:
        """Return the products linked most to the basket, and those that the store sells most of; none that is given."""
        everything = zip(asked.given, asked.store.tolist(), asked.category.tolist(), strict=True)
        return Candidates.of([self._chosen(given, store, category) for given, store, category in everything])

    def features(self, asked: Contexts, candidates: Candidates) -> Features:
        """Return the features (R, F) of the candidates of these queries."""
        return table_of(self._columns(asked, candidates))

    def _columns(self, asked: Contexts, candidates: Candidates) -> Columns:
        columns = joined(
            link_columns(asked, candidates, self.links),
            kind_columns(asked, candidates, {"kind": self.kinds, "category": self.categories}),
            likeness_columns(asked, candidates, self.assortment),
            basket_columns(asked, candidates, self.assortment, self.sales),
            share_columns(candidates, self.sales),
            ware_columns(asked, candidates, self.sales),
            {"is new": self.is_new[candidates.product].astype(np.float32)},
        )
        category = self.assortment.category
        return joined(columns, category_columns(asked, candidates, category, self.links, self.sales, columns))

    def _chosen(self, given: Indices, store: int, category: int) -> Indices:
        if category == ANY_CATEGORY:
            basket, weights = Candidates.of([given]), np.ones(len(given), dtype=np.float32)
            linked = [_best(spread(links, basket, weights)[0], self.settings.linked) for links in self.links.ways]
            chosen = [*linked, _best(self._sold_at(store), self.settings.sold_here)]
        else:
            shelf = np.flatnonzero(self.assortment.category == category).astype(np.int32)
            sold = self._sold_at(store)[shelf] + self.sales.quarter[shelf] + np.float32(1e-3)
            chosen = [shelf[_best(sold, self.settings.on_shelf)]]
        is_chosen = np.zeros(self.products, dtype=np.bool_)
        is_chosen[np.concatenate(chosen)] = True
        is_chosen[given] = False
        return np.flatnonzero(is_chosen).astype(np.int32)

    def _sold_at(self, store: int) -> Floats:
        """Return how often a store sold each product lately; an unknown store sells what all do."""
        return self.sales.quarter if store < 0 else self.sales.in_store(store)


def _best(strengths: Floats, limit: int) -> Indices:
    """Return the places of the largest strengths above zero."""
    found = np.flatnonzero(strengths > 0.0)
    if len(found) > limit:
        found = found[np.argpartition(-strengths[found], limit - 1)[:limit]]
    return found.astype(np.int32)
