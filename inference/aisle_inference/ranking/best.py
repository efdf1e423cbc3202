"""The products of the highest scores."""

from __future__ import annotations

import numpy as np

from aisle_inference.purchases.table import Floats, Indices


def best_of(scores: Floats, left_out: Indices, limit: int) -> Indices:
    """Return the products of the highest scores (P,), best first, without some and without those of no score."""
    kept_scores = scores.copy()
    kept_scores[left_out] = 0.0
    best = np.flatnonzero(kept_scores > 0)
    if len(best) > limit:
        best = best[np.argpartition(-kept_scores[best], limit - 1)[:limit]]
    return best[np.lexsort((best, -kept_scores[best]))].astype(np.int32)
