"""What is known of each candidate whoever asks: how it sells, lately, in this store and at this time."""

from __future__ import annotations

import numba
import numpy as np

from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import entry
from aisle_inference.ranking.named import Columns
from aisle_inference.ranking.sales import Sales, hour_of, weekday_of

_FIGURES = ("purchases", "buyers", "again", "week", "month", "quarter", "trend", "price", "discounted")
_SOLD = (*(f"sold {name}" for name in _FIGURES), "sold at this hour", "sold on this weekday")
_STORE = ("store season", "store season share", "store ever", "store lift")


def ware_columns(own: Contexts, candidates: Candidates, sales: Sales) -> Columns:
    """Return the sales figures of the candidates; an unknown store has none of its own."""
    out = np.empty((len(_SOLD), len(candidates.product)), dtype=np.float32)
    figures = tuple(getattr(sales, name) for name in _FIGURES)
    when = hour_of(own.time_d), weekday_of(own.time_d)
    _sold(candidates.start, candidates.product, figures, *when, sales.hour, sales.weekday, out)
    return dict(zip(_SOLD, out, strict=True)) | _store_columns(own, candidates, sales)


def _store_columns(own: Contexts, candidates: Candidates, sales: Sales) -> Columns:
    out = np.empty((len(_STORE), len(candidates.product)), dtype=np.float32)
    season, ever = sales.store_season, sales.store
    counts = season.indptr, season.indices, season.data, ever.indptr, ever.indices, ever.data
    wholes = sales.store_season_total, sales.quarter, max(1.0, float(sales.quarter.sum()))
    _in_store(own.store, candidates.start, candidates.product, *counts, *wholes, out)
    return dict(zip(_STORE, out, strict=True))


@numba.njit(cache=True)
def _sold(rows, product, figures, hour, weekday, by_hour, by_weekday, out):  # type: ignore[no-untyped-def]
    for number, values in enumerate(figures):
        for row in range(len(product)):
            out[number, row] = values[product[row]]
    for query in range(len(rows) - 1):
        for row in range(rows[query], rows[query + 1]):
            out[len(figures), row] = by_hour[hour[query], product[row]]
            out[len(figures) + 1, row] = by_weekday[weekday[query], product[row]]


@numba.njit(cache=True)
def _in_store(  # type: ignore[no-untyped-def]
    store, rows, product,
    season_starts, season_products, season, ever_starts, ever_products, ever,
    totals, quarter, quarter_sum, out,
):  # fmt: skip
    for query in range(len(rows) - 1):
        at = store[query]
        if at < 0:
            out[:, rows[query] : rows[query + 1]] = np.nan
            continue
        for row in range(rows[query], rows[query + 1]):
            sold = entry(season_starts, season_products, season, at, product[row])
            out[0, row] = sold
            out[1, row] = sold / (totals[at] + 1.0)
            out[2, row] = entry(ever_starts, ever_products, ever, at, product[row])
            out[3, row] = (sold + 0.5) / (totals[at] * quarter[product[row]] / quarter_sum + 0.5)
