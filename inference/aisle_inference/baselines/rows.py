"""Sparse rows (n, P) of what queries and households bring along: a basket, or a history weighted by age."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.harness.queries import UNKNOWN, Query, Task
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Purchases

Whole = npt.NDArray[np.int64]
# Age of an event in trips (0 is the last trip) and how many trips there are -> its weight.
Weight = Callable[[Whole, Whole], npt.NDArray[np.float64]]


def counted(age: Whole, trips: Whole) -> npt.NDArray[np.float64]:
    """Weigh every event alike, so that a row counts the trips with a product."""
    return np.ones(len(age))


def query_rows(past: Past, queries: Sequence[Query], weight: Weight = counted) -> sparse.csr_matrix:
    """Return what each query brings along: the basket in hand, or else the weighted history of its household."""
    if all(query.task in (Task.COMPLETION, Task.SHELF) for query in queries):
        return basket_rows(queries, past.purchases.products)
    households = np.array([max(0, query.household) for query in queries], dtype=np.int64)
    starts = past.purchases.household_start[households]
    ends = np.array([query.events_end for query in queries], dtype=np.int64)
    nobody = np.array([query.household == UNKNOWN for query in queries])
    return _weighted(past.purchases, starts, np.where(nobody, starts, ends), weight)


def household_rows(past: Past, weight: Weight = counted) -> sparse.csr_matrix:
    """Return the weighted history of every household (H, P) before the day."""
    purchases = past.purchases
    starts = purchases.household_start[:-1]
    known = np.concatenate(([0], np.cumsum(purchases.time_d < past.before_d)))
    return _weighted(purchases, starts, starts + known[purchases.household_start[1:]] - known[starts], weight)


def basket_rows(queries: Sequence[Query], products: int) -> sparse.csr_matrix:
    """Return the given products of each query as 0 and 1."""
    lengths = [len(query.given) for query in queries]
    given = np.concatenate([query.given for query in queries]) if queries else np.empty(0, dtype=np.int32)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    return sparse.csr_matrix((np.ones(len(given), dtype=np.float32), given, offsets), shape=(len(queries), products))


def damped(rows: sparse.csr_matrix, log_counts: bool) -> sparse.csr_matrix:
    """Return the counts as log(1 + count), or as 0 and 1."""
    out = rows.copy()
    out.data = np.log1p(rows.data) if log_counts else np.ones_like(rows.data)
    return out


def _weighted(purchases: Purchases, starts: Whole, ends: Whole, weight: Weight) -> sparse.csr_matrix:
    lengths = ends - starts
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    events = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
    # One more than there are, so that an empty history at the very end has a place to look at.
    trip = np.append(purchases.trip, 0).astype(np.int64)
    last, first = np.repeat(trip[ends - 1], lengths), np.repeat(trip[starts], lengths)
    values = weight(last - trip[events], last - first + 1).astype(np.float32)
    shape = (len(starts), purchases.products)
    rows = sparse.csr_matrix((values, purchases.product[events], offsets), shape=shape)
    rows.sum_duplicates()
    return rows
