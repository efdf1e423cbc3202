"""Compiled helpers: looking up a few rows and columns of a large sparse matrix."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
from scipy import sparse

from aisle_inference.purchases.table import Indices


def block(matrix: sparse.csr_matrix, rows: Indices, columns: Indices) -> npt.NDArray[np.float32]:
    """Return the entries (rows, columns) of a float32 matrix, dense; no column may be asked for twice."""
    place = np.full(matrix.shape[1], -1, dtype=np.int32)
    place[columns] = np.arange(len(columns), dtype=np.int32)
    out = np.zeros((len(rows), len(columns)), dtype=np.float32)
    _fill(matrix.indptr, matrix.indices, matrix.data, rows, place, out)
    return out


@numba.njit(cache=True)
def _fill(starts, columns, values, rows, place, out):  # type: ignore[no-untyped-def]
    for number in range(len(rows)):
        for entry in range(starts[rows[number]], starts[rows[number] + 1]):
            where = place[columns[entry]]
            if where >= 0:
                out[number, where] = values[entry]
