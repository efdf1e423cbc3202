"""In which situations a shopper buys a candidate: store, weekday, hour, size of trip, quantity."""

from __future__ import annotations

import numba
import numpy as np

from aisle_inference.harness.queries import LEAST_IN_BASKET
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.named import Columns

_HALF_LIVES_D = (30.0, 120.0)
# Hours of the day that lie so near are alike.
_NEAR_H = 3.0
_SITUATIONS = ("anyhow", "in this store", "on this weekday", "about this hour", "in a real trip", "in quantity")
_NAMES = tuple(
    name
    for half_life_d in _HALF_LIVES_D
    for name in (
        *(f"usual {situation} by {half_life_d:.0f} d" for situation in _SITUATIONS),
        *(f"share {situation} by {half_life_d:.0f} d" for situation in _SITUATIONS[1:]),
    )
)


def habits(own: Contexts, candidates: Candidates) -> Columns:
    """Return what share of the purchases of the candidate, and of all in the like situation, was in one like this.

    Newer purchases count more. The second share tells how usual the candidate is in such a situation.
    """
    out = np.empty((len(_NAMES), len(candidates.product)), dtype=np.float32)
    ends = candidates.start, candidates.product
    asked, events = (own.time_d, own.store), (own.product, own.age_d, own.there, own.trip_size, own.quantity)
    _habits(own.products, *asked, own.start, *events, *ends, _HALF_LIVES_D, out)
    return dict(zip(_NAMES, out, strict=True))


# A shopper who never bought the candidate has 0 / 0 of it, which is unknown and no error.
@numba.njit(cache=True, error_model="numpy")
def _habits(  # type: ignore[no-untyped-def]
    products, time_d, store, start, product, age_d, there, size, quantity, rows, row_product, half_lives_d, out
):
    """Write the columns (F, R), those of one half-life after the other, NaN for what was never bought."""
    situations, half_lives = len(_SITUATIONS), len(half_lives_d)
    place, weight = np.full(products, -1, dtype=np.int32), np.ones(situations)
    own, every = np.empty((len(row_product), half_lives, situations)), np.empty((half_lives, situations))
    for query in range(len(start) - 1):
        first, end = rows[query], rows[query + 1]
        own[first:end], every[:] = 0.0, 0.0
        for row in range(first, end):
            place[row_product[row]] = row
        weekday = np.floor(time_d[query]) % 7.0
        for event in range(start[query], start[query + 1]):
            then_d = time_d[query] - age_d[event]
            weight[1] = there[event] == store[query]
            weight[2] = np.floor(then_d) % 7.0 == weekday
            weight[3] = abs((0.5 - age_d[event]) % 1.0 - 0.5) * 24.0 < _NEAR_H
            weight[4] = size[event] >= LEAST_IN_BASKET
            weight[5] = quantity[event]
            at = place[product[event]]
            for number in range(half_lives):
                faded = np.exp2(-age_d[event] / half_lives_d[number])
                for situation in range(situations):
                    every[number, situation] += faded * weight[situation]
                    if at >= 0:
                        own[at, number, situation] += faded * weight[situation]
        for row in range(first, end):
            place[row_product[row]] = -1
            column = 0
            for number in range(half_lives):
                for situation in range(situations):
                    out[column, row] = own[row, number, situation] / every[number, situation]
                    column += 1
                for situation in range(1, situations):
                    out[column, row] = own[row, number, situation] / own[row, number, 0]
                    column += 1
