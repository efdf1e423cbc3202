"""What everybody buys, and what the household itself buys most often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aisle_inference.baselines.baseline import Score, Scores
from aisle_inference.baselines.rows import query_rows
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.past import Past


@dataclass(frozen=True, slots=True)
class PopularitySettings:
    """How far back purchases count."""

    window_d: float = 90.0


def popularity(past: Past, settings: PopularitySettings) -> Score:
    """Score by the trips of the last days that held the product."""
    purchases = past.purchases
    recent = (purchases.time_d < past.before_d) & (purchases.time_d >= past.before_d - settings.window_d)
    trips = np.bincount(purchases.product[recent], minlength=purchases.products).astype(np.float32)

    def score(queries: Sequence[Query]) -> Scores:
        return np.tile(trips, (len(queries), 1))

    return score


@dataclass(frozen=True, slots=True)
class FrequencySettings:
    """How many of the household's last trips count."""

    last_trips: int = 1000


def personal_frequency(past: Past, settings: FrequencySettings) -> Score:
    """Score by the household's own trips with the product; popularity breaks ties."""

    def score(queries: Sequence[Query]) -> Scores:
        rows = query_rows(past, queries, lambda age, _: (age < settings.last_trips).astype(np.float64))
        return rows.toarray()

    return score
