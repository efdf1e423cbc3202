"""The features of what goes with a basket: how candidates are linked to the given products, and how alike they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.harness.queries import Query
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.kernels import block
from aisle_inference.ranking.kinds import KindLinks
from aisle_inference.ranking.links import Links
from aisle_inference.ranking.named import Columns
from aisle_inference.ranking.sales import Sales

# From the given products and the candidates of one query: their strengths (given, candidates).
Pairs = Callable[[Indices, Indices], npt.NDArray[np.float32]]


def link_columns(queries: Sequence[Query], candidates: Candidates, links: Links) -> Columns:
    """Return the sum and the strongest of each way of linking, and of the cosine how many and the best two."""
    columns: Columns = {}
    for name, matrix in (
        ("together", links.cosine),
        ("together, popular", links.rarer),
        ("share", links.share),
        ("taste", links.taste),
    ):
        strengths = _strengths_in(matrix)
        columns[f"{name} sum"] = _per_candidate(queries, candidates, strengths, _sum)
        columns[f"{name} best"] = _per_candidate(queries, candidates, strengths, _best)
    together = _strengths_in(links.cosine)
    columns["together with how many"] = _per_candidate(queries, candidates, together, _how_many)
    columns["together best two"] = _per_candidate(queries, candidates, together, _best_two)
    return columns


def kind_columns(queries: Sequence[Query], candidates: Candidates, kinds: dict[str, KindLinks]) -> Columns:
    """Return how the kinds and categories of the candidates go with those given."""
    columns: Columns = {}
    for name, links in kinds.items():
        columns[f"{name} together"] = _per_candidate(queries, candidates, links.cosines, _sum)
        columns[f"{name} lift"] = _per_candidate(queries, candidates, links.lifts, _mean)
    return columns


def likeness_columns(queries: Sequence[Query], candidates: Candidates, assortment: Assortment) -> Columns:
    """Return how many of the given products share kind, category, label, maker or department with the candidate."""
    columns: Columns = {}
    for name, code in (
        ("kind", assortment.kind),
        ("category", assortment.category),
        ("label", assortment.label),
        ("maker", assortment.manufacturer),
        ("department", assortment.department),
    ):
        columns[f"given of its {name}"] = _per_candidate(queries, candidates, _same(code), _sum)
    return columns


def basket_columns(queries: Sequence[Query], candidates: Candidates, assortment: Assortment, sales: Sales) -> Columns:
    """Return the size of the basket, its share of own brands and its mean price beside the candidate's."""
    own_brand = assortment.brand_private.astype(np.float32)
    sizes = np.array([len(query.given) for query in queries], dtype=np.float32)
    brands = np.array([_mean_of(own_brand[query.given]) for query in queries], dtype=np.float32)
    prices = np.array([_mean_of(sales.price[query.given]) for query in queries], dtype=np.float32)
    query, product = candidates.query, candidates.product
    return {
        "basket size": sizes[query],
        "own brand": own_brand[product],
        "own brands in basket": brands[query],
        "price over basket's": sales.price[product] / (prices[query] + np.float32(0.1)),
    }


def share_columns(candidates: Candidates, assortment: Assortment, sales: Sales) -> Columns:
    """Return the candidate's share of what its kind and its category sold in the last quarter, and those sums."""
    columns: Columns = {}
    for name, code in (("kind", assortment.kind), ("category", assortment.category)):
        sold = np.bincount(code, sales.quarter, minlength=int(code.max(initial=-1)) + 1).astype(np.float32)
        group = sold[code[candidates.product]]
        columns[f"share of its {name}"] = sales.quarter[candidates.product] / (group + 1)
        columns[f"its {name} sold"] = group
    return columns


def beside_columns(candidates: Candidates, columns: Columns) -> Columns:
    """Return, of what says most, the share that a candidate has of the sum over all candidates of its query."""
    beside: Columns = {}
    for name in ("together sum", "share sum", "store season", "store ever"):
        values = np.nan_to_num(columns[name])
        totals = np.bincount(candidates.query, values, minlength=candidates.queries)
        beside[f"{name}, of all candidates"] = (values / (totals[candidates.query] + 1e-6)).astype(np.float32)
    return beside


def _strengths_in(matrix: sparse.csr_matrix) -> Pairs:
    return lambda given, products: block(matrix, given, products)


def _same(code: npt.NDArray[np.int32]) -> Pairs:
    return lambda given, products: (code[given][:, None] == code[products]).astype(np.float32)


def _per_candidate(
    queries: Sequence[Query], candidates: Candidates, pairs: Pairs, summary: Callable[[Floats], Floats]
) -> Floats:
    """Return one number (R,) from the strengths of the given products (given, candidates) of each query."""
    out = np.zeros(len(candidates.product), dtype=np.float32)
    for number, query in enumerate(queries):
        rows = candidates.of_query(number)
        if len(query.given):
            out[rows] = summary(pairs(query.given, candidates.product[rows]))
    return out


def _sum(strengths: Floats) -> Floats:
    return np.asarray(strengths.sum(axis=0), dtype=np.float32)


def _mean(strengths: Floats) -> Floats:
    return np.asarray(strengths.mean(axis=0), dtype=np.float32)


def _best(strengths: Floats) -> Floats:
    return np.asarray(strengths.max(axis=0), dtype=np.float32)


def _best_two(strengths: Floats) -> Floats:
    if len(strengths) < 2:
        return _sum(strengths)
    return np.asarray(np.partition(strengths, -2, axis=0)[-2:].sum(axis=0), dtype=np.float32)


def _how_many(strengths: Floats) -> Floats:
    return np.asarray(np.count_nonzero(strengths, axis=0), dtype=np.float32)


def _mean_of(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")
