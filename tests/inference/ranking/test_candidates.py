from __future__ import annotations

from dataclasses import replace

import numpy as np

from aisle_inference.ranking.candidates import Candidates
from tests.inference.baselines.worlds import basket

TWO = Candidates.of([np.array([4, 9, 2]), np.array([], dtype=np.int32), np.array([9])])


def test_every_query_has_its_own_rows_also_one_without_candidates() -> None:
    assert TWO.queries == 3
    assert TWO.query.tolist() == [0, 0, 0, 2]
    assert [TWO.product[TWO.of_query(number)].tolist() for number in range(3)] == [[4, 9, 2], [], [9]]


def test_hits_are_the_truth_of_the_own_query_only() -> None:
    queries = [replace(basket(1), truth=np.array([9, 5])), basket(1), replace(basket(1), truth=np.array([2]))]
    assert TWO.hits(queries).tolist() == [False, True, False, False]


def test_the_best_come_first_equal_ones_by_number_and_minus_one_fills() -> None:
    ranked = TWO.best(np.array([0.5, 0.1, 0.5, 3.0]), 4)
    assert ranked.tolist() == [[2, 4, 9, -1], [-1, -1, -1, -1], [9, -1, -1, -1]]


def test_no_more_than_the_limit_are_returned() -> None:
    assert TWO.best(np.array([0.5, 0.9, 0.4, 3.0]), 1).tolist() == [[9], [-1], [9]]
