"""What a ranking learns from: the months before, each asked about with only what came before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aisle_inference.harness.queries import (
    LEAST_IN_BASKET,
    Month,
    Query,
    Task,
    as_novel,
    completion_queries,
    shelf_queries,
    trip_query,
    trips_by_household,
)
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices, Purchases

WINDOW_D = 30.0
# The first trip of a window is what the tasks ask for; the others are as much to learn from.
MOST_TRIPS_A_WINDOW = 3
# A trip asks about several of its shelves; one may be asked about twice.
SHELVES_A_TRIP = 3


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """How many months are learnt from, what must lie before the first, and how many queries one adds at most."""

    windows: int = 4
    least_before_d: float = 60.0
    most_queries: int = 6000


def windows_before(purchases: Purchases, before_d: float, settings: WindowSettings) -> list[Month]:
    """Return the latest windows that end before a day and have enough purchases before them, oldest first."""
    first_d = float(purchases.time_d.min(initial=before_d)) + settings.least_before_d
    starts = [before_d - WINDOW_D * number for number in range(settings.windows, 0, -1)]
    return [Month(start_d, start_d + WINDOW_D) for start_d in starts if start_d >= first_d]


def training_queries(
    purchases: Purchases, assortment: Assortment, task: Task, window: Month, settings: WindowSettings, seed: int
) -> list[Query]:
    """Return the questions about a window with their answers, at most so many, chosen by the seed."""
    rng = np.random.default_rng(seed)
    queries = list(_asked(purchases, assortment, task, window, rng, seed))
    if len(queries) <= settings.most_queries:
        return queries
    chosen = np.sort(rng.choice(len(queries), settings.most_queries, replace=False))
    return [queries[number] for number in chosen]


def _asked(
    purchases: Purchases, assortment: Assortment, task: Task, window: Month, rng: np.random.Generator, seed: int
) -> Iterable[Query]:
    match task:
        case Task.NEXT_BASKET:
            return _trip_queries(purchases, window, rng)
        case Task.NOVEL:
            return as_novel(purchases, list(_trip_queries(purchases, window, rng)))
        case Task.COMPLETION:
            return completion_queries(purchases, window, seed)
        case Task.SHELF:
            completions = completion_queries(purchases, window, seed)
            seeds = range(seed, seed + SHELVES_A_TRIP)
            return [query for each in seeds for query in shelf_queries(completions, assortment, each)]


def _trip_queries(purchases: Purchases, window: Month, rng: np.random.Generator) -> Iterator[Query]:
    for trips in trips_by_household(purchases, window, LEAST_IN_BASKET):
        asked = (trip_query(purchases, int(trip)) for trip in _first_and_others(trips, rng))
        yield from (query for query in asked if query.events_end > purchases.household_start[query.household])


def _first_and_others(trips: Indices, rng: np.random.Generator) -> Sequence[int]:
    if len(trips) <= MOST_TRIPS_A_WINDOW:
        return list(trips)
    return [int(trips[0]), *rng.choice(trips[1:], MOST_TRIPS_A_WINDOW - 1, replace=False)]
