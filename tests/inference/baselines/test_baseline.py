from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.baselines.baseline import Score, ScoredBaseline
from aisle_inference.baselines.popularity import PopularitySettings, popularity
from aisle_inference.harness.queries import UNKNOWN_CATEGORY, Query, Task
from aisle_inference.purchases.past import Past
from tests.inference.baselines.worlds import basket, household, past_of, ranked
from tests.inference.harness.worlds import assortment, bought_by, purchases_of, random_purchases

# Product 0 was bought three times, 1 twice, 2 and 5 once.
PAST = past_of(purchases_of(bought_by(1, 1, [0, 1, 2]), bought_by(2, 1, [0, 1]), bought_by(1, 2, [0, 5])))
POPULAR = popularity(PAST, PopularitySettings())


def fixed(row: list[float]) -> Score:
    return lambda queries: np.tile(np.array(row, dtype=np.float32), (len(queries), 1))


def test_the_best_come_first_and_equals_by_number() -> None:
    assert ranked(PAST, POPULAR, household(PAST, 0), limit=5) == [0, 1, 2, 5, 3]


def test_popularity_orders_what_scores_leave_equal() -> None:
    assert ranked(PAST, fixed([1.0, 1.0, 7.0, *[1.0] * 21]), household(PAST, 0), limit=4) == [2, 0, 1, 5]
    assert ranked(PAST, fixed([0.0] * 24), household(PAST, 0), limit=3) == [0, 1, 2]


def test_given_products_are_no_answer() -> None:
    assert ranked(PAST, POPULAR, basket(0, 2), limit=2) == [1, 5]


def test_novel_leaves_out_the_own_history_and_next_basket_does_not() -> None:
    assert ranked(PAST, POPULAR, household(PAST, 1, Task.NOVEL), limit=2) == [2, 5]
    assert ranked(PAST, POPULAR, household(PAST, 1), limit=2) == [0, 1]


def test_a_shelf_answers_from_its_category_and_fills_with_nothing() -> None:
    category = int(assortment().category[0])
    row = ScoredBaseline("popularity", PAST, POPULAR).rank([basket(0, task=Task.SHELF, category=category)], 10)[0]
    assert sorted(row[:7].tolist()) == [3, 6, 9, 12, 15, 18, 21]
    assert row[7:].tolist() == [-1, -1, -1]


def test_an_unknown_category_has_no_answer() -> None:
    assert ranked(PAST, POPULAR, basket(task=Task.SHELF, category=UNKNOWN_CATEGORY)) == []


def test_more_places_than_products_stay_empty() -> None:
    row = ScoredBaseline("popularity", PAST, POPULAR).rank([basket()], 30)[0]
    assert sorted(row[:24].tolist()) == list(range(24))
    assert row[24:].tolist() == [-1] * 6


def test_no_queries_have_no_answers() -> None:
    assert ScoredBaseline("popularity", PAST, POPULAR).rank([], 10).shape == (0, 10)


def test_answers_do_not_depend_on_how_many_are_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    past = past_of(random_purchases(4))
    queries: list[Query] = [household(past, number) for number in range(10)]
    baseline = ScoredBaseline("popularity", past, popularity(past, PopularitySettings()))
    whole = baseline.rank(queries, 7)
    monkeypatch.setattr("aisle_inference.baselines.baseline._BLOCK", 3)
    assert np.array_equal(baseline.rank(queries, 7), whole)


def test_only_what_was_bought_before_the_day_is_counted() -> None:
    past = past_of(purchases_of(bought_by(1, 29, [0, 1]), bought_by(1, 30, [0, 2]), bought_by(2, 40, [3])))
    assert np.flatnonzero(past.popularity).tolist() == [0, 1]
    assert past.households.toarray().sum() == 2
    assert past.trips.toarray()[:, :3].tolist() == [[1.0, 1.0, 0.0]]


def test_an_empty_past_can_be_asked() -> None:
    past: Past = past_of(purchases_of())
    assert ranked(past, popularity(past, PopularitySettings()), basket(3), limit=2) == [0, 1]
