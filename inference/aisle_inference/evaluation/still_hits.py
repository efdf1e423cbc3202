"""Whether the kit that is carried still finds what is bought: half of every newest basket shown, the rest asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from aisle_inference.advice.kit import Kit
from aisle_inference.evaluation.figures import interval_of
from aisle_inference.harness.bootstrap import Interval
from aisle_inference.harness.metrics import hit_rate_at, hits_of
from aisle_inference.harness.queries import Month, Query, Task, completion_queries
from aisle_inference.purchases.table import Indices, Purchases
from aisle_inference.ranking.contexts import Contexts

_SHOWN = 3
_MOST_QUERIES = 500
_LEAST_QUERIES = 30
_SEED = 20_171


@dataclass(frozen=True, slots=True)
class StillHits:
    """The hit rate@3 on completion now, and when the kit was learnt."""

    now: Interval
    when_learnt: float
    queries: int

    @property
    def lost_share(self) -> float:
        """Return how much of the hit rate is lost; below zero when it rose."""
        return 1.0 - self.now.mean / self.when_learnt

    @property
    def surely_lost_share(self) -> float:
        """Return how much is lost even at the upper end of the interval."""
        return 1.0 - self.now.high / self.when_learnt


def still_hits(kit: Kit, when_learnt: float | None, rows: pl.DataFrame) -> StillHits | None:
    """Ask the kit about rows that it was not learnt from.

    None where nothing can be said: a kit whose hit rate was not measured or that does not complete baskets, or fewer
    than 30 trips of six products.
    """
    if not when_learnt or Task.COMPLETION not in kit.rankings:
        return None
    bought = Purchases.of(rows, kit.lore.assortment.product_ids)
    queries = newest_queries(bought)
    if len(queries) < _LEAST_QUERIES:
        return None
    ranked = np.stack([_answered(kit, bought, query) for query in queries])
    hits = hits_of(ranked, [query.truth for query in queries])
    return StillHits(interval_of(hit_rate_at(_SHOWN, hits)), when_learnt, len(queries))


def newest_queries(bought: Purchases) -> Sequence[Query]:
    """Return the questions about the newest trips of six products, at most 500."""
    if not bought.trips:
        return []
    month = Month(float(bought.time_d.min()), float(bought.time_d.max()) + 1.0)
    return sorted(completion_queries(bought, month, _SEED), key=lambda query: query.time_d)[-_MOST_QUERIES:]


def _answered(kit: Kit, bought: Purchases, query: Query) -> Indices:
    """Return the first products (3,) of one answer; -1 fills."""
    store = kit.lore.store_of(int(bought.store_ids[query.store]))
    asked = Contexts.of(bought, [replace(query, store=store)])
    everything = np.ones(bought.products, dtype=np.bool_)
    found = kit.rankings[Task.COMPLETION].top(asked, everything, _SHOWN).product
    answer = np.full(_SHOWN, -1, dtype=np.int32)
    answer[: len(found)] = found
    return answer
