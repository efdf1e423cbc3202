"""What households alike buy: scores over all products, read off at the candidates or cut to the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from aisle_inference.baselines.baseline import Score
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.table import Floats, Indices
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.named import Columns


def score_columns(scores: Mapping[str, Score], queries: Sequence[Query], candidates: Candidates) -> Columns:
    """Return each score (R,) of the candidates."""
    return {name: _at(score, queries, candidates) for name, score in scores.items()}


def best_of(scores: Floats, left_out: Indices, limit: int) -> Indices:
    """Return the products of the highest scores (P,), best first, without some and without those of no score."""
    kept_scores = scores.copy()
    kept_scores[left_out] = 0.0
    best = np.flatnonzero(kept_scores > 0)
    if len(best) > limit:
        best = best[np.argpartition(-kept_scores[best], limit - 1)[:limit]]
    return best[np.lexsort((best, -kept_scores[best]))].astype(np.int32)


def _at(score: Score, queries: Sequence[Query], candidates: Candidates) -> npt.NDArray[np.float32]:
    if not len(queries):
        return np.empty(0, dtype=np.float32)
    return score(queries)[candidates.query, candidates.product]
