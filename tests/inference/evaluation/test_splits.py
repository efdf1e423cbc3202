from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.evaluation.splits import (
    price_level,
    repeat_and_explore,
    splits_of,
    thirds_of,
    trips_before,
)
from aisle_inference.harness.queries import UNKNOWN, Task
from tests.inference.evaluation.worlds import asked, lists
from tests.inference.harness.worlds import bought_by, purchases_of

BOUGHT = purchases_of(
    *(bought_by(1, day, [1, 2]) for day in range(6)),
    bought_by(2, 0, [3, 4]),
)
PRICE = np.arange(24, dtype=np.float32)


def test_what_was_bought_before_is_told_from_what_was_not() -> None:
    query = asked(BOUGHT, 0, 10, [1, 2, 7])
    again, new = repeat_and_explore((lists([1, 9]), lists([7])), [query], BOUGHT)
    assert again.ours is not None
    assert new.strongest is not None
    assert again.ours.mean == 0.5
    assert new.strongest.mean == 1.0


def test_a_trip_without_anything_new_counts_nothing_there() -> None:
    again, new = repeat_and_explore((lists([1]), lists([1])), [asked(BOUGHT, 0, 10, [1])], BOUGHT)
    assert (again.queries, new.queries) == (1, 0)
    assert new.ours is None


def test_trips_are_counted_up_to_the_question() -> None:
    assert trips_before(BOUGHT, asked(BOUGHT, 0, 3, [1])) == 3
    assert trips_before(BOUGHT, asked(BOUGHT, 0, 30, [1])) == 6
    assert trips_before(BOUGHT, asked(BOUGHT, 1, 0, [1])) == 0
    assert trips_before(BOUGHT, asked(BOUGHT, UNKNOWN, 3, [1])) == 0


def test_fewer_than_five_trips_make_a_new_shopper() -> None:
    queries = [asked(BOUGHT, 0, 30, [1]), asked(BOUGHT, 1, 30, [3])]
    ranked = lists([1], [5])
    found = {one.group: one for one in splits_of(Task.NEXT_BASKET, (ranked, ranked), queries, BOUGHT, PRICE)}
    new, known = found["new: fewer than 5 trips"], found["known"]
    assert new.ours is not None
    assert known.ours is not None
    assert (new.ours.mean, known.ours.mean) == (0.0, 1.0)


def test_anonymous_questions_are_split_by_what_is_given() -> None:
    queries = [asked(BOUGHT, UNKNOWN, 30, [1], [5, 6, 7]), asked(BOUGHT, UNKNOWN, 30, [1], [5, 6, 7, 8])]
    splits = splits_of(Task.COMPLETION, (lists([1], []), lists([], [1])), queries, BOUGHT, PRICE)
    found = {one.group: one for one in splits}
    small, larger = found["3 products given"], found["more given"]
    assert small.ours is not None
    assert larger.strongest is not None
    assert small.ours.mean == 1.0
    assert larger.strongest.mean == 1.0


def test_a_shopper_pays_what_it_paid_or_what_its_basket_costs() -> None:
    dear = replace(BOUGHT, paid=np.where(BOUGHT.household == 1, 10, BOUGHT.paid).astype(np.float32))
    queries = [asked(dear, 0, 30, [1]), asked(dear, 1, 30, [1]), asked(dear, UNKNOWN, 30, [1], [4, 6])]
    assert price_level(queries, dear, PRICE).tolist() == [2.0, 10.0, 5.0]


def test_who_has_no_price_is_in_no_third() -> None:
    level = price_level([asked(BOUGHT, 0, 0, [1])], BOUGHT, PRICE)
    assert np.isnan(level).all()
    assert thirds_of(level).tolist() == [-1]


@pytest.mark.parametrize("count", [3, 30, 31])
def test_thirds_are_about_equal(count: int) -> None:
    values = np.random.default_rng(1).permutation(count).astype(np.float64)
    sizes = np.bincount(thirds_of(values), minlength=3)
    assert sizes.max() - sizes.min() <= 1
    assert values[thirds_of(values) == 0].max() < values[thirds_of(values) == 2].min()
