"""Next basket: what the household bought before, and what households alike buy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from aisle_inference.baselines.baseline import Score, Scores
from aisle_inference.baselines.popularity import PopularitySettings, popularity
from aisle_inference.baselines.rows import Weight, query_rows
from aisle_inference.baselines.tifu_knn import TifuSettings, decayed, tifu_knn
from aisle_inference.baselines.up_cf import UpCfSettings, up_cf
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.forest import Features
from aisle_inference.ranking.hazard import Hazards
from aisle_inference.ranking.histories import Histories
from aisle_inference.ranking.likes import best_of, score_columns
from aisle_inference.ranking.named import Columns, blocks, blocks_with, joined, table_of
from aisle_inference.ranking.repeat_columns import group_columns, hazard_columns, own_columns
from aisle_inference.ranking.sales import Sales
from aisle_inference.ranking.shopper import shopper_columns, taste_columns
from aisle_inference.ranking.wares import ware_columns

# As features these are no worse than the settings that are best by themselves (baselines/chosen.py).
_TIFU = TifuSettings(7, 0.9, 0.7, 100, 0.7)
_UP_CF = UpCfSettings(25, 2.0, 0.5)
_POPULAR = PopularitySettings(14.0)


@dataclass(frozen=True, slots=True)
class RepeatSettings:
    """How many products of the own history, of neighbours and of the popular ones are candidates."""

    own: int = 150
    neighbours: int = 40
    popular: int = 10


@dataclass(frozen=True, slots=True)
class RepeatSource:
    """Candidates and features of the next basket, learnt from the purchases before a day."""

    past: Past
    sales: Sales
    hazards: Hazards
    own_weight: Weight
    neighbours: Score
    alike: Score
    popular: Score
    settings: RepeatSettings

    @classmethod
    def of(cls, past: Past, settings: RepeatSettings = RepeatSettings()) -> RepeatSource:
        """Learn from the purchases before the day."""
        return cls(
            past=past,
            sales=Sales.of(past),
            hazards=Hazards.of(past),
            own_weight=decayed(_TIFU),
            neighbours=tifu_knn(past, replace(_TIFU, own_share=0.0)),
            alike=up_cf(past, _UP_CF),
            popular=popularity(past, _POPULAR),
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
        """Return the best of what the household bought before, and the best of what its neighbours buy."""
        chosen = [products for block in blocks(queries) for products in self._chosen(block)]
        return Candidates.of(chosen)

    def features(self, queries: Sequence[Query], candidates: Candidates) -> Features:
        """Return the features (R, F) of the candidates of these queries."""
        parts = [table_of(self._columns(block, part)) for block, part in blocks_with(queries, candidates)]
        return np.concatenate(parts)

    def _chosen(self, block: Sequence[Query]) -> list[Indices]:
        if not len(block):
            return []
        rows, near, popular = query_rows(self.past, block, self.own_weight), self.neighbours(block), self.popular(block)
        return [self._chosen_of(rows[[number]], near[number], popular[number]) for number in range(len(block))]

    def _chosen_of(self, row: sparse.csr_matrix, near: Floats, popular: Floats) -> Indices:
        """Return the candidates of one query, ascending; the popular ones fill up what is short."""
        limits = self.settings
        own = row.indices[np.lexsort((row.indices, -row.data))][: limits.own]
        neighbours = best_of(near, row.indices, limits.neighbours)
        short = limits.own + limits.neighbours + limits.popular - len(own) - len(neighbours)
        return np.union1d(np.concatenate([own, neighbours]), best_of(popular, row.indices, short)).astype(np.int32)

    def _columns(self, queries: Sequence[Query], candidates: Candidates) -> Columns:
        own = Histories.of(self.past.purchases, queries)
        assortment = self.past.assortment
        product = own_columns(own, candidates, self.hazards)
        return joined(
            product,
            hazard_columns(candidates, assortment.kind, product, self.hazards),
            group_columns(own, candidates, assortment),
            shopper_columns(own, candidates, self.past.before_d),
            taste_columns(own, candidates, assortment, self.sales),
            ware_columns(own, candidates, self.sales),
            score_columns(self._scores(), queries, candidates),
        )

    def _scores(self) -> dict[str, Score]:
        return {"TIFU": self._faded_own, "neighbours": self.neighbours, "alike": self.alike}

    def _faded_own(self, queries: Sequence[Query]) -> Scores:
        return query_rows(self.past, queries, self.own_weight).toarray()
