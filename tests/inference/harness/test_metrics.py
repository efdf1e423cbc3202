from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.harness.metrics import hit_rate_at, hits_of, ndcg_at, recall_at, sizes_of

RANKED = np.array([[4, 7, 1, -1], [2, 3, 9, 8], [5, 5, 6, 0]], dtype=np.int32)
TRUTHS = [np.array(truth, dtype=np.int32) for truth in ([1, 4, 8], [0], [5, 6])]
HITS, SIZES = hits_of(RANKED, TRUTHS), sizes_of(TRUTHS)


def test_a_place_hits_when_it_holds_a_true_product() -> None:
    assert HITS.tolist() == [[True, False, True, False], [False] * 4, [True, False, True, False]]


def test_an_empty_place_is_no_product() -> None:
    assert not hits_of(np.array([[-1]], dtype=np.int32), [np.array([-1], dtype=np.int32)]).any()


def test_recall_is_the_share_of_the_truth() -> None:
    assert recall_at(3, HITS, SIZES).tolist() == pytest.approx([2 / 3, 0.0, 1.0])
    assert recall_at(1, HITS, SIZES).tolist() == pytest.approx([1 / 3, 0.0, 0.5])


def test_hit_rate_asks_for_one_hit() -> None:
    assert hit_rate_at(1, HITS).tolist() == [1.0, 0.0, 1.0]


def test_gain_falls_with_the_place_and_the_ideal_has_as_many_as_there_are() -> None:
    second, third = 1 / np.log2(3), 0.5
    expected = [(1 + third) / (1 + second + third), 0.0, (1 + third) / (1 + second)]
    assert ndcg_at(3, HITS, SIZES).tolist() == pytest.approx(expected)


def test_a_list_shorter_than_k_is_judged_as_if_its_end_were_empty() -> None:
    assert recall_at(10, HITS, SIZES).tolist() == recall_at(4, HITS, SIZES).tolist()
    assert ndcg_at(10, HITS, SIZES).tolist() == ndcg_at(4, HITS, SIZES).tolist()


@given(st.sets(st.integers(0, 30), min_size=1), st.integers(1, 12))
def test_the_truth_itself_is_the_best_list(truth: set[int], k: int) -> None:
    best = np.array([[*sorted(truth), *(number for number in range(31) if number not in truth)]], dtype=np.int32)
    truths = [np.array(sorted(truth), dtype=np.int32)]
    hits, sizes = hits_of(best, truths), sizes_of(truths)
    assert ndcg_at(k, hits, sizes)[0] == pytest.approx(1.0)
    assert recall_at(k, hits, sizes)[0] == pytest.approx(min(1.0, k / len(truth)))
