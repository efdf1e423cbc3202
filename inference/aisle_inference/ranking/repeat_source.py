"""Next basket: what the household bought before, by its rhythm; what others buy fills up a short history.

What households alike buy, by the neighbours of TIFU-KNN and UP-CF@r, added nothing beside it (recall@10 in October
.1615 with, .1623 without), and would have had every shopper's purchases carried by the robot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.best import best_of
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts, Values
from aisle_inference.ranking.fading import fading
from aisle_inference.ranking.hazard import Hazards
from aisle_inference.ranking.lore import Lore
from aisle_inference.ranking.named import Columns, Features, joined, table_of
from aisle_inference.ranking.repeat_columns import group_columns, hazard_columns, own_columns
from aisle_inference.ranking.rhythm import each, sums
from aisle_inference.ranking.sales import Sales
from aisle_inference.ranking.shopper import shopper_columns, taste_columns
from aisle_inference.ranking.wares import ware_columns


@dataclass(frozen=True, slots=True)
class RepeatSettings:
    """How many products of the own history are candidates, and how many with the popular ones."""

    own: int = 150
    altogether: int = 200


@dataclass(frozen=True, slots=True)
class RepeatSource:
    """Candidates and features of the next basket; `before_d` is the day that everything is learnt before."""

    assortment: Assortment
    sales: Sales
    hazards: Hazards
    before_d: float
    settings: RepeatSettings

    @classmethod
    def of(cls, lore: Lore, settings: RepeatSettings = RepeatSettings()) -> RepeatSource:
        """Take the parts of the lore that are needed."""
        return cls(lore.assortment, lore.sales, lore.hazards, lore.before_d, settings)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the features, in order."""
        return tuple(self._columns(Contexts.none(len(self.assortment.product_ids)), Candidates.of([])))

    def candidates(self, asked: Contexts) -> Candidates:
        """Return the best of what the household bought before; the popular ones fill up what is short."""
        weights, popular = fading(asked), self.sales.month + self.sales.purchases * np.float32(1e-3)
        return Candidates.of([self._chosen(asked, query, weights, popular) for query in range(asked.queries)])

    def features(self, asked: Contexts, candidates: Candidates) -> Features:
        """Return the features (R, F) of the candidates of these queries."""
        return table_of(self._columns(asked, candidates))

    def _chosen(self, asked: Contexts, query: int, weights: Values, popular: Floats) -> Indices:
        events = slice(int(asked.start[query]), int(asked.start[query + 1]))
        owned, place = np.unique(asked.product[events], return_inverse=True)
        faded = np.bincount(place, weights[events], minlength=len(owned))
        own = owned[np.lexsort((owned, -faded))][: self.settings.own]
        others = best_of(popular, owned, self.settings.altogether - len(own))
        return np.union1d(own, others).astype(np.int32)

    def _columns(self, asked: Contexts, candidates: Candidates) -> Columns:
        own = own_columns(asked, candidates, self.hazards)
        return joined(
            own,
            hazard_columns(candidates, self.assortment.kind, own, self.hazards),
            group_columns(asked, candidates, self.assortment),
            shopper_columns(asked, candidates, self.before_d),
            taste_columns(asked, candidates, self.assortment, self.sales),
            ware_columns(asked, candidates, self.sales),
            {"own fading by trips": _faded_by_trips(asked, candidates)},
        )


def _faded_by_trips(asked: Contexts, candidates: Candidates) -> Floats:
    faded: Floats = sums(asked, candidates, each(asked.products), fading(asked)[:, None])[0].astype(np.float32)
    return faded
