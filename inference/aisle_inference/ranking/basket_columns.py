"""The features of what goes with a basket: how candidates are linked to the given products, and how alike they are."""

from __future__ import annotations

import numpy as np

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import alike, entries, linked, paired, pulled
from aisle_inference.ranking.kinds import KindLinks
from aisle_inference.ranking.links import Links
from aisle_inference.ranking.named import Columns
from aisle_inference.ranking.sales import Sales


def link_columns(asked: Contexts, candidates: Candidates, links: Links) -> Columns:
    """Return the sum and the strongest of each way of linking, and of the cosine how many and the best two."""
    columns: Columns = {}
    for name, matrix in (
        ("together, popular", links.rarer),
        ("share", links.share),
        ("taste", links.taste),
    ):
        found = linked(matrix, asked.given, candidates)
        columns |= {f"{name} sum": found.total, f"{name} best": found.best}
    together = linked(links.cosine, asked.given, candidates)
    return columns | {
        "together sum": together.total,
        "together best": together.best,
        "together best two": together.best + together.second,
        "together with how many": together.number,
    }


def kind_columns(asked: Contexts, candidates: Candidates, kinds: dict[str, KindLinks]) -> Columns:
    """Return how the kinds and categories of the candidates go with those given: the cosines' sum, the lifts' mean."""
    sizes = np.maximum(_sizes(asked), np.float32(1))[candidates.query]
    columns: Columns = {}
    for name, links in kinds.items():
        columns[f"{name} together"] = paired(links.cosine, links.code, asked.given, candidates)
        lifts = paired(links.lift, links.code, asked.given, candidates)
        columns[f"{name} lift"] = np.asarray(lifts / sizes, dtype=np.float32)
    return columns


def likeness_columns(asked: Contexts, candidates: Candidates, assortment: Assortment) -> Columns:
    """Return how many of the given products share kind, category, label, maker or department with the candidate."""
    codes = {
        "kind": assortment.kind,
        "category": assortment.category,
        "label": assortment.label,
        "maker": assortment.manufacturer,
        "department": assortment.department,
    }
    return {f"given of its {name}": alike(code, asked.given, candidates) for name, code in codes.items()}


def basket_columns(asked: Contexts, candidates: Candidates, assortment: Assortment, sales: Sales) -> Columns:
    """Return the size of the basket, its share of own brands and its mean price beside the candidate's."""
    own_brand = assortment.brand_private.astype(np.float32)
    brands, prices = _means(own_brand, asked), _means(sales.price, asked)
    query, product = candidates.query, candidates.product
    return {
        "basket size": _sizes(asked)[query],
        "own brand": own_brand[product],
        "own brands in basket": brands[query],
        "price over basket's": sales.price[product] / (prices[query] + np.float32(0.1)),
    }


def share_columns(candidates: Candidates, sales: Sales) -> Columns:
    """Return the candidate's share of what its kind and its category sold in the last quarter, and those sums."""
    columns: Columns = {}
    for name, sold in (("kind", sales.kind_quarter), ("category", sales.category_quarter)):
        group = sold[candidates.product]
        columns[f"share of its {name}"] = sales.quarter[candidates.product] / (group + 1)
        columns[f"its {name} sold"] = group
    return columns


def category_columns(
    asked: Contexts, candidates: Candidates, category: Indices, links: Links, sales: Sales, columns: Columns
) -> Columns:
    """Return, of the columns that say most, the share that a candidate has of the sum over all of its category."""
    own, store = category[candidates.product], asked.store[candidates.query]
    wholes = {
        "together sum": pulled(links.cosine_to_category, category, asked.given, candidates),
        "share sum": pulled(links.share_to_category, category, asked.given, candidates),
        "store season": entries(sales.store_season_category, store, own),
        "store ever": entries(sales.store_category, store, own),
    }
    return {
        f"{name}, of its category": np.asarray(columns[name] / (whole + np.float32(1e-6)), dtype=np.float32)
        for name, whole in wholes.items()
    }


def _sizes(asked: Contexts) -> Floats:
    """Return how many products are given in each query (n,)."""
    return np.array([len(given) for given in asked.given], dtype=np.float32)


def _means(values: Floats, asked: Contexts) -> Floats:
    """Return the mean of values (P,) over what is given in each query (n,), NaN over nothing."""
    sizes = _sizes(asked)
    query = np.repeat(np.arange(len(sizes)), sizes.astype(np.int64))
    given = np.concatenate([*asked.given, np.empty(0, dtype=np.int32)])
    sums = np.bincount(query, values[given], minlength=len(sizes))
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / sizes, dtype=np.float32)
