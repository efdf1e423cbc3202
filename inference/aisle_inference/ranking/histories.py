"""What the households of some queries bought before each query, in one flat table of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.harness.queries import UNKNOWN, Query
from aisle_inference.purchases.table import Indices, Offsets, Purchases
from aisle_inference.ranking.candidates import Candidates

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Histories:
    """The E own events before n queries, oldest first: those of query i stand from `start[i]` to `start[i + 1]`.

    `query` (E,) counts into the queries, `event` (E,) into the purchases. How long ago an event was is counted by two
    clocks (E,): `age_d` in days and `age_trips` in own trips (0 is the last). `time_d` and
    `store` (n,) are those of the queries, `household` (n,) is -1 for nobody, whose history is empty.
    """

    purchases: Purchases
    start: Offsets
    query: Indices
    event: Offsets
    product: Indices
    age_d: Values
    age_trips: Values
    time_d: Values
    store: Indices
    household: Indices

    @classmethod
    def of(cls, purchases: Purchases, queries: Sequence[Query]) -> Histories:
        """Collect what each query's household bought strictly before it."""
        household = np.array([query.household for query in queries], dtype=np.int32)
        time_d = np.array([query.time_d for query in queries], dtype=np.float64)
        begin = purchases.household_start[np.maximum(household, 0)]
        end = np.array([query.events_end for query in queries], dtype=np.int64)
        end = np.where(household == UNKNOWN, begin, end)
        start = np.concatenate(([0], np.cumsum(end - begin))).astype(np.int64)
        query = np.repeat(np.arange(len(queries), dtype=np.int32), end - begin)
        event = np.arange(start[-1]) + (begin - start[:-1])[query]
        last = end[query] - 1
        return cls(
            purchases=purchases,
            start=start,
            query=query,
            event=event,
            product=purchases.product[event],
            age_d=time_d[query] - purchases.time_d[event],
            age_trips=(purchases.trip[last] - purchases.trip[event]).astype(np.float64),
            time_d=time_d,
            store=np.array([query.store for query in queries], dtype=np.int32),
            household=household,
        )

    @property
    def queries(self) -> int:
        """Return how many queries there are."""
        return len(self.time_d)

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

    def owned(self) -> Candidates:
        """Return the products of each query's history, ascending, each once."""
        products = self.purchases.products
        keys = np.unique(self.query.astype(np.int64) * products + self.product)
        query, product = np.divmod(keys, max(1, products))
        start = np.searchsorted(query, np.arange(self.queries + 1)).astype(np.int64)
        return Candidates(query.astype(np.int32), product.astype(np.int32), start)
