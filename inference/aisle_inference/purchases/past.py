"""What may be learnt from: the purchases before a day, counted, and what the products are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.promotions import Promotions
from aisle_inference.purchases.table import Purchases


@dataclass(frozen=True, slots=True)
class Past:
    """Purchases of which only those before a day may be learnt, and what the products are.

    `households` (H, P) counts the trips in which a household bought a product, `popularity` (P,) those of all.
    `promotions` go on beyond the day: what a store puts up in a week is known when the week is asked about.
    """

    purchases: Purchases
    assortment: Assortment
    before_d: float
    households: sparse.csr_matrix
    popularity: npt.NDArray[np.float32]
    promotions: Promotions

    @classmethod
    def of(
        cls, purchases: Purchases, assortment: Assortment, before_d: float, promotions: Promotions | None = None
    ) -> Past:
        """Count what was bought before a day, in days since EPOCH."""
        known = purchases.time_d < before_d
        cells = (purchases.household[known], purchases.product[known])
        shape = (purchases.households, purchases.products)
        counts = sparse.csr_matrix((np.ones(len(cells[0]), dtype=np.float32), cells), shape=shape)
        popularity = np.bincount(cells[1], minlength=purchases.products).astype(np.float32)
        if promotions is None:
            promotions = Promotions.none(purchases.products, purchases.stores)
        return cls(purchases, assortment, before_d, counts, popularity, promotions)

    def earlier(self, before_d: float) -> Past:
        """Return what could have been learnt before an earlier day."""
        return Past.of(self.purchases, self.assortment, before_d, self.promotions)

    @property
    def trips(self) -> sparse.csr_matrix:
        """Return the trips before the day as a 0/1 matrix (trips, P)."""
        purchases = self.purchases
        known = purchases.time_d < self.before_d
        _, rows = np.unique(purchases.trip[known], return_inverse=True)
        shape = (int(rows.max(initial=-1)) + 1, purchases.products)
        return sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, purchases.product[known])), shape=shape)
