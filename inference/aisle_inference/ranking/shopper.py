"""What is known of the asking household as a whole: how much, how often, where and what kind of things it buys."""

from __future__ import annotations

import numba
import numpy as np

from aisle_inference.purchases.products import Assortment
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.named import Columns
from aisle_inference.ranking.sales import Sales

_RECENT_D = 60.0
_SHOPPER = tuple(
    f"shopper {name}"
    for name in (
        "events",
        "trips",
        "events a trip",
        "days since trip",
        "days between trips",
        "days known",
        "different a trip",
        "share in this store",
        "weekday",
        "hour",
        "days after learning",
    )
)
_TASTE = ("price over own mean", "own share of its brand class", "private brand", "own share of new products")


def shopper_columns(own: Contexts, candidates: Candidates, before_d: float) -> Columns:
    """Return size and pace of the history, and the time of the query; NaN where there is no history."""
    out = np.empty((len(_SHOPPER), len(candidates.product)), dtype=np.float32)
    events = own.start, own.age_d, own.age_trips, own.firsts, own.there
    _shopper(own.time_d, own.store, *events, candidates.start, before_d, out)
    return dict(zip(_SHOPPER, out, strict=True))


def taste_columns(own: Contexts, candidates: Candidates, assortment: Assortment, sales: Sales) -> Columns:
    """Return how the candidate's price and brand class compare with what the household buys."""
    out = np.empty((len(_TASTE), len(candidates.product)), dtype=np.float32)
    events = own.start, own.product, own.age_d, own.firsts
    _taste(*events, candidates.start, candidates.product, sales.price, assortment.brand_private, out)
    return dict(zip(_TASTE, out, strict=True))


# Nothing over nothing is unknown and no error.
@numba.njit(cache=True, error_model="numpy")
def _shopper(time_d, store, start, age_d, age_trips, firsts, there, rows, before_d, out):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        first, end = start[query], start[query + 1]
        events, different, here = float(end - first), 0.0, 0.0
        for event in range(first, end):
            different += firsts[event]
            here += there[event] == store[query]
        trips = age_trips[first] + 1.0 if end > first else np.nan
        oldest_d = age_d[first] if end > first else np.nan
        newest_d = age_d[end - 1] if end > first else np.nan
        columns = out[:, rows[query] : rows[query + 1]]
        columns[0] = events
        columns[1] = trips
        columns[2] = events / trips
        columns[3] = newest_d
        columns[4] = (oldest_d - newest_d) / np.maximum(trips - 1.0, 1.0)
        columns[5] = oldest_d
        columns[6] = different / trips
        columns[7] = here / events
        columns[8] = np.floor(time_d[query]) % 7.0
        columns[9] = time_d[query] % 1.0 * 24.0
        columns[10] = time_d[query] - before_d


@numba.njit(cache=True, error_model="numpy")
def _taste(start, product, age_d, firsts, rows, candidate, price, is_private, out):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        paid, private, recent, fresh = 0.0, 0.0, 0.0, 0.0
        events = float(start[query + 1] - start[query])
        for event in range(start[query], start[query + 1]):
            paid += price[product[event]]
            private += is_private[product[event]]
            recent += age_d[event] < _RECENT_D
            fresh += firsts[event] * (age_d[event] < _RECENT_D)
        for row in range(rows[query], rows[query + 1]):
            one = candidate[row]
            out[0, row] = price[one] / (paid / events + 0.1)
            out[1, row] = (private if is_private[one] else events - private) / events
            out[2, row] = is_private[one]
            out[3, row] = fresh / recent
