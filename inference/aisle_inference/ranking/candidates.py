"""Candidates: for every query the products that are worth a closer look, in one flat table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.harness.queries import Query
from aisle_inference.purchases.table import Indices, Offsets

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Candidates:
    """R candidates of n queries: `query` (R,) ascending, `product` (R,), and `start` (n + 1,), where each begins."""

    query: Indices
    product: Indices
    start: Offsets

    @classmethod
    def of(cls, products: Sequence[npt.NDArray[np.integer]]) -> Candidates:
        """Join one array of products a query."""
        start = np.concatenate(([0], np.cumsum([len(some) for some in products]))).astype(np.int64)
        query = np.repeat(np.arange(len(products), dtype=np.int32), np.diff(start))
        product = np.concatenate([*products, np.empty(0, dtype=np.int32)]).astype(np.int32)
        return cls(query, product, start)

    @property
    def queries(self) -> int:
        """Return how many queries there are."""
        return len(self.start) - 1

    def of_query(self, query: int) -> slice:
        """Return where the candidates of one query stand."""
        return slice(int(self.start[query]), int(self.start[query + 1]))

    def only(self, kept: npt.NDArray[np.bool_]) -> Candidates:
        """Return some of the candidates, those that are true in (R,)."""
        start = np.concatenate(([0], np.cumsum(kept)))[self.start].astype(np.int64)
        return Candidates(self.query[kept], self.product[kept], start)

    def hits(self, queries: Sequence[Query]) -> npt.NDArray[np.bool_]:
        """Return which candidates (R,) are in the truth of their query."""
        hits = np.zeros(len(self.product), dtype=np.bool_)
        for number, query in enumerate(queries):
            rows = self.of_query(number)
            hits[rows] = np.isin(self.product[rows], query.truth)
        return hits

    def best(self, scores: npt.NDArray[np.floating], limit: int) -> Indices:
        """Return each query's products (n, limit) by falling score, the lower number first where equal; -1 fills."""
        ranked = np.full((self.queries, limit), NOBODY, dtype=np.int32)
        for number in range(self.queries):
            rows = self.of_query(number)
            order = np.lexsort((self.product[rows], -scores[rows]))[:limit]
            ranked[number, : len(order)] = self.product[rows][order]
        return ranked
