from __future__ import annotations

import numpy as np

from aisle_inference.ranking.best import best_of

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
