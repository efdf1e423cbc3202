"""What is known of the asking household as a whole: how much, how often, where and what kind of things it buys."""

from __future__ import annotations

import numpy as np

from aisle_inference.purchases.products import Assortment
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts, Values
from aisle_inference.ranking.named import Columns
from aisle_inference.ranking.sales import Sales

_RECENT_D = 60.0


def shopper_columns(own: Contexts, candidates: Candidates, before_d: float) -> Columns:
    """Return size and pace of the history, and the time of the query; NaN where there is no history."""
    query, events = candidates.query, own.per_query()
    trips = _last(own, own.age_trips + 1.0, first=True)
    oldest_d, newest_d = _last(own, own.age_d, first=True), _last(own, own.age_d, first=False)
    different = np.diff(own.owned.start)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {
            "events": events,
            "trips": trips,
            "events a trip": events / trips,
            "days since trip": newest_d,
            "days between trips": (oldest_d - newest_d) / np.maximum(trips - 1.0, 1.0),
            "days known": oldest_d,
            "different a trip": different / trips,
            "share in this store": own.per_query(at_this_store(own)) / events,
            "weekday": np.floor(own.time_d) % 7.0,
            "hour": (own.time_d % 1.0) * 24.0,
            "days after learning": own.time_d - before_d,
        }
    return {f"shopper {name}": some[query].astype(np.float32) for name, some in values.items()}


def taste_columns(own: Contexts, candidates: Candidates, assortment: Assortment, sales: Sales) -> Columns:
    """Return how the candidate's price and brand class compare with what the household buys."""
    query, product = candidates.query, candidates.product
    with np.errstate(divide="ignore", invalid="ignore"):
        events = own.per_query()
        price = own.per_query(sales.price[own.product]) / events
        private = own.per_query(assortment.brand_private[own.product].astype(np.float64)) / events
        recent = own.age_d < _RECENT_D
        fresh = own.per_query(own.firsts * recent) / own.per_query(recent.astype(np.float64))
    is_private = assortment.brand_private[product]
    values = {
        "price over own mean": sales.price[product] / (price[query] + 0.1),
        "own share of its brand class": np.where(is_private, private[query], 1.0 - private[query]),
        "private brand": is_private,
        "own share of new products": fresh[query],
    }
    return {name: some.astype(np.float32) for name, some in values.items()}


def at_this_store(own: Contexts) -> Values:
    """Return which events (E,) were in the store of the query, as 0 and 1."""
    there: Values = (own.there == own.store[own.query]).astype(np.float64)
    return there


def _last(own: Contexts, values: Values, first: bool) -> Values:
    """Return the value (n,) of each query's first or last event; NaN without one."""
    place = own.start[:-1] if first else own.start[1:] - 1
    padded = np.append(values, np.nan)
    return padded[np.where(own.lengths > 0, place, len(values))]
