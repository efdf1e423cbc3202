"""A first honest measure: of baskets cut in half, how often is a hidden product among the first five?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse


class Ranker(Protocol):
    """Returns the best columns for given columns."""

    def best(self, given: npt.NDArray[np.int64], limit: int) -> Sequence[int]: ...


def hit_rate(trips: sparse.csr_matrix, ranker: Ranker, limit: int, queries: int, seed: int) -> float:
    """Return the share of trips with at least six products where one of the hidden half is ranked first to `limit`."""
    rng = np.random.default_rng(seed)
    sizes = np.diff(trips.indptr)
    eligible = np.flatnonzero(sizes >= 6)
    chosen = rng.choice(eligible, size=min(queries, len(eligible)), replace=False)
    hits = 0
    for trip in chosen:
        basket = rng.permutation(trips.indices[trips.indptr[trip] : trips.indptr[trip + 1]])
        given, hidden = basket[: len(basket) // 2], set(basket[len(basket) // 2 :].tolist())
        hits += bool(hidden.intersection(ranker.best(given.astype(np.int64), limit)))
    return hits / max(1, len(chosen))
