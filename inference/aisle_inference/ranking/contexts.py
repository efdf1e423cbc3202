"""What queries bring along: a time, a store, a basket in hand, a shelf, and what the shopper bought before.

This is all that a ranking sees of a shopper, whether the history comes out of a training table or in a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numba
import numpy as np
import numpy.typing as npt

from aisle_inference.harness.queries import UNKNOWN, Query
from aisle_inference.purchases.table import Indices, Offsets, Purchases
from aisle_inference.ranking.candidates import Candidates

Values = npt.NDArray[np.float64]
# Queries worked on at once: dense scores of 256 x 23,000 products are 24 MB.
BLOCK = 256


@dataclass(frozen=True)
class Contexts:
    """n queries over P products, and their E own events, oldest first: query i has those from `start[i]` on.

    `time_d`, `store` and `category` (n,) are those of the queries, `given` their baskets; the store is -1 where it is
    not known and the category below 0 where it does not matter. Of the events (E,), `query` counts into the queries.
    How long ago one was is counted by two clocks: `age_d` in days and `age_trips` in own trips (0 is the last).
    `there` is the store, `trip_size` how many products the trip had, `quantity` how many pieces of this one.
    """

    products: int
    time_d: Values
    store: Indices
    category: Indices
    given: tuple[Indices, ...]
    start: Offsets
    query: Indices
    product: Indices
    age_d: Values
    age_trips: Values
    there: Indices
    trip_size: Indices
    quantity: Values

    @classmethod
    def of(cls, purchases: Purchases, queries: Sequence[Query]) -> Contexts:
        """Collect what each query's household bought strictly before it."""
        household = np.array([query.household for query in queries], dtype=np.int32)
        time_d = np.array([query.time_d for query in queries], dtype=np.float64)
        begin = purchases.household_start[np.maximum(household, 0)]
        end = np.array([query.events_end for query in queries], dtype=np.int64)
        end = np.where(household == UNKNOWN, begin, end)
        start = np.concatenate(([0], np.cumsum(end - begin))).astype(np.int64)
        query = np.repeat(np.arange(len(queries), dtype=np.int32), end - begin)
        event = np.arange(start[-1]) + (begin - start[:-1])[query]
        trip = purchases.trip[event]
        return cls(
            products=purchases.products,
            time_d=time_d,
            store=np.array([query.store for query in queries], dtype=np.int32),
            category=np.array([query.category for query in queries], dtype=np.int32),
            given=tuple(query.given for query in queries),
            start=start,
            query=query,
            product=purchases.product[event],
            age_d=time_d[query] - purchases.time_d[event],
            age_trips=(purchases.trip[end[query] - 1] - trip).astype(np.float64),
            there=purchases.store[event],
            trip_size=np.diff(purchases.trip_start)[trip].astype(np.int32),
            quantity=purchases.quantity[event].astype(np.float64),
        )

    @classmethod
    def none(cls, products: int) -> Contexts:
        """Return no queries, over so many products."""
        whole, real = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float64)
        start = np.zeros(1, dtype=np.int64)
        return cls(products, real, whole, whole, (), start, whole, whole, real, real, whole, whole, real)

    @property
    def queries(self) -> int:
        """Return how many queries there are."""
        return len(self.time_d)

    @property
    def events(self) -> int:
        """Return how many own events all queries have together."""
        return len(self.product)

    @property
    def lengths(self) -> Offsets:
        """Return how many own events each query (n,) has."""
        return np.diff(self.start)

    def per_query(self, values: npt.NDArray[np.generic] | None = None) -> Values:
        """Return the sum of values (E,) for each query (n,); without values, the number of events."""
        return np.bincount(self.query, values, minlength=self.queries).astype(np.float64)

    def faded(self, half_life_d: float) -> Values:
        """Return weights (E,) that halve with every such time since the event."""
        weights: Values = np.exp2(-self.age_d / half_life_d)
        return weights

    @cached_property
    def firsts(self) -> Values:
        """Which events (E,) are the first of their product in the history, as 0 and 1."""
        return self._products[0]

    @cached_property
    def basket(self) -> Candidates:
        """What is given in each query."""
        return Candidates.of(self.given)

    @property
    def owned(self) -> Candidates:
        """The products of each query's history, ascending, each once."""
        return self._products[1]

    @property
    def times_owned(self) -> Offsets:
        """How often each of `owned` was bought."""
        return self._products[2]

    @cached_property
    def _products(self) -> tuple[Values, Candidates, Offsets]:
        firsts, times = np.zeros(self.events), np.zeros(self.events, dtype=np.int64)
        owned, start = np.empty(self.events, dtype=np.int32), np.zeros(self.queries + 1, dtype=np.int64)
        _own(self.products, self.start, self.product, firsts, owned, times, start)
        query = np.repeat(np.arange(self.queries, dtype=np.int32), np.diff(start))
        return firsts, Candidates(query, owned[: start[-1]], start), times[: start[-1]]


def blocks(queries: Sequence[Query]) -> Iterator[Sequence[Query]]:
    """Yield the queries a few at a time."""
    for first in range(0, len(queries), BLOCK):
        yield queries[first : first + BLOCK]


@numba.njit(cache=True)
def _own(products, start, product, firsts, owned, times, owned_start):  # type: ignore[no-untyped-def]
    """Write which events are firsts, what each query owns in rising order, how often, and where that begins."""
    count, at = np.zeros(products, dtype=np.int64), 0
    for query in range(len(start) - 1):
        for event in range(start[query], start[query + 1]):
            one = product[event]
            if count[one] == 0:
                firsts[event] = 1.0
                owned[at] = one
                at += 1
            count[one] += 1
        owned[owned_start[query] : at].sort()
        for place in range(owned_start[query], at):
            times[place] = count[owned[place]]
            count[owned[place]] = 0
        owned_start[query + 1] = at
