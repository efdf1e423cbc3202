"""Links: which products go with a given one, how strongly, by four ways to count.

Each is a sparse matrix (P, P) from given to candidate with the strongest links of every given product, small enough to
be carried by a robot; a dense one of 23,000 products would have 2.1 GB.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats
from aisle_inference.ranking.sums import summed_by


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """How many links a product keeps of each kind, the fewest common trips or buyers, and shrinkage against chance."""

    most: int = 200
    least_together: int = 2
    least_buyers: int = 4
    shrinkage: float = 10.0
    buyer_shrinkage: float = 15.0


@dataclass(frozen=True, slots=True)
class Links:
    """The four ways.

    `cosine` and `rarer` are shrunk cosines c_ij / (c_i^a c_j^b + s) over trips, the second in favour of popular
    candidates (Deshpande and Karypis, 2004, "Item-based top-N recommendation algorithms", ACM TOIS); `share` is the
    share of the given product's trips that held the candidate; `taste` the cosine over households that bought both.
    `cosine_to_category` and `share_to_category` (P, C) are their sums over the candidates of each category.
    The weights of EASE added nothing beside them (completion recall@10 in October .1410 with, .1407 without).
    """

    cosine: sparse.csr_matrix
    rarer: sparse.csr_matrix
    share: sparse.csr_matrix
    taste: sparse.csr_matrix
    cosine_to_category: sparse.csr_matrix
    share_to_category: sparse.csr_matrix

    @property
    def ways(self) -> tuple[sparse.csr_matrix, ...]:
        """Return those that differ most in what they put first."""
        return (self.cosine, self.rarer, self.taste)

    @classmethod
    def of(cls, past: Past, settings: LinkSettings = LinkSettings()) -> Links:
        """Count pairs before the day."""
        trips = past.trips
        together = _pairs(trips, settings.least_together)
        counts = past.popularity
        buyers = past.households.sign()
        known = np.asarray(buyers.sum(axis=0), dtype=np.float32).ravel()
        cosine = strongest(_cosine(together, counts, (0.5, 0.5), settings.shrinkage), settings.most)
        share = strongest(_cosine(together, counts, (1.0, 0.0), settings.shrinkage), settings.most)
        category = past.assortment.category
        return cls(
            cosine=cosine,
            rarer=strongest(_cosine(together, counts, (0.8, 0.3), settings.shrinkage), settings.most),
            share=share,
            cosine_to_category=summed_by(cosine, category),
            share_to_category=summed_by(share, category),
            taste=strongest(
                _cosine(_pairs(buyers, settings.least_buyers), known, (0.5, 0.5), settings.buyer_shrinkage),
                settings.most,
            ),
        )


def strongest(links: sparse.csr_matrix, most: int) -> sparse.csr_matrix:
    """Keep the `most` largest values of each row, and no other."""
    lengths = np.diff(links.indptr)
    row = np.repeat(np.arange(links.shape[0]), lengths)
    order = np.lexsort((-links.data, row))
    place = np.arange(len(order)) - np.repeat(links.indptr[:-1], lengths)
    kept = np.sort(order[place < most])
    return sparse.csr_matrix((links.data[kept], (row[kept], links.indices[kept])), shape=links.shape)


def _pairs(rows: sparse.csr_matrix, least: int) -> sparse.coo_matrix:
    """Return how many rows hold both of two different products, where at least so many do."""
    several = rows[np.diff(rows.indptr) > 1]
    pairs = sparse.coo_matrix(several.T @ several)
    kept = (pairs.data >= least) & (pairs.row != pairs.col)
    return sparse.coo_matrix((pairs.data[kept], (pairs.row[kept], pairs.col[kept])), shape=pairs.shape)


def _cosine(
    pairs: sparse.coo_matrix, counts: Floats, exponents: tuple[float, float], shrinkage: float
) -> sparse.csr_matrix:
    given, candidate = exponents
    scale = (counts**given)[pairs.row] * (counts**candidate)[pairs.col] + np.float32(shrinkage)
    return sparse.csr_matrix((pairs.data / scale, (pairs.row, pairs.col)), shape=pairs.shape, dtype=np.float32)
