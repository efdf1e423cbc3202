"""UP-CF@r: what households alike bought lately (Faggioli, Polato and Aiolli, 2020).

"Recency Aware Collaborative Filtering for Next Basket Recommendation", UMAP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.baselines.baseline import Score, Scores
from aisle_inference.baselines.rows import Weight, Whole, damped, household_rows, query_rows
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.past import Past


@dataclass(frozen=True, slots=True)
class UpCfSettings:
    """Names as in the paper: `recency` is r, `locality` q and `asymmetry` alpha."""

    recency: int = 25
    locality: float = 10.0
    asymmetry: float = 0.5


def up_cf(past: Past, settings: UpCfSettings) -> Score:
    """Score by the share of their last r trips in which households alike bought the product; its own counts in full."""
    weight = _recent_share(settings.recency)
    neighbours, bought = household_rows(past, weight), damped(past.households, log_counts=False)
    sizes = np.maximum(1.0, np.asarray(bought.sum(axis=1)).ravel())
    transposed = neighbours.T.tocsr()

    def score(queries: Sequence[Query]) -> Scores:
        own = query_rows(past, queries, weight)
        held = damped(query_rows(past, queries), log_counts=False)
        own_sizes = np.maximum(1.0, np.asarray(held.sum(axis=1)).reshape(-1, 1))
        alpha = settings.asymmetry
        alike = (held @ bought.T).toarray() / (own_sizes**alpha * sizes ** (1.0 - alpha))
        alike[_selves(queries)] = 0.0
        near = (alike**settings.locality).astype(np.float32)
        return np.asarray(own.toarray() + (transposed @ near.T).T, dtype=np.float32)

    return score


def _recent_share(recency: int) -> Weight:
    def weight(age: Whole, trips: Whole) -> npt.NDArray[np.float64]:
        return (age < recency) / np.minimum(recency, trips)

    return weight


def _selves(queries: Sequence[Query]) -> tuple[Whole, Whole]:
    """Return the cells (query, household) where a known household would be its own neighbour."""
    households = np.array([query.household for query in queries], dtype=np.int64)
    known = np.flatnonzero(households >= 0)
    return known, households[known]
