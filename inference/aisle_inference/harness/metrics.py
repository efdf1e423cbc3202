"""How good ranked lists are, one figure a query: recall, normalized discounted cumulative gain and hit rate at k.

Full rankings are judged, with no sampled negatives (Krichene and Rendle, 2020, "On Sampled Metrics for Item
Recommendation"); gain is binary (Järvelin and Kekäläinen, 2002, "Cumulated gain-based evaluation of IR techniques").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from aisle_inference.purchases.table import Indices

Hits = npt.NDArray[np.bool_]
Figures = npt.NDArray[np.float64]


def hits_of(ranked: Indices, truths: Sequence[Indices]) -> Hits:
    """Return which places of the lists (n, k), best first, hold a true product; -1 is an empty place.

    A product that stands in a list twice counts once.
    """
    hits = np.zeros(ranked.shape, dtype=np.bool_)
    for row, truth in enumerate(truths):
        found = np.isin(ranked[row], truth) & (ranked[row] >= 0)
        places = np.flatnonzero(found)
        hits[row, places[np.unique(ranked[row, places], return_index=True)[1]]] = True
    return hits


def sizes_of(truths: Sequence[Indices]) -> npt.NDArray[np.int64]:
    """Return how many true products each query has; every query has one at least."""
    return np.array([len(truth) for truth in truths], dtype=np.int64)


def recall_at(k: int, hits: Hits, sizes: npt.NDArray[np.int64]) -> Figures:
    """Return the share of the true products among the first k."""
    return np.asarray(hits[:, :k].sum(axis=1) / sizes, dtype=np.float64)


def hit_rate_at(k: int, hits: Hits) -> Figures:
    """Return 1 where a true product is among the first k, else 0."""
    return np.asarray(hits[:, :k].any(axis=1), dtype=np.float64)


def ndcg_at(k: int, hits: Hits, sizes: npt.NDArray[np.int64]) -> Figures:
    """Return the discounted gain of the first k, as a share of the best possible: all min(k, truth) places in front."""
    gain = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(gain)[np.minimum(k, sizes) - 1]
    places = min(k, hits.shape[1])
    return np.asarray((hits[:, :places] @ gain[:places]) / ideal, dtype=np.float64)
