"""EASE: the best linear map from a row to itself with an empty diagonal.

Steck, 2019, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW. Over households it is solved exactly by its
small side, over trips by its dense one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from aisle_inference.baselines.baseline import Score, Scores
from aisle_inference.baselines.rows import basket_rows, damped, query_rows
from aisle_inference.harness.queries import Query
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Indices, Offsets

Dense = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HouseholdEaseSettings:
    """The ridge lambda, and whether a household's row holds log(1 + count) or 0 and 1."""

    ridge: float = 1000.0
    log_counts: bool = True


@dataclass(frozen=True, slots=True)
class HouseholdEase:
    """EASE over the rows X (H, P) of households.

    With fewer households than products the inverse comes from the dual, P = (I - X' (X X' + lambda I)^-1 X) / lambda,
    and is never written out: a row u has the scores u - (u P) / diag(P). `half` (P, H) is X' (X X' + lambda I)^-1,
    `diagonal` (P,) that of P.
    """

    past: Past
    settings: HouseholdEaseSettings
    rows: sparse.csr_matrix
    half: Dense
    diagonal: Dense

    @classmethod
    def of(cls, past: Past, settings: HouseholdEaseSettings) -> HouseholdEase:
        """Solve it for the households of the past."""
        rows = damped(past.households, settings.log_counts)
        gram = (rows @ rows.T).toarray().astype(np.float64)
        gram[np.diag_indices_from(gram)] += settings.ridge
        half = np.asarray(rows.T @ linalg.inv(gram, overwrite_a=True)).astype(np.float32)
        diagonal = (1.0 - np.asarray(rows.T.multiply(half).sum(axis=1)).ravel()) / settings.ridge
        return cls(past, settings, rows, half, diagonal.astype(np.float32))

    def scores(self, queries: Sequence[Query]) -> Scores:
        """Return the scores (n, P) of what the queries bring along."""
        own, along = self._along(queries)
        dense = own.toarray()
        mapped = (dense - along @ self.half.T) / np.float32(self.settings.ridge)
        return np.asarray(dense - mapped / self.diagonal, dtype=np.float32)

    def scores_at(self, queries: Sequence[Query], start: Offsets, products: Indices) -> Dense:
        """Return only the scores (R,) of some products, those of query i from `start[i]` to `start[i + 1]`."""
        own, along = self._along(queries)
        scores = np.empty(len(products), dtype=np.float32)
        for number in range(len(queries)):
            asked = products[start[number] : start[number + 1]]
            held = own[[number]].toarray()[0, asked]
            mapped = (held - self.half[asked] @ along[number]) / np.float32(self.settings.ridge)
            scores[start[number] : start[number + 1]] = held - mapped / self.diagonal[asked]
        return scores

    def _along(self, queries: Sequence[Query]) -> tuple[sparse.csr_matrix, Dense]:
        """Return the rows u (n, P) and u X' (n, H)."""
        own = damped(query_rows(self.past, queries), self.settings.log_counts)
        return own, (own @ self.rows.T).toarray()


def ease_households(past: Past, settings: HouseholdEaseSettings) -> Score:
    """Score by EASE over the rows of households."""
    return HouseholdEase.of(past, settings).scores


@dataclass(frozen=True, slots=True)
class TripEaseSettings:
    """The ridge lambda, and how often a product must have been bought to be in the dense matrix."""

    ridge: float = 300.0
    least_trips: int = 30


def ease_trips(past: Past, settings: TripEaseSettings) -> Score:
    """Score a basket by EASE over the trips, among the products that enough trips held; the others score 0."""
    kept = np.flatnonzero(past.popularity >= settings.least_trips)
    weights = _ease_weights(past.trips[:, kept].tocsr(), settings.ridge)

    def score(queries: Sequence[Query]) -> Scores:
        scores = np.zeros((len(queries), past.purchases.products), dtype=np.float32)
        scores[:, kept] = basket_rows(queries, past.purchases.products)[:, kept] @ weights
        return scores

    return score


def _ease_weights(rows: sparse.csr_matrix, ridge: float) -> Dense:
    """Return B = I - P / diag(P) in float32, P the inverse of X'X + lambda I by its Cholesky factor."""
    gram = (rows.T @ rows).toarray(order="F")
    gram[np.diag_indices_from(gram)] += ridge
    factor, failed = linalg.lapack.spotrf(gram, lower=1, overwrite_a=1)
    inverse, singular = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or singular:
        raise ValueError(f"the Gram matrix is singular at a ridge of {ridge}; take a larger one")
    for column in range(len(inverse)):
        inverse[column, column + 1 :] = inverse[column + 1 :, column]
    # Being symmetric it is its own transpose, which lies in memory as products with sparse rows want it.
    weights: Dense = inverse.T
    np.divide(weights, -np.diag(weights).copy(), out=weights)
    weights[np.diag_indices_from(weights)] = 0.0
    return weights
