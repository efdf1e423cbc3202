"""The features of what goes with a basket: how candidates are linked to the given products, and how alike they are."""

from __future__ import annotations

import numba
import numpy as np

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import alike, entries, linked, paired, pulled
from aisle_inference.ranking.kinds import KindLinks
from aisle_inference.ranking.links import Links
from aisle_inference.ranking.named import Columns
from aisle_inference.ranking.sales import Sales

_BASKET = ("basket size", "own brand", "own brands in basket", "price over basket's")
_ALIKE = tuple(f"given of its {name}" for name in ("kind", "category", "label", "maker", "department"))


def link_columns(asked: Contexts, candidates: Candidates, links: Links) -> Columns:
    """Return the sum and the strongest of each way of linking, and of the cosine how many and the best two."""
    columns: Columns = {}
    for name, matrix in (
        ("together, popular", links.rarer),
        ("share", links.share),
        ("taste", links.taste),
    ):
        found = linked(matrix, asked.basket, candidates)
        columns |= {f"{name} sum": found.total, f"{name} best": found.best}
    together = linked(links.cosine, asked.basket, candidates)
    return columns | {
        "together sum": together.total,
        "together best": together.best,
        "together best two": together.best + together.second,
        "together with how many": together.number,
    }


def kind_columns(asked: Contexts, candidates: Candidates, kinds: dict[str, KindLinks]) -> Columns:
    """Return how the kinds and categories of the candidates go with those given: the cosines' sum, the lifts' mean."""
    sizes = np.maximum(np.diff(asked.basket.start), 1).astype(np.float32)[candidates.query]
    columns: Columns = {}
    for name, links in kinds.items():
        columns[f"{name} together"] = paired(links.cosine, links.code, asked.basket, candidates)
        lifts = paired(links.lift, links.code, asked.basket, candidates)
        columns[f"{name} lift"] = np.asarray(lifts / sizes, dtype=np.float32)
    return columns


def likeness_columns(asked: Contexts, candidates: Candidates, assortment: Assortment) -> Columns:
    """Return how many of the given products share kind, category, label, maker or department with the candidate."""
    codes = (
        assortment.kind,
        assortment.category,
        assortment.label,
        assortment.manufacturer,
        assortment.department,
    )
    return dict(zip(_ALIKE, alike(codes, asked.basket, candidates), strict=True))


def basket_columns(asked: Contexts, candidates: Candidates, assortment: Assortment, sales: Sales) -> Columns:
    """Return the size of the basket, its share of own brands and its mean price beside the candidate's."""
    out = np.empty((len(_BASKET), len(candidates.product)), dtype=np.float32)
    basket, ends = asked.basket, (candidates.start, candidates.product)
    _describe(basket.start, basket.product, *ends, assortment.brand_private, sales.price, out)
    return dict(zip(_BASKET, out, strict=True))


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
        "together sum": pulled(links.cosine_to_category, category, asked.basket, candidates),
        "share sum": pulled(links.share_to_category, category, asked.basket, candidates),
        "store season": entries(sales.store_season_category, store, own),
        "store ever": entries(sales.store_category, store, own),
    }
    return {
        f"{name}, of its category": np.asarray(columns[name] / (whole + np.float32(1e-6)), dtype=np.float32)
        for name, whole in wholes.items()
    }


# The mean of no product is unknown and no error.
@numba.njit(cache=True, error_model="numpy")
def _describe(given_start, given, start, product, is_private, price, out):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        size, private, paid = float(given_start[query + 1] - given_start[query]), 0.0, 0.0
        for one in given[given_start[query] : given_start[query + 1]]:
            private += is_private[one]
            paid += price[one]
        for row in range(start[query], start[query + 1]):
            out[0, row] = size
            out[1, row] = is_private[product[row]]
            out[2, row] = private / size
            out[3, row] = price[product[row]] / (paid / size + 0.1)
