"""How much a product is expected to sell, from what it is: for products that nobody bought yet.

The products of the same category, kind, maker and so on say how much one of them sells; boosted trees weigh these
groups, of which each product is described by the others, since it would otherwise be described by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import lightgbm
import numpy as np
import numpy.typing as npt

from aisle_inference.purchases.products import Assortment, Codes
from aisle_inference.purchases.table import Floats
from aisle_inference.ranking.sums import together

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ExpectedSettings:
    """How many parts describe each other, how many products of the whole a small group counts, and the trees."""

    folds: int = 10
    prior: float = 2.0
    trees: int = 100
    leaves: int = 7
    least_in_leaf: int = 40
    learning_rate: float = 0.1
    seed: int = 1


def expected_sales(
    assortment: Assortment, sold: Floats, known: Mask, settings: ExpectedSettings = ExpectedSettings()
) -> Floats:
    """Return how much each product (P,) is expected to sell, learnt from what the known ones did."""
    logs = np.log1p(sold.astype(np.float64))
    if not known.any():
        return np.zeros(len(sold), dtype=np.float32)
    fold = np.random.default_rng(settings.seed).integers(settings.folds, size=len(sold))
    groups = tuple(_groups(assortment))
    whole = _described(assortment, groups, logs, known, settings.prior)
    others = np.empty_like(whole)
    for number in range(settings.folds):
        own = fold == number
        others[own] = _described(assortment, groups, logs, known & ~own, settings.prior)[own]
    table = lightgbm.Dataset(others[known], logs[known])
    booster = lightgbm.train(_parameters(settings), table, num_boost_round=settings.trees)
    return np.expm1(np.asarray(booster.predict(whole), dtype=np.float64)).clip(0.0).astype(np.float32)


def _groups(assortment: Assortment) -> Iterator[Codes]:
    category, private = assortment.category, assortment.brand_private
    yield from (assortment.department, category, assortment.kind, assortment.label, assortment.manufacturer)
    yield from (together(category, private), together(assortment.kind, private))
    yield from (together(assortment.department, assortment.package), together(category, assortment.package))
    yield from (together(category, assortment.manufacturer), together(assortment.kind, assortment.manufacturer))
    yield together(assortment.label, assortment.manufacturer)


def _described(assortment: Assortment, groups: tuple[Codes, ...], logs: Values, known: Mask, prior: float) -> Values:
    """Return the mean and the size of each product's groups (P, 2 G), and what else is known of it."""
    mean = float(logs[known].mean()) if known.any() else 0.0
    columns = [assortment.brand_private.astype(np.float64), assortment.variants.astype(np.float64)]
    for code in groups:
        size = np.bincount(code[known], minlength=int(code.max()) + 1)[code].astype(np.float64)
        total = np.bincount(code[known], logs[known], minlength=int(code.max()) + 1)[code]
        columns += [(total + prior * mean) / (size + prior), size]
    return np.stack(columns, axis=1)


def _parameters(settings: ExpectedSettings) -> dict[str, object]:
    return {
        "objective": "l2",
        "num_leaves": settings.leaves,
        "learning_rate": settings.learning_rate,
        "min_data_in_leaf": settings.least_in_leaf,
        "feature_fraction": 0.5,
        "num_threads": 2,
        "seed": settings.seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
