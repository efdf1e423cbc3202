"""The features of what a household never bought: what is around the product, and the pull of the new."""

from __future__ import annotations

import numpy as np

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import entries
from aisle_inference.ranking.named import Columns, joined, prefixed
from aisle_inference.ranking.novelty import Novelty
from aisle_inference.ranking.rhythm import counts, event_weights, rhythm
from aisle_inference.ranking.sales import Sales


def pull_columns(own: Contexts, candidates: Candidates, novelty: Novelty, sales: Sales) -> Columns:
    """Return how many others bought the candidate for the first time lately, in all and in this store."""
    product, store = candidates.product, own.store[candidates.query]
    in_store = entries(novelty.store, store, product)
    return {
        "new to others in a week": novelty.week[product],
        "new to others in a month": novelty.month[product],
        "new to others in a quarter": novelty.quarter[product],
        "new to others in this store": np.where(store < 0, np.float32(np.nan), in_store),
        "days on sale": novelty.age_d[product],
        "share of what is new of its kind": novelty.share_of_kind[product],
        "share of its kind": sales.quarter[product] / (sales.kind_quarter[product] + 1),
    }


def property_groups(own: Contexts, candidates: Candidates, assortment: Assortment, joint: Indices) -> Columns:
    """Return what the household bought of the same kind, category, label, maker, and maker within the kind."""
    codes = {
        "kind": assortment.kind,
        "category": assortment.category,
        "label": assortment.label,
        "maker": assortment.manufacturer,
        "maker and kind": joint,
        "department": assortment.department,
    }
    weights = event_weights(own)
    counted = (prefixed(name, counts(own, candidates, code, weights)) for name, code in codes.items())
    timed = (prefixed(name, rhythm(own, candidates, codes[name], own.age_d)) for name in ("kind", "category"))
    return joined(*counted, *timed)
