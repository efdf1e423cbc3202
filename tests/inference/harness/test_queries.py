from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.harness.queries import (
    ANY_CATEGORY,
    UNKNOWN,
    Task,
    all_queries,
    completion_queries,
    next_basket_queries,
    novel_queries,
    own_history,
    shelf_queries,
)
from tests.inference.harness.worlds import (
    SECOND_MONTH,
    assortment,
    bought_by,
    purchases_of,
    random_purchases,
)


def test_asks_for_the_first_trip_of_the_month_with_three_products() -> None:
    purchases = purchases_of(
        bought_by(1, 2, [0]), bought_by(1, 31, [1, 2]), bought_by(1, 32, [3, 4, 5]), bought_by(1, 33, [6, 7, 8])
    )
    (query,) = next_basket_queries(purchases, SECOND_MONTH)
    assert query.truth.tolist() == [3, 4, 5]
    assert own_history(purchases, query).tolist() == [0, 1, 2]


def test_a_trip_that_begins_at_the_same_moment_elsewhere_is_no_history() -> None:
    purchases = purchases_of(bought_by(1, 2, [0]), bought_by(1, 31, [1, 2], store=3), bought_by(1, 31, [3, 4, 5]))
    (query,) = next_basket_queries(purchases, SECOND_MONTH)
    assert own_history(purchases, query).tolist() == [0]


def test_a_household_without_history_is_not_asked_about() -> None:
    assert next_basket_queries(purchases_of(bought_by(1, 31, [1, 2, 3])), SECOND_MONTH) == []


def test_trips_outside_the_month_are_not_asked_about() -> None:
    purchases = purchases_of(bought_by(1, 2, [0]), bought_by(1, 29, [1, 2, 3]), bought_by(1, 60, [1, 2, 3]))
    assert next_basket_queries(purchases, SECOND_MONTH) == []
    assert completion_queries(purchases, SECOND_MONTH, seed=1) == []


def test_novel_counts_only_what_was_never_bought() -> None:
    purchases = purchases_of(
        bought_by(1, 2, [0, 1]), bought_by(1, 31, [0, 1, 5]), bought_by(2, 2, [0, 1, 2]), bought_by(2, 31, [0, 1, 2])
    )
    (query,) = novel_queries(purchases, SECOND_MONTH)
    assert (query.task, query.household, query.truth.tolist()) == (Task.NOVEL, 0, [5])


def test_completion_halves_a_trip_of_an_unknown_household() -> None:
    purchases = purchases_of(bought_by(1, 31, [0, 1, 2, 3, 4, 5, 6]))
    (query,) = completion_queries(purchases, SECOND_MONTH, seed=1)
    assert (len(query.given), len(query.truth)) == (3, 4)
    assert sorted([*query.given, *query.truth]) == list(range(7))
    assert (query.household, query.store, query.category) == (UNKNOWN, 0, ANY_CATEGORY)
    assert own_history(purchases, query).tolist() == []


def test_completion_takes_four_trips_of_a_household_at_most() -> None:
    trips = [bought_by(household, 31 + day, list(range(6))) for household in (1, 2) for day in range(7)]
    trips.append(bought_by(3, 31, [0, 1, 2, 3, 4]))
    queries = completion_queries(purchases_of(*trips), SECOND_MONTH, seed=1)
    assert len(queries) == 8


def test_shelf_asks_within_one_category_with_enough_products_left() -> None:
    completions = completion_queries(random_purchases(3), SECOND_MONTH, seed=1)
    shelf = assortment()
    queries = shelf_queries(completions, shelf, seed=1)
    assert queries
    for query in queries:
        assert set(shelf.category[query.truth]) == {query.category}
        assert np.sum(shelf.category == query.category) - np.sum(shelf.category[query.given] == query.category) >= 4
        assert not set(query.truth) & set(query.given)


def test_a_shelf_of_too_few_products_is_not_asked_about() -> None:
    # The trip holds all of PASTA, 0, 3, 6, and so on; with more than four of them given, fewer than four are left.
    trip = list(range(0, 24, 3))
    completion = completion_queries(purchases_of(bought_by(1, 31, trip)), SECOND_MONTH, seed=1)[0]
    asked = replace(completion, given=np.array(trip[:4], np.int32), truth=np.array(trip[4:], np.int32))
    assert len(shelf_queries([asked], assortment(), seed=1)) == 1
    crowded = replace(completion, given=np.array(trip[:5], np.int32), truth=np.array(trip[5:], np.int32))
    assert shelf_queries([crowded], assortment(), seed=1) == []


@pytest.mark.parametrize("task", list(Task))
def test_the_same_seed_asks_the_same_and_another_asks_otherwise(task: Task) -> None:
    purchases, shelf = random_purchases(5), assortment()
    asked = [all_queries(purchases, shelf, SECOND_MONTH, seed)[task] for seed in (1, 1, 2)]
    truths = [[query.truth.tolist() for query in queries] for queries in asked]
    assert truths[0] == truths[1]
    by_seed = task in (Task.COMPLETION, Task.SHELF)
    assert (truths[0] != truths[2]) == by_seed


def test_history_never_reaches_the_time_of_the_question() -> None:
    purchases = random_purchases(6)
    queries = next_basket_queries(purchases, SECOND_MONTH)
    assert queries
    for query in queries:
        start = purchases.household_start[query.household]
        assert (purchases.time_d[start : query.events_end] < query.time_d).all()
