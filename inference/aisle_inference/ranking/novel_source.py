"""Discover: what the household never bought before, by the taste of others, the store and the kinds that it buys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from aisle_inference.baselines.ease import HouseholdEase, HouseholdEaseSettings
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.forest import Features
from aisle_inference.ranking.histories import Histories
from aisle_inference.ranking.likes import best_of
from aisle_inference.ranking.named import Columns, blocks, blocks_with, joined, table_of
from aisle_inference.ranking.novel_columns import property_groups, pull_columns
from aisle_inference.ranking.novelty import Novelty
from aisle_inference.ranking.sales import Sales
from aisle_inference.ranking.shopper import shopper_columns, taste_columns
from aisle_inference.ranking.wares import ware_columns

# The scores of TIFU-KNN and UP-CF@r as further features gained nothing beside it.
_EASE = HouseholdEaseSettings(ridge=1000.0)
_HALF_LIFE_D = 45.0


@dataclass(frozen=True, slots=True)
class NovelSettings:
    """How many candidates come from EASE, from what others newly buy in the store, and from the kinds bought before."""

    taste: int = 250
    store: int = 100
    kinds: int = 120


@dataclass(frozen=True, slots=True)
class NovelSource:
    """Candidates and features of what is new to a household, learnt from the purchases before a day.

    `maker_and_kind` (P,) are codes of both together.
    """

    past: Past
    sales: Sales
    novelty: Novelty
    ease: HouseholdEase
    maker_and_kind: Indices
    settings: NovelSettings

    @classmethod
    def of(cls, past: Past, settings: NovelSettings = NovelSettings()) -> NovelSource:
        """Learn from the purchases before the day."""
        return cls(
            past=past,
            sales=Sales.of(past),
            novelty=Novelty.of(past),
            ease=HouseholdEase.of(past, _EASE),
            maker_and_kind=_together(past.assortment.manufacturer, past.assortment.kind),
            settings=settings,
        )

    @property
    def is_separable(self) -> bool:
        """Return True."""
        return True

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the features, in order."""
        return tuple(self._columns([], Candidates.of([])))

    def candidates(self, queries: Sequence[Query]) -> Candidates:
        """Return the best of each way, and nothing that the household ever bought."""
        return Candidates.of([products for block in blocks(queries) for products in self._chosen(block)])

    def features(self, queries: Sequence[Query], candidates: Candidates) -> Features:
        """Return the features (R, F) of the candidates of these queries."""
        parts = [table_of(self._columns(block, part)) for block, part in blocks_with(queries, candidates)]
        return np.concatenate(parts)

    def _chosen(self, block: Sequence[Query]) -> list[Indices]:
        if not len(block):
            return []
        own = Histories.of(self.past.purchases, block)
        owned, taste, kinds = own.owned(), self.ease.scores(block), self._kind_pull(own)
        return [
            self._chosen_of(
                owned.product[owned.of_query(number)], taste[number], self._store_pull(store), kinds[number]
            )
            for number, store in enumerate(own.store)
        ]

    def _chosen_of(self, owned: Indices, taste: Floats, store: Floats, kinds: Floats) -> Indices:
        limits = self.settings
        ways = ((taste, limits.taste), (store, limits.store), (kinds, limits.kinds))
        return np.unique(np.concatenate([best_of(scores, owned, limit) for scores, limit in ways])).astype(np.int32)

    def _store_pull(self, store: int) -> Floats:
        """Return what is newly bought in a store, then what sells there, then what is newly bought anywhere."""
        new = self.novelty.store[[store]].toarray()[0]
        sold = self.sales.store_season[[store]].toarray()[0]
        return np.asarray(new + 0.02 * sold + 0.001 * self.novelty.month, dtype=np.float32)

    def _kind_pull(self, own: Histories) -> Floats:
        """Return (n, P) how much of each product's kind is bought, times its share of the newly bought of the kind."""
        kind = self.past.assortment.kind
        shape = (own.queries, int(kind.max(initial=-1)) + 1)
        cells = (own.query, kind[own.product])
        bought = sparse.csr_matrix((own.faded(_HALF_LIFE_D), cells), shape=shape).toarray()
        return np.asarray(bought[:, kind] * self.novelty.share_of_kind, dtype=np.float32)

    def _columns(self, queries: Sequence[Query], candidates: Candidates) -> Columns:
        own, assortment = Histories.of(self.past.purchases, queries), self.past.assortment
        return joined(
            {"EASE": self.ease.scores_at(queries, candidates.start, candidates.product)},
            pull_columns(own, candidates, self.novelty, self.sales, assortment.kind),
            property_groups(own, candidates, assortment, self.maker_and_kind),
            shopper_columns(own, candidates, self.past.before_d),
            taste_columns(own, candidates, assortment, self.sales),
            ware_columns(own, candidates, self.sales),
        )


def _together(*codes: Indices) -> Indices:
    pairs = np.stack([code.astype(np.int64) for code in codes], axis=1)
    return np.unique(pairs, axis=0, return_inverse=True)[1].astype(np.int32).reshape(-1)
