from __future__ import annotations

import numpy as np

from aisle_inference.baselines.rows import damped, household_rows, query_rows
from tests.inference.baselines.worlds import basket, household, past_of
from tests.inference.harness.worlds import bought_by, purchases_of, random_purchases

PAST = past_of(
    purchases_of(
        bought_by(1, 1, [0, 1]),
        bought_by(1, 2, [0]),
        bought_by(1, 40, [9]),
        bought_by(2, 3, [2]),
        bought_by(3, 50, [4]),
    )
)


def test_a_household_row_counts_its_trips_before_the_day() -> None:
    rows = household_rows(PAST).toarray()
    assert rows[0, :2].tolist() == [2.0, 1.0]
    assert rows.sum(axis=1).tolist() == [3.0, 1.0, 0.0]


def test_ages_count_trips_back_from_the_last() -> None:
    seen: dict[str, list[int]] = {}

    def weight(age: np.ndarray, trips: np.ndarray) -> np.ndarray:
        seen.update(age=age.tolist(), trips=trips.tolist())
        return age.astype(np.float64)

    query_rows(PAST, [household(PAST, 0), household(PAST, 2), household(PAST, 1)], weight)
    assert seen == {"age": [1, 1, 0, 0], "trips": [2, 2, 2, 1]}


def test_a_query_brings_its_basket_when_nobody_knows_the_household() -> None:
    rows = query_rows(PAST, [basket(3, 1), basket()]).toarray()
    assert [np.flatnonzero(row).tolist() for row in rows] == [[1, 3], []]


def test_households_and_their_queries_agree_on_the_first_day_of_the_month() -> None:
    past = past_of(random_purchases(8))
    queries = [household(past, number) for number in range(past.purchases.households)]
    assert np.array_equal(query_rows(past, queries).toarray(), household_rows(past).toarray())
    assert np.array_equal(past.households.toarray(), household_rows(past).toarray())


def test_counts_are_damped_or_dropped() -> None:
    rows = household_rows(PAST)
    assert damped(rows, log_counts=False).toarray()[0, :2].tolist() == [1.0, 1.0]
    assert np.allclose(damped(rows, log_counts=True).toarray()[0, :2], np.log([3.0, 2.0]))


def test_an_empty_past_has_empty_rows() -> None:
    assert household_rows(past_of(purchases_of())).shape == (0, 24)
