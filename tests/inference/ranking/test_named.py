from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.named import blocks_with, joined, prefixed, table_of
from tests.inference.baselines.worlds import basket

ONE = np.array([1.0, 2.0], dtype=np.float32)


def test_columns_keep_their_order_and_their_names() -> None:
    columns = joined({"b": ONE}, prefixed("own", {"a": 2 * ONE}))
    assert list(columns) == ["b", "own a"]
    assert table_of(columns).tolist() == [[1.0, 2.0], [2.0, 4.0]]


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"named twice: \['a'\]"):
        joined({"a": ONE}, {"a": ONE})


def test_blocks_carry_their_own_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aisle_inference.ranking.named.BLOCK", 2)
    queries = [basket(store=number) for number in range(5)]
    candidates = Candidates.of([np.arange(number) for number in range(5)])
    parts = list(blocks_with(queries, candidates))
    assert [len(block) for block, _ in parts] == [2, 2, 1]
    assert [part.start.tolist() for _, part in parts] == [[0, 0, 1], [0, 2, 5], [0, 4]]
    assert np.concatenate([part.product for _, part in parts]).tolist() == candidates.product.tolist()
    assert parts[1][1].query.tolist() == [0, 0, 1, 1, 1]


def test_no_queries_are_one_empty_block() -> None:
    [(block, part)] = blocks_with([], Candidates.of([]))
    assert len(block) == 0
    assert part.queries == 0
