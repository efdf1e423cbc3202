from __future__ import annotations

import numpy as np

from aisle_inference.baselines.baseline import Scores
from aisle_inference.harness.queries import Query
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.likes import best_of, score_columns
from tests.inference.baselines.worlds import basket

SCORES = np.array([0.5, 0.0, 2.0, -1.0, 1.0, 2.0], dtype=np.float32)
NOTHING = np.empty(0, dtype=np.int32)


def test_the_best_come_first_and_equals_by_number() -> None:
    assert best_of(SCORES, NOTHING, 3).tolist() == [2, 5, 4]


def test_what_is_left_out_or_has_no_score_is_no_answer() -> None:
    assert best_of(SCORES, np.array([2], dtype=np.int32), 9).tolist() == [5, 4, 0]


def test_no_places_and_no_scores_give_nothing() -> None:
    assert best_of(SCORES, NOTHING, 0).tolist() == []
    assert best_of(np.empty(0, dtype=np.float32), NOTHING, 4).tolist() == []


def test_scores_are_left_as_they_are() -> None:
    before = SCORES.copy()
    best_of(SCORES, np.array([0], dtype=np.int32), 2)
    assert np.array_equal(SCORES, before)


def by_store(queries: list[Query]) -> Scores:
    return np.array([np.arange(24) + 100 * query.store for query in queries], dtype=np.float32)


def test_scores_are_read_off_at_the_candidates() -> None:
    candidates = Candidates.of([np.array([3, 7]), np.array([5])])
    columns = score_columns(
        {"some": lambda queries: by_store(list(queries))}, [basket(store=0), basket(store=2)], candidates
    )
    assert columns["some"].tolist() == [3.0, 7.0, 205.0]
