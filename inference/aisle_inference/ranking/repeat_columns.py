"""The features of the next basket: the shopper's own rhythm with a product, and what stands around it."""

from __future__ import annotations

import numpy as np

from aisle_inference.harness.queries import LEAST_IN_BASKET
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts, Values
from aisle_inference.ranking.hazard import Hazards
from aisle_inference.ranking.named import Columns, joined, prefixed
from aisle_inference.ranking.rhythm import counts, event_weights, rhythm, sums
from aisle_inference.ranking.sales import weekday_of
from aisle_inference.ranking.shopper import at_this_store

_SITUATION_HALF_LIVES_D = (30.0, 120.0)
# Hours of the day that lie so near are alike.
_NEAR_H = 3.0


def own_columns(own: Contexts, candidates: Candidates, hazards: Hazards) -> Columns:
    """Return how often and how regularly the household bought the candidate itself, by days and by trips."""
    code = np.arange(own.products, dtype=np.int32)
    columns = counts(own, candidates, code, event_weights(own)) | rhythm(own, candidates, code, own.age_d)
    typical_d = hazards.typical_d[candidates.product]
    columns["age over typical gap"] = (columns["age"] / np.maximum(typical_d, 1.0)).astype(np.float32)
    columns["typical gap"] = typical_d
    by_trips = prefixed("by trips", rhythm(own, candidates, code, own.age_trips))
    return prefixed("own", columns | by_trips | _habits(own, candidates, code))


def hazard_columns(candidates: Candidates, kind: Indices, own: Columns, hazards: Hazards) -> Columns:
    """Return the chance a day that anybody buys such a product again after the present gap."""
    return {"chance of its kind": hazards.at(kind[candidates.product], own["own age"])}


def group_columns(own: Contexts, candidates: Candidates, assortment: Assortment) -> Columns:
    """Return the rhythm in days of all that share the candidate's label, kind or category."""
    codes = {"label": assortment.label, "kind": assortment.kind, "category": assortment.category}
    groups = (prefixed(name, rhythm(own, candidates, code, own.age_d)) for name, code in codes.items())
    return joined(*groups)


def _habits(own: Contexts, candidates: Candidates, code: Indices) -> Columns:
    """Return what share of the purchases of the candidate, and of all in the like situation, was in one like this.

    Newer purchases count more. The second share tells how usual the candidate is in such a situation.
    """
    situations = _situations(own)
    columns: Columns = {}
    for half_life_d in _SITUATION_HALF_LIVES_D:
        weights = np.stack(list(situations.values()), axis=1) * own.faded(half_life_d)[:, None]
        values = sums(own, candidates, code, weights)
        everything = np.stack([own.per_query(weight) for weight in weights.T], axis=1)[candidates.query]
        with np.errstate(divide="ignore", invalid="ignore"):
            usual, share = values / everything, values[:, 1:] / values[:, :1]
        days = f"by {half_life_d:.0f} d"
        columns |= _by_name([f"usual {name} {days}" for name in situations], usual)
        columns |= _by_name([f"share {name} {days}" for name in list(situations)[1:]], share)
    return columns


def _situations(own: Contexts) -> dict[str, Values]:
    """Return which events (E,) were in a situation like that of the query, as 0 and 1; the first is any."""
    time_d = own.event_time_d
    hours = np.abs((time_d - own.time_d[own.query] + 0.5) % 1.0 - 0.5) * 24.0
    return {
        "anyhow": np.ones(own.events),
        "in this store": at_this_store(own),
        "on this weekday": (weekday_of(time_d) == weekday_of(own.time_d)[own.query]).astype(np.float64),
        "about this hour": (hours < _NEAR_H).astype(np.float64),
        "in a real trip": (own.trip_size >= LEAST_IN_BASKET).astype(np.float64),
        "in quantity": own.quantity,
    }


def _by_name(names: list[str], values: Values) -> Columns:
    return dict(zip(names, values.astype(np.float32).T, strict=True))
