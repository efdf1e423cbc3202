"""The questions of the four tasks, made from a month of purchases with its answers hidden.

Remind and discover ask for a household's first real trip of the month; complete and here show half of a trip to
somebody who does not know the household.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices, Purchases

UNKNOWN = -1
ANY_CATEGORY = -1
# No product has it, so the answer is empty.
UNKNOWN_CATEGORY = -2

LEAST_IN_BASKET = 3
LEAST_IN_HALVED_TRIP = 6
MOST_TRIPS_OF_A_HOUSEHOLD = 4
# On a shelf with three products or fewer every order has all of them among the first three.
LEAST_ON_SHELF = 4


class Task(Enum):
    """What is asked for; the value is the word on the command line."""

    NEXT_BASKET = "next-basket"
    NOVEL = "novel"
    COMPLETION = "completion"
    SHELF = "shelf"

    @property
    def key(self) -> str:
        """Return the name in prediction files."""
        return self.value.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Query:
    """One question; indices count into the arrays of `Purchases` and `Assortment`.

    `household` and `store` are UNKNOWN (-1) when nobody knows them. `events_end` is where the household's own history
    ends: its events from `household_start` to there happened before `time_d`. `given` and `truth` are ascending; the
    given products are never an answer. `category` limits the answer unless it is ANY_CATEGORY (-1).
    """

    task: Task
    household: int
    store: int
    time_d: float
    events_end: int
    given: Indices
    category: int
    truth: Indices


@dataclass(frozen=True, slots=True)
class Month:
    """From `start_d` to before `end_d`, in days since EPOCH."""

    start_d: float
    end_d: float


NOTHING = np.empty(0, dtype=np.int32)


def own_history(purchases: Purchases, query: Query) -> Indices:
    """Return the products of the household's earlier events, one entry an event, oldest first."""
    if query.household == UNKNOWN:
        return NOTHING
    return purchases.product[purchases.household_start[query.household] : query.events_end]


def next_basket_queries(purchases: Purchases, month: Month) -> list[Query]:
    """Ask for every household's first trip of the month with at least three products, after any earlier trip."""
    asked = (trip_query(purchases, trip) for trip in _first_trips(purchases, month))
    return [query for query in asked if len(own_history(purchases, query))]


def novel_queries(purchases: Purchases, month: Month) -> list[Query]:
    """Ask the same about what the household never bought before; trips without such a product are left out."""
    return as_novel(purchases, next_basket_queries(purchases, month))


def as_novel(purchases: Purchases, queries: Sequence[Query]) -> list[Query]:
    """Return the queries whose truth has products that the household never bought before, with only these as truth."""
    novel = [
        replace(query, task=Task.NOVEL, truth=np.setdiff1d(query.truth, own_history(purchases, query)))
        for query in queries
    ]
    return [query for query in novel if len(query.truth)]


def completion_queries(purchases: Purchases, month: Month, seed: int) -> list[Query]:
    """Show half of a trip of at least six products and ask for the rest; four trips a household at most, by seed."""
    rng = np.random.default_rng(seed)
    queries = []
    for trips in trips_by_household(purchases, month, LEAST_IN_HALVED_TRIP):
        chosen = trips
        if len(trips) > MOST_TRIPS_OF_A_HOUSEHOLD:
            chosen = np.sort(rng.choice(trips, MOST_TRIPS_OF_A_HOUSEHOLD, replace=False)).astype(np.int32)
        queries += [_halved(purchases, int(trip), rng) for trip in chosen]
    return queries


def shelf_queries(completions: Sequence[Query], assortment: Assortment, seed: int) -> list[Query]:
    """Ask each completion query within one category of its hidden half, chosen by the seed among all that rank.

    A category ranks when it has at least LEAST_ON_SHELF products that are not given; trips without one are left out.
    """
    rng = np.random.default_rng(seed)
    sizes = np.bincount(assortment.category)
    return [query for completion in completions if (query := _on_shelf(completion, assortment, sizes, rng)) is not None]


def all_queries(purchases: Purchases, assortment: Assortment, month: Month, seed: int) -> dict[Task, list[Query]]:
    """Return the questions of all four tasks about one month."""
    completions = completion_queries(purchases, month, seed)
    return {
        Task.NEXT_BASKET: next_basket_queries(purchases, month),
        Task.NOVEL: novel_queries(purchases, month),
        Task.COMPLETION: completions,
        Task.SHELF: shelf_queries(completions, assortment, seed),
    }


def trips_by_household(purchases: Purchases, month: Month, least_products: int) -> Iterator[Indices]:
    """Yield each household's trips of the month with that many products, in time order; none for nobody."""
    fits = (purchases.trip_time_d >= month.start_d) & (purchases.trip_time_d < month.end_d)
    fits &= np.diff(purchases.trip_start) >= least_products
    trips = np.flatnonzero(fits).astype(np.int32)
    bounds = np.flatnonzero(np.diff(purchases.trip_household[trips])) + 1
    yield from (part for part in np.split(trips, bounds) if len(part))


def _first_trips(purchases: Purchases, month: Month) -> Iterator[int]:
    yield from (int(trips[0]) for trips in trips_by_household(purchases, month, LEAST_IN_BASKET))


def trip_query(purchases: Purchases, trip: int) -> Query:
    """Ask what a trip will hold, of its household at its time."""
    household, time_d = int(purchases.trip_household[trip]), float(purchases.trip_time_d[trip])
    return Query(
        task=Task.NEXT_BASKET,
        household=household,
        store=int(purchases.trip_store[trip]),
        time_d=time_d,
        events_end=purchases.events_before(household, time_d),
        given=NOTHING,
        category=ANY_CATEGORY,
        truth=purchases.trip_products(trip),
    )


def _halved(purchases: Purchases, trip: int, rng: np.random.Generator) -> Query:
    products = rng.permutation(purchases.trip_products(trip))
    half = len(products) // 2
    return Query(
        task=Task.COMPLETION,
        household=UNKNOWN,
        store=int(purchases.trip_store[trip]),
        time_d=float(purchases.trip_time_d[trip]),
        events_end=0,
        given=np.sort(products[:half]),
        category=ANY_CATEGORY,
        truth=np.sort(products[half:]),
    )


def _on_shelf(
    completion: Query,
    assortment: Assortment,
    sizes: np.ndarray[tuple[int], np.dtype[np.intp]],
    rng: np.random.Generator,
) -> Query | None:
    left = sizes - np.bincount(assortment.category[completion.given], minlength=len(sizes))
    categories = np.unique(assortment.category[completion.truth])
    categories = categories[left[categories] >= LEAST_ON_SHELF]
    if not len(categories):
        return None
    category = int(rng.choice(categories))
    truth = completion.truth[assortment.category[completion.truth] == category]
    return replace(completion, task=Task.SHELF, category=category, truth=truth)
