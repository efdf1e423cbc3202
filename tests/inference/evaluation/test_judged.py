from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.evaluation.judged import judged, known_before, last_month
from aisle_inference.harness.queries import Month, Task
from aisle_inference.training.shop import NothingToLearn
from tests.inference.evaluation.worlds import END_D, MONTH, month, shop
from tests.inference.harness.worlds import DAY, bought_by, purchases_of


def test_the_last_month_is_the_last_thirty_days() -> None:
    assert last_month(shop()) == Month(END_D - 30, END_D)


def test_what_is_learnt_ends_where_the_month_begins() -> None:
    assert month().past.before_d == MONTH.start_d
    assert all(query.time_d >= MONTH.start_d for queries in month().queries.values() for query in queries)
    assert set(month().queries) == set(Task)


def test_a_product_counts_that_five_households_bought_before_the_month() -> None:
    trips = [bought_by(household, 1, [3, household]) for household in range(5)]
    late = [bought_by(9, 80, [7]) for _ in range(6)]
    known = known_before(purchases_of(*trips, *late), DAY + 40)
    assert np.flatnonzero(known).tolist() == [3]


def test_every_second_question_is_half_of_them() -> None:
    fewer = judged(shop(), MONTH, every=2).queries[Task.COMPLETION]
    assert [query.time_d for query in fewer] == [query.time_d for query in month().queries[Task.COMPLETION][::2]]


def test_a_shop_without_known_products_or_without_a_trip_in_the_month_is_refused() -> None:
    with pytest.raises(NothingToLearn, match="five households"):
        judged(shop(4), MONTH)
    with pytest.raises(NothingToLearn, match="no trip"):
        judged(replace(shop(), end_d=END_D + 300), Month(END_D + 200, END_D + 230))
