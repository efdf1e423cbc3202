"""Tastes: what those buy who buy a given product, by EASE over households, without any household in it.

Steck, 2019, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW. Over the rows X of H households the weights
are B = I - P / diag(P) with P = (X'X + lambda I)^-1 = (I - V D V') / lambda, where V are the right singular vectors of
X and D = s^2 / (s^2 + lambda). Components with s^2 far below lambda add nothing: the first few hundred are enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from scipy import linalg, sparse

from aisle_inference.baselines.rows import damped
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import spread
from aisle_inference.ranking.kin import Kin, with_kin

# Rows of the dense weights made at once: 1,024 x 23,000 are 94 MB.
_ROWS = 1024


@dataclass(frozen=True, slots=True)
class TasteSettings:
    """The ridge of EASE, how many components are kept, and how many links a product has for choosing candidates."""

    ridge: float = 1000.0
    rank: int = 256
    most: int = 200


@dataclass(frozen=True, slots=True)
class Tastes:
    """The factors `bought` and `wanted` (P, rank) of the weights B off its diagonal; `links` (P, P) has the largest."""

    bought: Floats
    wanted: Floats
    links: sparse.csr_matrix

    @classmethod
    def of(cls, past: Past, settings: TasteSettings = TasteSettings()) -> Tastes:
        """Learn from the households before the day."""
        bought, wanted = _factors(damped(past.households, log_counts=True), settings)
        parts = [
            _strongest(bought[first : first + _ROWS] @ wanted.T, first, settings.most)
            for first in range(0, len(bought), _ROWS)
        ]
        return cls(bought, wanted, sparse.csr_matrix(sparse.vstack(parts)))

    def filled(self, kin: Kin) -> Tastes:
        """Return the tastes with the factors and links of new products taken from their kin."""
        bought, wanted = self.bought.copy(), self.wanted.copy()
        amounts = sparse.csr_matrix(kin.amounts.T)[kin.is_new]
        bought[kin.is_new], wanted[kin.is_new] = amounts @ self.bought, amounts @ self.wanted
        return Tastes(bought, wanted, with_kin(self.links, kin))

    def scores(self, asked: Contexts) -> Floats:
        """Return the scores (n, P) by the links of what the shoppers bought, good for choosing candidates."""
        return spread(self.links, asked.owned, _damped(asked))

    def scores_at(self, asked: Contexts, candidates: Candidates) -> Floats:
        """Return the scores (R,) of candidates that the shoppers never bought."""
        along = np.zeros((asked.queries, self.bought.shape[1]), dtype=np.float32)
        _mix(asked.owned.start, asked.owned.product, _damped(asked), self.bought, along)
        scores = np.empty(len(candidates.product), dtype=np.float32)
        _dot(candidates.start, candidates.product, along, self.wanted, scores)
        return scores


def _factors(rows: sparse.csr_matrix, settings: TasteSettings) -> tuple[Floats, Floats]:
    gram = (rows @ rows.T).toarray().astype(np.float64)
    kept = min(settings.rank, len(gram))
    squares, left = linalg.eigh(gram, subset_by_index=(len(gram) - kept, len(gram) - 1))
    squares = np.maximum(squares, 1e-9)
    vectors = np.asarray(rows.T @ (left / np.sqrt(squares)))
    shrunk = vectors * (squares / (squares + settings.ridge))
    diagonal = 1.0 - (vectors * shrunk).sum(axis=1)
    return shrunk.astype(np.float32), (vectors / diagonal[:, None]).astype(np.float32)


def _damped(asked: Contexts) -> Floats:
    """Return log(1 + how often) of each owned product."""
    return np.asarray(np.log1p(asked.times_owned), dtype=np.float32)


def _strongest(weights: Floats, first: int, most: int) -> sparse.csr_matrix:
    """Keep the largest weights above zero of each row, without the diagonal."""
    own = np.arange(len(weights))
    weights[own, first + own] = 0.0
    kept = min(most, weights.shape[1])
    columns = np.sort(np.argpartition(-weights, kept - 1, axis=1)[:, :kept], axis=1)
    values = np.maximum(np.take_along_axis(weights, columns, axis=1), np.float32(0.0))
    starts = np.arange(0, columns.size + 1, kept)
    links = sparse.csr_matrix((values.ravel(), columns.ravel().astype(np.int32), starts), shape=weights.shape)
    links.eliminate_zeros()
    return links


@numba.njit(cache=True)
def _mix(start, product, weights, factors, out):  # type: ignore[no-untyped-def]
    """Write the weighted sum of the factors of each query's products."""
    for query in range(len(start) - 1):
        mixed = out[query]
        for row in range(start[query], start[query + 1]):
            weight, own = weights[row], factors[product[row]]
            for number in range(len(mixed)):
                mixed[number] += weight * own[number]


# Sums may be taken in any order, so that several are taken at once.
@numba.njit(cache=True, fastmath=True)
def _dot(start, product, along, wanted, out):  # type: ignore[no-untyped-def]
    for query in range(len(start) - 1):
        taste = along[query]
        for row in range(start[query], start[query + 1]):
            factors, total = wanted[product[row]], np.float32(0.0)
            for number in range(len(taste)):
                total += taste[number] * factors[number]
            out[row] = total
