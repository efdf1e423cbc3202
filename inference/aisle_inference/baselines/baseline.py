"""What a baseline is, and how its scores become lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from aisle_inference.harness.queries import ANY_CATEGORY, UNKNOWN, Query, Task, own_history
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Indices

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
