"""The compiled helpers beside the same in plain numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.kernels import alike, entries, linked, paired, spread

SIZE = 12
SEEDS = st.integers(0, 2**32 - 1)
BASKETS = st.lists(st.lists(st.integers(0, SIZE - 1), unique=True, max_size=5), max_size=3)


def world(seed: int, baskets: list[list[int]]) -> tuple[np.ndarray, list[np.ndarray], Candidates]:
    """Return a matrix, what is given in each query, and its candidates."""
    rng = np.random.default_rng(seed)
    dense = rng.integers(0, 3, (SIZE, SIZE)).astype(np.float32)
    candidates = [np.sort(rng.choice(SIZE, rng.integers(0, 8), replace=False)) for _ in baskets]
    return dense, [np.array(basket, dtype=np.int32) for basket in baskets], Candidates.of(candidates)


@given(SEEDS, BASKETS)
def test_links_are_summed_up_per_candidate(seed: int, baskets: list[list[int]]) -> None:
    dense, some, candidates = world(seed, baskets)
    found = linked(sparse.csr_matrix(dense), Candidates.of(some), candidates)
    for row, (query, product) in enumerate(zip(candidates.query, candidates.product, strict=True)):
        strengths = np.sort(np.append(dense[some[query], product], [0.0, 0.0]))
        assert found.total[row] == strengths.sum()
        assert (found.second[row], found.best[row]) == tuple(strengths[-2:])
        assert found.number[row] == np.count_nonzero(strengths)


@given(SEEDS, BASKETS)
def test_what_some_products_spread_is_the_product_of_matrices(seed: int, baskets: list[list[int]]) -> None:
    dense, some, _ = world(seed, baskets)
    sources = Candidates.of(some)
    weights = np.arange(1, len(sources.product) + 1, dtype=np.float32)
    found = spread(sparse.csr_matrix(dense), sources, weights)
    for query in range(sources.queries):
        rows = sources.of_query(query)
        assert found[query] == pytest.approx(weights[rows] @ dense[sources.product[rows]])


@given(SEEDS, BASKETS)
def test_codes_are_compared_pair_by_pair(seed: int, baskets: list[list[int]]) -> None:
    dense, some, candidates = world(seed, baskets)
    code = (np.arange(SIZE) % 4).astype(np.int32)
    basket = Candidates.of(some)
    sums, (numbers,) = paired(dense[:4, :4], code, basket, candidates), alike((code,), basket, candidates)
    for row, (query, product) in enumerate(zip(candidates.query, candidates.product, strict=True)):
        assert sums[row] == dense[code[some[query]], code[product]].sum()
        assert numbers[row] == np.count_nonzero(code[some[query]] == code[product])


def test_entries_are_looked_up_one_by_one() -> None:
    matrix = sparse.csr_matrix(np.array([[0, 1, 2], [3, 0, 5]], dtype=np.float32))
    assert entries(matrix, np.array([0, 1, -1, 1]), np.array([2, 0, 2, 1])).tolist() == [2.0, 3.0, 5.0, 0.0]
    assert entries(matrix, np.array([], dtype=np.int32), np.array([], dtype=np.int32)).shape == (0,)
