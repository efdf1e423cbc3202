from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.harness.queries import Task, own_history
from aisle_inference.ranking.windows import WindowSettings, training_queries, windows_before
from tests.inference.harness.worlds import DAY, assortment, random_purchases

PURCHASES = random_purchases(5, households=20)
SETTINGS = WindowSettings(windows=4, least_before_d=10.0)


def test_windows_end_at_the_day_and_leave_something_to_look_back_at() -> None:
    windows = windows_before(PURCHASES, DAY + 75, SETTINGS)
    assert [window.start_d for window in windows] == [DAY + 15, DAY + 45]
    assert windows[-1].end_d == DAY + 75


def test_a_short_history_has_no_window() -> None:
    assert windows_before(PURCHASES, DAY + 20, SETTINGS) == []


@pytest.mark.parametrize("task", list(Task))
def test_questions_are_about_the_window_and_their_history_before_them(task: Task) -> None:
    window = windows_before(PURCHASES, DAY + 60, SETTINGS)[-1]
    queries = training_queries(PURCHASES, assortment(), task, window, SETTINGS, seed=1)
    assert queries
    for query in queries:
        assert window.start_d <= query.time_d < window.end_d
        assert len(query.truth)
        assert query.task is task
        if task is Task.NOVEL:
            assert not np.isin(query.truth, own_history(PURCHASES, query)).any()
        if query.household >= 0:
            assert PURCHASES.time_d[query.events_end - 1] < query.time_d


@pytest.mark.parametrize("task", list(Task))
def test_no_more_questions_are_asked_than_allowed_and_a_seed_asks_the_same(task: Task) -> None:
    window = windows_before(PURCHASES, DAY + 60, SETTINGS)[-1]
    few = WindowSettings(most_queries=5)
    one, two = (training_queries(PURCHASES, assortment(), task, window, few, seed=1) for _ in range(2))
    assert len(one) == 5
    assert [query.time_d for query in one] == [query.time_d for query in two]
