"""Item neighbours by cosine (Sarwar, Karypis, Konstan and Riedl, 2001, "Item-Based Collaborative Filtering", WWW)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from aisle_inference.baselines.baseline import Score, Scores
from aisle_inference.baselines.rows import damped, query_rows
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.past import Past

# Products compared with all others at once: 512 x 22,000 are 45 MB.
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class ItemKnnSettings:
    """How products are compared, and what they count for themselves.

    `neighbours` are kept a product, `shrink` is added to the cosine's denominator, and `itself` is the likeness of a
    product to itself: above 0, what was bought before may come again.
    """

    neighbours: int = 200
    shrink: float = 10.0
    over_trips: bool = False
    itself: float = 0.0


def item_knn(past: Past, settings: ItemKnnSettings) -> Score:
    """Score a product by its likeness to those of the query, counted over its nearest neighbours only."""
    rows = past.trips if settings.over_trips else damped(past.households, log_counts=False)
    likeness = nearest_products(rows, settings.neighbours, settings.shrink).T.tocsr()
    if settings.itself:
        likeness = sparse.csr_matrix(likeness + settings.itself * sparse.eye(likeness.shape[0], dtype=np.float32))

    def score(queries: Sequence[Query]) -> Scores:
        own = damped(query_rows(past, queries), log_counts=True)
        return np.asarray((own @ likeness).toarray(), dtype=np.float32)

    return score


def nearest_products(rows: sparse.csr_matrix, neighbours: int, shrink: float) -> sparse.csr_matrix:
    """Return the cosines (P, P) of the columns of a 0/1 matrix, each product's nearest ones in its row."""
    columns = rows.T.tocsr()
    sizes = np.sqrt(np.asarray(columns.sum(axis=1)).ravel())
    products = columns.shape[0]
    blocks = []
    for start in range(0, products, _BLOCK):
        together = (columns[start : start + _BLOCK] @ rows).toarray()
        together[np.arange(len(together)), start + np.arange(len(together))] = 0.0
        cosine = together / (np.outer(sizes[start : start + _BLOCK], sizes) + shrink + 1e-9)
        blocks.append(_largest(cosine.astype(np.float32), min(neighbours, products)))
    return sparse.csr_matrix(sparse.vstack(blocks))


def _largest(values: Scores, kept: int) -> sparse.csr_matrix:
    """Return the matrix with only the largest values of each row."""
    places = np.argpartition(-values, kept - 1, axis=1)[:, :kept]
    data = np.take_along_axis(values, places, axis=1).ravel()
    out = sparse.csr_matrix((data, places.ravel(), np.arange(0, places.size + 1, kept)), shape=values.shape)
    out.eliminate_zeros()
    return out
