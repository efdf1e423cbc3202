"""Kinds and categories that are bought together: what is known of a product that nobody bought yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from aisle_inference.purchases.products import Codes
from aisle_inference.purchases.table import Floats

_SHRINKAGE = 10.0
# A pair that chance would put together in less than this share of trips counts as one that it would.
_LEAST_CHANCE = 1 / 200


@dataclass(frozen=True, slots=True)
class KindLinks:
    """`cosine` and `lift` (K, K) of two kinds over trips: the shrunk cosine, and the log ratio to chance."""

    code: Codes
    cosine: Floats
    lift: Floats

    @classmethod
    def of(cls, trips: sparse.csr_matrix, code: Codes) -> KindLinks:
        """Count the trips (T, P) that hold two kinds; `code` (P,) says of what kind a product is."""
        kinds = int(code.max(initial=-1)) + 1
        belongs = sparse.csr_matrix(
            (np.ones(len(code), dtype=np.float32), (np.arange(len(code)), code)), shape=(len(code), kinds)
        )
        held = (trips @ belongs).sign()
        counts = np.asarray(held.sum(axis=0), dtype=np.float32).ravel()
        together = np.asarray((held.T @ held).toarray(), dtype=np.float32)
        np.fill_diagonal(together, 0.0)
        chance = np.outer(counts, counts)
        total = max(1, held.shape[0])
        return cls(
            code=code,
            cosine=(together / (np.sqrt(chance) + _SHRINKAGE)).astype(np.float32),
            lift=np.log((together * total + 1) / (chance + total * _LEAST_CHANCE)).astype(np.float32),
        )
