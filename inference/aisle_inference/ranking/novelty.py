"""What households buy for the first time, lately and where: the pull of a product on those who do not know it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.sums import total_of

_WEEK_D, _MONTH_D, _QUARTER_D = 7.0, 28.0, 90.0
_STORE_D = 45.0
# A quarter's first purchases count so much beside a month's.
_OLDER = 0.3


@dataclass(frozen=True, slots=True)
class Novelty:
    """First purchases of P products before a day, each household's own.

    `week`, `month`, `quarter` (P,) count those of the last 7, 28 and 90 days, `store` (S + 1, P) those of the last 45
    by store, the last row being that of no store. `age_d` (P,) is how long ago the product was first sold to anybody,
    and `share_of_kind` (P,) how much of the newly bought of its kind it is.
    """

    week: Floats
    month: Floats
    quarter: Floats
    store: sparse.csr_matrix
    age_d: Floats
    share_of_kind: Floats

    @classmethod
    def of(cls, past: Past) -> Novelty:
        """Count the first purchases before the day."""
        bought = past.purchases
        firsts = _firsts(past)
        product, age_d = bought.product[firsts], past.before_d - bought.time_d[firsts]

        def within(days: float) -> Floats:
            return np.bincount(product[age_d <= days], minlength=bought.products).astype(np.float32)

        lately = age_d <= _STORE_D
        cells = (bought.store[firsts][lately], product[lately])
        shape = (bought.stores + 1, bought.products)
        oldest_d = np.zeros(bought.products, dtype=np.float32)
        np.maximum.at(oldest_d, product, age_d.astype(np.float32))
        month, quarter = within(_MONTH_D), within(_QUARTER_D)
        return cls(
            week=within(_WEEK_D),
            month=month,
            quarter=quarter,
            store=sparse.csr_matrix((np.ones(len(cells[0]), dtype=np.float32), cells), shape=shape),
            age_d=oldest_d,
            share_of_kind=share_within(month + np.float32(_OLDER) * quarter, past.assortment.kind),
        )


def share_within(values: Floats, code: Indices) -> Floats:
    """Return what share (P,) each product has of the sum of all with its code."""
    return np.asarray(values / (total_of(code, values) + np.float32(1.0)), dtype=np.float32)


def _firsts(past: Past) -> Indices:
    """Return the events before the day that are a household's first with the product."""
    bought = past.purchases
    known = np.flatnonzero(bought.time_d < past.before_d)
    keys = bought.household[known].astype(np.int64) * bought.products + bought.product[known]
    # Events of a household stand in time order, and unique returns the first of equal keys.
    return known[np.unique(keys, return_index=True)[1]].astype(np.int32)
