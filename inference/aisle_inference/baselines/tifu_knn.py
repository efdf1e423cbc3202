"""TIFU-KNN: item frequencies that fade, and the neighbours' (Hu, He, Gao and Zhang, 2020).

"Modeling Personalized Item Frequency Information for Next-basket Recommendation", SIGIR.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.baselines.baseline import Score, Scores
from aisle_inference.baselines.rows import Weight, Whole, household_rows, query_rows
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.past import Past


@dataclass(frozen=True, slots=True)
class TifuSettings:
    """In the paper's order: groups of m trips, decay r_b within and r_g between them, k neighbours, own share alpha."""

    group_trips: int = 7
    decay_within: float = 0.9
    decay_between: float = 0.7
    neighbours: int = 300
    own_share: float = 0.7


def tifu_knn(past: Past, settings: TifuSettings) -> Score:
    """Score by the decayed item frequencies of the household, mixed with the mean of its nearest neighbours."""
    weight = decayed(settings)
    vectors = household_rows(past, weight)
    units, transposed = _unit(vectors), vectors.T.tocsr()
    kept = max(1, min(settings.neighbours, past.purchases.households - 1))

    def score(queries: Sequence[Query]) -> Scores:
        own = query_rows(past, queries, weight)
        alike = np.asarray((_unit(own) @ units.T).toarray())
        for row, query in enumerate(queries):
            if query.household >= 0:
                alike[row, query.household] = -1.0
        near = _nearest(alike, kept)
        mean = (transposed @ near.T).toarray().T
        return np.asarray(settings.own_share * own.toarray() + (1.0 - settings.own_share) * mean, dtype=np.float32)

    return score


def decayed(settings: TifuSettings) -> Weight:
    """Return the weight of an event: the newest m trips are one group, the oldest group holds what is left."""

    def weight(age: Whole, trips: Whole) -> npt.NDArray[np.float64]:
        size = settings.group_trips
        group, groups = age // size, -(-trips // size)
        members = np.where(group == groups - 1, trips - (groups - 1) * size, size)
        share: npt.NDArray[np.float64] = settings.decay_within ** (age % size) / members
        return share * settings.decay_between**group / groups

    return weight


def _unit(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(lengths, 1e-9)) @ rows)


def _nearest(alike: npt.NDArray[np.float32], kept: int) -> sparse.csr_matrix:
    """Return the mean over the `kept` nearest as a matrix (n, H)."""
    nearest = np.argpartition(-alike, kept - 1, axis=1)[:, :kept]
    shares = np.full(nearest.size, 1.0 / kept, dtype=np.float32)
    return sparse.csr_matrix((shares, nearest.ravel(), np.arange(0, nearest.size + 1, kept)), shape=alike.shape)
