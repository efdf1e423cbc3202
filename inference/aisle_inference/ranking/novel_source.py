"""Discover: what the household never bought before, by the taste of others, the store and the kinds that it buys."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.best import best_of
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.lore import Lore
from aisle_inference.ranking.named import Columns, Features, joined, table_of
from aisle_inference.ranking.novel_columns import property_groups, pull_columns
from aisle_inference.ranking.novelty import Novelty
from aisle_inference.ranking.sales import Sales, row_of
from aisle_inference.ranking.shopper import shopper_columns, taste_columns
from aisle_inference.ranking.tastes import Tastes
from aisle_inference.ranking.wares import ware_columns

_HALF_LIFE_D = 45.0


@dataclass(frozen=True, slots=True)
class NovelSettings:
    """How many candidates come from tastes, from what others newly buy in the store, and from the kinds bought."""

    taste: int = 250
    store: int = 100
    kinds: int = 120


@dataclass(frozen=True, slots=True)
class NovelSource:
    """Candidates and features of what is new to a household; `maker_and_kind` (P,) are codes of both together.

    The scores of TIFU-KNN and UP-CF@r as further features gained nothing beside the tastes.
    """

    assortment: Assortment
    sales: Sales
    novelty: Novelty
    tastes: Tastes
    maker_and_kind: Indices
    before_d: float
    settings: NovelSettings

    @classmethod
    def of(cls, lore: Lore, settings: NovelSettings = NovelSettings()) -> NovelSource:
        """Take the parts of the lore that are needed."""
        joint = lore.maker_and_kind
        return cls(lore.assortment, lore.sales, lore.novelty, lore.tastes, joint, lore.before_d, settings)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the features, in order."""
        return tuple(self._columns(Contexts.none(len(self.assortment.product_ids)), Candidates.of([])))

    def candidates(self, asked: Contexts) -> Candidates:
        """Return the best of each way, and nothing that the household ever bought."""
        owned, taste, kinds = asked.owned, self.tastes.scores(asked), self._kind_pull(asked)
        stores = {store: self._store_pull(store) for store in set(asked.store.tolist())}
        return Candidates.of(
            [
                self._chosen(owned.product[owned.of_query(number)], taste[number], stores[store], kinds[number])
                for number, store in enumerate(asked.store.tolist())
            ]
        )

    def features(self, asked: Contexts, candidates: Candidates) -> Features:
        """Return the features (R, F) of the candidates of these queries."""
        return table_of(self._columns(asked, candidates))

    def _chosen(self, owned: Indices, taste: Floats, store: Floats, kinds: Floats) -> Indices:
        limits = self.settings
        ways = ((taste, limits.taste), (store, limits.store), (kinds, limits.kinds))
        return np.unique(np.concatenate([best_of(scores, owned, limit) for scores, limit in ways])).astype(np.int32)

    def _store_pull(self, store: int) -> Floats:
        """Return what is newly bought in a store, then what sells there, then what is newly bought anywhere."""
        new, sold = row_of(self.novelty.store, store), self.sales.in_store(store)
        return np.asarray(new + 0.02 * sold + 0.001 * self.novelty.month, dtype=np.float32)

    def _kind_pull(self, asked: Contexts) -> Floats:
        """Return (n, P) how much of each product's kind is bought, times its share of the newly bought of the kind."""
        pull = np.empty((asked.queries, asked.products), dtype=np.float32)
        weights, kind = asked.faded(_HALF_LIFE_D), self.assortment.kind
        _pull(asked.start, asked.product, weights, kind, self.novelty.share_of_kind, pull)
        return pull

    def _columns(self, asked: Contexts, candidates: Candidates) -> Columns:
        return joined(
            {"taste": self.tastes.scores_at(asked, candidates)},
            pull_columns(asked, candidates, self.novelty, self.sales),
            property_groups(asked, candidates, self.assortment, self.maker_and_kind),
            shopper_columns(asked, candidates, self.before_d),
            taste_columns(asked, candidates, self.assortment, self.sales),
            ware_columns(asked, candidates, self.sales),
        )


@numba.njit(cache=True)
def _pull(start, product, weights, kind, share_of_kind, out):  # type: ignore[no-untyped-def]
    # There are no more kinds than products.
    bought = np.empty(len(kind))
    for query in range(len(start) - 1):
        bought[:] = 0.0
        for event in range(start[query], start[query + 1]):
            bought[kind[product[event]]] += weights[event]
        for one in range(len(kind)):
            out[query, one] = bought[kind[one]] * share_of_kind[one]
