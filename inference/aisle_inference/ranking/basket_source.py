"""What goes with the basket in hand, anywhere in the store or on one shelf; whose basket it is does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from aisle_inference.harness.queries import ANY_CATEGORY, Query
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.basket_columns import (
    basket_columns,
    beside_columns,
    kind_columns,
    likeness_columns,
    link_columns,
    share_columns,
)
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.forest import Features
from aisle_inference.ranking.histories import Histories
from aisle_inference.ranking.kinds import KindLinks
from aisle_inference.ranking.links import Links
from aisle_inference.ranking.named import Columns, joined, table_of
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
    """Candidates and features of what completes a basket, learnt from the purchases before a day."""

    past: Past
    sales: Sales
    links: Links
    kinds: dict[str, KindLinks]
    settings: BasketSettings

    @classmethod
    def of(cls, past: Past, settings: BasketSettings = BasketSettings()) -> BasketSource:
        """Learn from the purchases before the day."""
        trips, assortment = past.trips, past.assortment
        kinds = {
            "kind": KindLinks.of(trips, assortment.kind),
            "category": KindLinks.of(trips, assortment.category),
        }
        return cls(past, Sales.of(past), Links.of(past), kinds, settings)

    @property
    def is_separable(self) -> bool:
        """Return False: a candidate is compared with the others of its query."""
        return False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the features, in order."""
        return tuple(self._columns([], Candidates.of([])))

    def candidates(self, queries: Sequence[Query]) -> Candidates:
        """Return the products linked most to the basket, and those that the store sells most of; none that is given."""
        return Candidates.of([self._chosen(query) for query in queries])

    def features(self, queries: Sequence[Query], candidates: Candidates) -> Features:
        """Return the features (R, F) of the candidates of these queries."""
        return table_of(self._columns(queries, candidates))

    def _columns(self, queries: Sequence[Query], candidates: Candidates) -> Columns:
        assortment = self.past.assortment
        columns = joined(
            link_columns(queries, candidates, self.links),
            kind_columns(queries, candidates, self.kinds),
            likeness_columns(queries, candidates, assortment),
            basket_columns(queries, candidates, assortment, self.sales),
            share_columns(candidates, assortment, self.sales),
            ware_columns(Histories.of(self.past.purchases, queries), candidates, self.sales),
        )
        return joined(columns, beside_columns(candidates, columns))

    def _chosen(self, query: Query) -> Indices:
        if query.category == ANY_CATEGORY:
            linked = [_best(_linked(links, query), self.settings.linked) for links in self.links.ways]
            chosen = [*linked, _best(self._sold_at(query.store), self.settings.sold_here)]
        else:
            shelf = np.flatnonzero(self.past.assortment.category == query.category).astype(np.int32)
            sold = self._sold_at(query.store)[shelf] + self.sales.quarter[shelf] + np.float32(1e-3)
            chosen = [shelf[_best(sold, self.settings.on_shelf)]]
        return np.setdiff1d(np.concatenate(chosen), query.given).astype(np.int32)

    def _sold_at(self, store: int) -> Floats:
        """Return how often a store sold each product lately; an unknown store sells what all do."""
        if store < 0:
            return self.sales.quarter
        return np.asarray(self.sales.store_season[store].toarray(), dtype=np.float32).ravel()


def _linked(links: sparse.csr_matrix, query: Query) -> Floats:
    """Return the summed strengths (P,) of what is linked to the basket."""
    return np.asarray(links[query.given].sum(axis=0), dtype=np.float32).ravel()


def _best(strengths: Floats, limit: int) -> Indices:
    """Return the places of the largest strengths above zero."""
    kept = min(limit, len(strengths))
    best = np.argpartition(-strengths, kept - 1)[:kept] if kept else np.empty(0, dtype=np.int64)
    return best[strengths[best] > 0.0].astype(np.int32)
