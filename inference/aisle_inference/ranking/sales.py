"""What sold how often, when and where, up to a day: the part of the features that is the same for every shopper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats, Purchases
from aisle_inference.ranking.sums import summed_by, total_of

HOURS_OF_DAY = 6
DAYS_OF_WEEK = 7
# Purchases that a product is thought to have had before any was seen, so that rare ones are near the average.
_PRIOR = 5.0
_MONTH_D, _QUARTER_D, _SEASON_D = 28.0, 90.0, 60.0

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sales:
    """Figures of P products before a day; "purchases" are trips with the product.

    `purchases`, `week`, `month`, `quarter` (P,) are counts of all time and the last 7, 28 and 90 days, `buyers` counts
    households. `trend` is the log ratio of the last month to the two before, `again` the share of purchases that were
    repeated, `price` the mean paid a piece,
    `discounted` the share of last month's purchases at a discount. `hour` (6, P) and `weekday` (7, P) are log ratios
    to what the hour or day has of all purchases. `store` and `store_season` (S, P) count by store, all time and the
    last 60 days; `store_season_total` (S,) is the sum of the latter. `kind_quarter` and `category_quarter` (P,)
    are the quarter's purchases of all products of the same kind and category, `store_category` and
    `store_season_category` (S + 1, C) what a store sold of each category.
    """

    purchases: Floats
    week: Floats
    month: Floats
    quarter: Floats
    buyers: Floats
    trend: Floats
    again: Floats
    price: Floats
    discounted: Floats
    hour: Floats
    weekday: Floats
    store: sparse.csr_matrix
    store_season: sparse.csr_matrix
    store_season_total: Floats
    kind_quarter: Floats
    category_quarter: Floats
    store_category: sparse.csr_matrix
    store_season_category: sparse.csr_matrix

    @classmethod
    def of(cls, past: Past) -> Sales:
        """Count what was bought before the day."""
        bought, known = past.purchases, past.purchases.time_d < past.before_d

        def since(days: float) -> Floats:
            return _counts(bought, known & (bought.time_d >= past.before_d - days))

        buyers = np.bincount(past.households.indices, minlength=bought.products).astype(np.float32)
        month, quarter, total = since(_MONTH_D), since(_QUARTER_D), past.popularity
        store = _by_store(bought, known)
        season = _by_store(bought, known & (bought.time_d >= past.before_d - _SEASON_D))
        cheaper = known & (bought.time_d >= past.before_d - _MONTH_D) & (bought.discount > 0)
        return cls(
            purchases=total,
            week=since(7.0),
            month=month,
            quarter=quarter,
            buyers=buyers,
            trend=np.log((month + 2) / ((quarter - month) * (_MONTH_D / (_QUARTER_D - _MONTH_D)) + 2)),
            again=(total - buyers) / (total + _PRIOR),
            price=_ratio(_sum(bought, known, bought.paid), _sum(bought, known, bought.quantity)),
            discounted=_ratio(_counts(bought, cheaper), month),
            hour=_affinity(bought, known, hour_of(bought.time_d), HOURS_OF_DAY),
            weekday=_affinity(bought, known, weekday_of(bought.time_d), DAYS_OF_WEEK),
            store=store,
            store_season=season,
            store_season_total=np.asarray(season.sum(axis=1), dtype=np.float32).ravel(),
            kind_quarter=total_of(past.assortment.kind, quarter),
            category_quarter=total_of(past.assortment.category, quarter),
            store_category=summed_by(store, past.assortment.category),
            store_season_category=summed_by(season, past.assortment.category),
        )

    def in_store(self, store: int) -> Floats:
        """Return how often a store sold each product (P,) in the last 60 days; an unknown store (-1) sold none."""
        return row_of(self.store_season, store)


def row_of(matrix: sparse.csr_matrix, row: int) -> Floats:
    """Return one row of a sparse matrix, dense; -1 is the last."""
    row %= matrix.shape[0]
    dense = np.zeros(matrix.shape[1], dtype=np.float32)
    entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
    dense[matrix.indices[entries]] = matrix.data[entries]
    return dense


def hour_of(time_d: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return which sixth of the day a time is in."""
    # A time just below zero has a remainder that rounds to one.
    return np.minimum(np.floor((time_d % 1.0) * HOURS_OF_DAY), HOURS_OF_DAY - 1).astype(np.int64)


def weekday_of(time_d: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the day of the week; EPOCH's is 0."""
    return np.floor(time_d).astype(np.int64) % DAYS_OF_WEEK


def _counts(bought: Purchases, which: Mask) -> Floats:
    return np.bincount(bought.product[which], minlength=bought.products).astype(np.float32)


def _sum(bought: Purchases, which: Mask, values: Floats) -> Floats:
    return np.bincount(bought.product[which], values[which], minlength=bought.products).astype(np.float32)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, where a whole below one counts as one."""
    return np.asarray(part / np.maximum(whole, 1.0), dtype=np.float32)


def _by_store(bought: Purchases, which: Mask) -> sparse.csr_matrix:
    """Return counts (S + 1, P); the last row, which UNKNOWN (-1) points at, is that of a store without purchases."""
    cells = (bought.store[which], bought.product[which])
    counts = sparse.csr_matrix(
        (np.ones(len(cells[0]), dtype=np.float32), cells), shape=(bought.stores + 1, bought.products)
    )
    counts.sum_duplicates()
    return counts


def _affinity(bought: Purchases, which: Mask, slot: npt.NDArray[np.int64], slots: int) -> Floats:
    """Return the log ratio (slots, P) of a product's share in a time slot to the slot's share of all purchases."""
    counts = np.zeros((slots, bought.products), dtype=np.float32)
    np.add.at(counts, (slot[which], bought.product[which]), 1.0)
    share = (counts.sum(axis=1, keepdims=True) + 1) / (counts.sum() + slots)
    ratios = (counts + _PRIOR * share) / ((counts.sum(axis=0) + _PRIOR) * share)
    return np.asarray(np.log(ratios), dtype=np.float32)
