"""Tastes: which products those buy who buy a given one, by EASE over households, as links that name no household.

Steck, 2019, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from aisle_inference.baselines.ease import HouseholdEase, HouseholdEaseSettings
from aisle_inference.purchases.past import Past
from aisle_inference.purchases.table import Floats
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import spread

# Rows of the dense weights made at once: 1,024 x 23,000 are 94 MB.
_ROWS = 1024


@dataclass(frozen=True, slots=True)
class TasteSettings:
    """The ridge of EASE, and how many links a product keeps."""

    ridge: float = 1000.0
    most: int = 200


@dataclass(frozen=True, slots=True)
class Tastes:
    """The strongest weights (P, P) from a product bought to one that may be."""

    weights: sparse.csr_matrix

    @classmethod
    def of(cls, past: Past, settings: TasteSettings = TasteSettings()) -> Tastes:
        """Learn from the households before the day."""
        ease = HouseholdEase.of(past, HouseholdEaseSettings(settings.ridge))
        rows, products = ease.rows.toarray(), past.purchases.products
        parts = [
            _strongest(_weights(ease, rows, first, settings.ridge), settings.most)
            for first in range(0, products, _ROWS)
        ]
        return cls(sparse.csr_matrix(sparse.vstack(parts)))

    def scores(self, asked: Contexts) -> Floats:
        """Return the scores (n, P) of all products by what the shoppers bought, log(1 + how often) each."""
        owned = asked.owned()
        return spread(self.weights, owned, _damped(asked))


def _damped(asked: Contexts) -> Floats:
    """Return log(1 + how often) of each owned product, in the order of `owned`."""
    keys = asked.query.astype(np.int64) * asked.products + asked.product
    counts = np.unique(keys, return_counts=True)[1]
    return np.asarray(np.log1p(counts), dtype=np.float32)


def _weights(ease: HouseholdEase, rows: Floats, first: int, ridge: float) -> Floats:
    """Return some rows of B = I - P / diag(P), without the diagonal."""
    weights = (ease.half[first : first + _ROWS] @ rows) / (np.float32(ridge) * ease.diagonal)
    own = np.arange(len(weights))
    weights[own, first + own] = 0.0
    return np.asarray(weights, dtype=np.float32)


def _strongest(weights: Floats, most: int) -> sparse.csr_matrix:
    """Keep the largest weights above zero of each row."""
    kept = min(most, weights.shape[1])
    columns = np.sort(np.argpartition(-weights, kept - 1, axis=1)[:, :kept], axis=1)
    values = np.maximum(np.take_along_axis(weights, columns, axis=1), 0.0)
    starts = np.arange(0, columns.size + 1, kept)
    links = sparse.csr_matrix((values.ravel(), columns.ravel().astype(np.int32), starts), shape=weights.shape)
    links.eliminate_zeros()
    return links
