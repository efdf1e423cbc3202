"""Sums over all products that share a code, and codes of several together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.purchases.products import Codes
from aisle_inference.purchases.table import Floats, Indices


def together(*codes: npt.NDArray[np.generic]) -> Codes:
    """Return one code for every combination that occurs."""
    pairs = np.stack([code.astype(np.int64) for code in codes], axis=1)
    return np.unique(pairs, axis=0, return_inverse=True)[1].astype(np.int32).reshape(-1)


def total_of(code: Indices, values: Floats) -> Floats:
    """Return for each product (P,) the sum of the values (P,) over all with its code (P,)."""
    return np.bincount(code, values, minlength=1).astype(np.float32)[code]


def summed_by(matrix: sparse.csr_matrix, code: Codes) -> sparse.csr_matrix:
    """Return the sums (R, K) of a matrix (R, P) over the columns that share a code (P,)."""
    codes = int(code.max(initial=-1)) + 1
    belongs = sparse.csr_matrix(
        (np.ones(len(code), dtype=np.float32), (np.arange(len(code)), code)), shape=(len(code), codes)
    )
    sums = sparse.csr_matrix(matrix @ belongs)
    sums.sort_indices()
    return sums
