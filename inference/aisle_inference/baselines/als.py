"""Matrix factors for implicit feedback (Hu, Koren and Volinsky, 2008, ICDM), by the library `implicit`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

from aisle_inference.baselines.baseline import Score, Scores
from aisle_inference.baselines.rows import damped, query_rows
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.past import Past

_THREADS = 2


@dataclass(frozen=True, slots=True)
class AlsSettings:
    """The rank, the ridge, the weight of what was bought against what was not, and whose rows are factored."""

    factors: int = 64
    ridge: float = 0.1
    confidence: float = 10.0
    over_trips: bool = False
    iterations: int = 15
    seed: int = 1


def als(past: Past, settings: AlsSettings) -> Score:
    """Score by the product factors and a row's own factor, solved anew from what the query brings along."""
    rows = past.trips if settings.over_trips else damped(past.households, log_counts=True)
    # The library wants single-threaded BLAS below its own threads.
    with threadpool_limits(limits=1, user_api="blas"):
        model = AlternatingLeastSquares(
            factors=settings.factors,
            regularization=settings.ridge,
            alpha=settings.confidence,
            iterations=settings.iterations,
            num_threads=_THREADS,
            random_state=settings.seed,
        )
        model.fit(rows, show_progress=False)
    factors = np.asarray(model.item_factors, dtype=np.float32)

    def score(queries: Sequence[Query]) -> Scores:
        own = damped(query_rows(past, queries), log_counts=not settings.over_trips)
        with threadpool_limits(limits=1, user_api="blas"):
            solved = model.recalculate_user(np.arange(len(queries)), own)
        return np.asarray(solved, dtype=np.float32) @ factors.T

    return score
