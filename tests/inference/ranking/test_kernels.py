from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from aisle_inference.ranking.kernels import block

SIZE = 12


@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, SIZE - 1), max_size=5),
    st.lists(st.integers(0, SIZE - 1), unique=True, max_size=8),
)
def test_the_block_is_that_of_the_dense_matrix(seed: int, rows: list[int], columns: list[int]) -> None:
    dense = np.random.default_rng(seed).integers(0, 3, (SIZE, SIZE)).astype(np.float32)
    found = block(sparse.csr_matrix(dense), np.array(rows, dtype=np.int32), np.array(columns, dtype=np.int32))
    assert np.array_equal(found, dense[np.ix_(rows, columns)])
