"""The features of the next basket: the shopper's own rhythm with a product, and what stands around it."""

from __future__ import annotations

import numpy as np

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.habits import habits
from aisle_inference.ranking.hazard import Hazards
from aisle_inference.ranking.named import Columns, joined, prefixed
from aisle_inference.ranking.rhythm import counts, each, event_weights, rhythm


def own_columns(own: Contexts, candidates: Candidates, hazards: Hazards) -> Columns:
    """Return how often and how regularly the household bought the candidate itself, by days and by trips."""
    code = each(own.products)
    columns = counts(own, candidates, code, event_weights(own)) | rhythm(own, candidates, code, own.age_d)
    typical_d = hazards.typical_d[candidates.product]
    columns["age over typical gap"] = (columns["age"] / np.maximum(typical_d, 1.0)).astype(np.float32)
    columns["typical gap"] = typical_d
    by_trips = prefixed("by trips", rhythm(own, candidates, code, own.age_trips))
    return prefixed("own", columns | by_trips | habits(own, candidates))


def hazard_columns(candidates: Candidates, kind: Indices, own: Columns, hazards: Hazards) -> Columns:
    """Return the chance a day that anybody buys such a product again after the present gap."""
    return {"chance of its kind": hazards.at(kind[candidates.product], own["own age"])}


def group_columns(own: Contexts, candidates: Candidates, assortment: Assortment) -> Columns:
    """Return the rhythm in days of all that share the candidate's label, kind or category."""
    codes = {"label": assortment.label, "kind": assortment.kind, "category": assortment.category}
    groups = (prefixed(name, rhythm(own, candidates, code, own.age_d)) for name, code in codes.items())
    return joined(*groups)
