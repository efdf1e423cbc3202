"""A question without some of what it brings along, many times over: what reasons are tried with."""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.contexts import Contexts, Values

Removed = tuple[int, ...]


def without_given(asked: Contexts, removals: Sequence[Removed]) -> Contexts:
    """Return one query with each removal of products from its basket; nobody's history is in it."""
    given = asked.given[0]
    baskets = tuple(given[_kept(given, removed)] for removed in removals)
    return _repeated(asked, baskets, np.zeros((len(removals), 0), dtype=np.bool_), np.empty(0), np.empty(0, np.int32))


def without_bought(asked: Contexts, removals: Sequence[Removed]) -> Contexts:
    """Return one query with each removal of products from its history, as if its shopper had never bought them.

    A trip of which nothing is left was no trip, and those that are left are counted anew.
    """
    kept = np.stack([_kept(asked.product, removed) for removed in removals])
    age_trips = np.empty(kept.shape)
    size = np.empty(kept.shape, dtype=np.int32)
    _count_trips(asked.age_trips, kept, age_trips, size)
    return _repeated(asked, (asked.given[0],) * len(removals), kept, age_trips[kept], size[kept])


def _repeated(
    asked: Contexts, given: tuple[Indices, ...], kept: npt.NDArray[np.bool_], age_trips: Values, size: Indices
) -> Contexts:
    """Return the query n times, with the events that are true in (n, E)."""
    times = len(given)
    start = np.zeros(times + 1, dtype=np.int64)
    np.cumsum(kept.sum(axis=1), out=start[1:])
    query, event = np.nonzero(kept)
    return Contexts(
        products=asked.products,
        time_d=np.repeat(asked.time_d, times),
        store=np.repeat(asked.store, times),
        category=np.repeat(asked.category, times),
        given=given,
        start=start,
        query=query.astype(np.int32),
        product=asked.product[event],
        age_d=asked.age_d[event],
        age_trips=age_trips,
        there=asked.there[event],
        trip_size=size,
        quantity=asked.quantity[event],
    )


def _kept(products: Indices, removed: Removed) -> npt.NDArray[np.bool_]:
    kept = np.ones(len(products), dtype=np.bool_)
    for one in removed:
        kept &= products != one
    return kept


@numba.njit(cache=True)
def _count_trips(age_trips, kept, new_age, size):  # type: ignore[no-untyped-def]
    """Write how many trips ago each kept event is, and how many events its trip has; events are oldest first."""
    for row in range(len(kept)):
        trips, events, last = -1, 0, -1.0
        for event in range(kept.shape[1] - 1, -1, -1):
            if kept[row, event]:
                if age_trips[event] != last:
                    trips, events, last = trips + 1, 0, age_trips[event]
                events += 1
                new_age[row, event] = trips
                # Seen from its newest event on, a trip is whole at its oldest.
                size[row, event] = events
        events, last = 0, -1.0
        for event in range(kept.shape[1]):
            if kept[row, event]:
                if age_trips[event] != last:
                    events, last = size[row, event], age_trips[event]
                size[row, event] = events
