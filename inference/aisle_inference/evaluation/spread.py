"""What the lists show, right or wrong: how much of the catalogue, how varied, and whether own brands are pushed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.evaluation.figures import interval_of
from aisle_inference.harness.bootstrap import Interval
from aisle_inference.harness.judge import LISTED
from aisle_inference.harness.metrics import Figures
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices


@dataclass(frozen=True, slots=True)
class Spread:
    """Figures of all lists of ten together.

    `coverage` is the share of the catalogue in any list, `categories` the mean number of categories in one, `gini` how
    unevenly products are shown (0 all alike, 1 only one). `own_brand_listed` and `own_brand_bought` are the mean shares
    of own-brand products in a list and in what was bought then; `own_brand_push` is their difference, query by query,
    and None when no list holds anything. `own_brand_popular` is the share in popularity's lists: what sells most.
    """

    coverage: float
    categories: float
    gini: float
    own_brand_listed: float
    own_brand_bought: float
    own_brand_popular: float
    own_brand_push: Interval | None


def spread_of(ranked: Indices, popular: Indices, truths: Sequence[Indices], assortment: Assortment) -> Spread:
    """Return the figures of lists (n, k) of which -1 is an empty place, beside popularity's and what was bought."""
    lists = ranked[:, :LISTED]
    shown = exposure(lists, len(assortment.product_ids))
    private = assortment.brand_private
    listed, bought = own_brand_shares(lists, truths, private)
    return Spread(
        coverage=coverage(shown),
        categories=float(categories_in(lists, assortment.category).mean()) if len(lists) else 0.0,
        gini=gini(shown),
        own_brand_listed=float(listed.mean()) if len(listed) else 0.0,
        own_brand_bought=float(bought.mean()) if len(bought) else 0.0,
        own_brand_popular=float(private[popular[popular >= 0]].mean()) if (popular >= 0).any() else 0.0,
        own_brand_push=interval_of(listed - bought) if len(listed) else None,
    )


def exposure(lists: Indices, products: int) -> npt.NDArray[np.int64]:
    """Return how many lists hold each product (P,)."""
    return np.bincount(lists[lists >= 0], minlength=products)


def coverage(shown: npt.NDArray[np.int64]) -> float:
    """Return the share of products (P,) that were shown at all."""
    return float(np.count_nonzero(shown)) / max(1, len(shown))


def gini(shown: npt.NDArray[np.int64]) -> float:
    """Return Gini's coefficient of counts (P,); 0 when nothing is shown."""
    total = float(shown.sum())
    if not total:
        return 0.0
    place = np.arange(1, len(shown) + 1)
    return float(((2 * place - len(shown) - 1) * np.sort(shown)).sum() / (len(shown) * total))


def categories_in(lists: Indices, category: Indices) -> npt.NDArray[np.int64]:
    """Return how many categories each list (n,) holds."""
    return np.array([len(np.unique(category[row[row >= 0]])) for row in lists], dtype=np.int64)


def own_brand_shares(
    lists: Indices, truths: Sequence[Indices], private: npt.NDArray[np.bool_]
) -> tuple[Figures, Figures]:
    """Return the share of own-brand products in each list and in its truth, for the lists that hold anything."""
    pairs = [
        (private[row[row >= 0]].mean(), private[truth].mean())
        for row, truth in zip(lists, truths, strict=True)
        if (row >= 0).any() and len(truth)
    ]
    shares = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return shares[:, 0], shares[:, 1]
