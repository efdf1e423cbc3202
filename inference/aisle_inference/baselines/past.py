"""What a baseline may learn from, and how its scores become lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.harness.queries import ANY_CATEGORY, UNKNOWN, Query, Task, own_history
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Indices, Purchases

# (n, P): the higher, the better.
Scores = npt.NDArray[np.float32]
Score = Callable[[Sequence[Query]], Scores]
# Queries scored at once: 256 x 22,000 products are 22 MB.
_BLOCK = 256
# Popularity orders only what the baseline itself leaves equal.
_TIE = 1e-6


class Baseline(Protocol):
    """Anything that answers queries with ranked products."""

    @property
    def name(self) -> str: ...

    def rank(self, queries: Sequence[Query], limit: int) -> Indices:
        """Return product indices (n, limit), best first; -1 fills the rest."""
        ...


@dataclass(frozen=True, slots=True)
class Past:
    """Purchases of which only those before a day may be learnt, and what the products are.

    `households` (H, P) counts the trips in which a household bought a product, `popularity` (P,) those of all.
    """

    purchases: Purchases
    assortment: Assortment
    before_d: float
    households: sparse.csr_matrix
    popularity: npt.NDArray[np.float32]

    @classmethod
    def of(cls, purchases: Purchases, assortment: Assortment, before_d: float) -> Past:
        """Count what was bought before a day, in days since EPOCH."""
        known = purchases.time_d < before_d
        cells = (purchases.household[known], purchases.product[known])
        shape = (purchases.households, purchases.products)
        counts = sparse.csr_matrix((np.ones(len(cells[0]), dtype=np.float32), cells), shape=shape)
        popularity = np.bincount(cells[1], minlength=purchases.products).astype(np.float32)
        return cls(purchases, assortment, before_d, counts, popularity)

    @property
    def trips(self) -> sparse.csr_matrix:
        """Return the trips before the day as a 0/1 matrix (trips, P)."""
        purchases = self.purchases
        known = purchases.time_d < self.before_d
        _, rows = np.unique(purchases.trip[known], return_inverse=True)
        shape = (int(rows.max(initial=-1)) + 1, purchases.products)
        return sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, purchases.product[known])), shape=shape)


@dataclass(frozen=True, slots=True)
class ScoredBaseline:
    """A baseline that gives every product a score; lists leave out what the task does not ask for."""

    name: str
    past: Past
    score: Score

    def rank(self, queries: Sequence[Query], limit: int) -> Indices:
        """Return product indices (n, limit), best first; -1 fills the rest."""
        blocks = [queries[start : start + _BLOCK] for start in range(0, len(queries), _BLOCK)]
        ranked = [_best(self._scores(block), limit) for block in blocks]
        return np.concatenate(ranked) if ranked else np.empty((0, limit), dtype=np.int32)

    def _scores(self, block: Sequence[Query]) -> Scores:
        scores = self.score(block)
        share = self.past.popularity / max(1.0, float(self.past.popularity.max(initial=0.0)))
        scale = _TIE * np.maximum(np.abs(scores).max(axis=1, initial=0.0, keepdims=True), _TIE)
        scores = np.asarray(scores + scale * share, dtype=np.float32)
        for row, query in enumerate(block):
            scores[row, banned(self.past, query)] = -np.inf
        return scores


def banned(past: Past, query: Query) -> npt.NDArray[np.bool_]:
    """Return which products (P,) are no answer to a query."""
    if query.category == ANY_CATEGORY:
        out = np.zeros(past.purchases.products, dtype=np.bool_)
    else:
        out = past.assortment.category != query.category
    out[query.given] = True
    if query.task is Task.NOVEL:
        out[own_history(past.purchases, query)] = True
    return out


def _best(scores: Scores, limit: int) -> Indices:
    """Return the places of the highest finite scores, (n, limit)."""
    kept = min(limit, scores.shape[1])
    best = np.full((len(scores), limit), UNKNOWN, dtype=np.int32)
    candidates = np.argpartition(-scores, kept - 1, axis=1)[:, :kept] if kept else best[:, :0]
    values = np.take_along_axis(scores, candidates, axis=1)
    order = np.lexsort((candidates, -values), axis=1)
    best[:, :kept] = np.take_along_axis(candidates, order, axis=1)
    best[:, :kept][~np.isfinite(np.take_along_axis(values, order, axis=1))] = UNKNOWN
    return best
