"""A request is read by the ranking as the same history in a training table is."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.advice.question import OwnEvents, Question, contexts_of
from aisle_inference.harness.queries import Task
from aisle_inference.ranking.contexts import Contexts
from tests.inference.advice.shop import purchases
from tests.inference.baselines.worlds import household, past_of

PAST = past_of(purchases())


def question_of(number: int) -> Question:
    """Return the question of a household of the table as a request would bring it."""
    query, bought = household(PAST, number), PAST.purchases
    events = slice(int(bought.household_start[number]), query.events_end)
    own = OwnEvents(
        bought.product[events], query.time_d - bought.time_d[events], bought.quantity[events].astype(np.float64)
    )
    return Question(Task.NEXT_BASKET, query.time_d, query.store, query.given, own)


@given(st.lists(st.integers(0, 23), max_size=4), st.randoms())
def test_a_request_becomes_what_training_saw(households: list[int], random: object) -> None:
    learnt = Contexts.of(PAST.purchases, [household(PAST, number) for number in households])
    asked = contexts_of([question_of(number) for number in households], 24)
    for field in fields(Contexts):
        expected, found = getattr(learnt, field.name), getattr(asked, field.name)
        if field.name == "given":
            assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))
        else:
            assert found == pytest.approx(expected, abs=1e-9), field.name


@given(st.permutations(range(6)))
def test_the_order_of_a_history_does_not_matter(order: list[int]) -> None:
    own = OwnEvents(np.arange(6, dtype=np.int32) % 4, np.array([9.0, 9.1, 5.0, 5.2, 1.0, 0.2]), np.arange(1.0, 7.0))
    mixed = OwnEvents(own.product[order], own.age_d[order], own.quantity[order])
    nothing = np.empty(0, dtype=np.int32)
    first, second = (Question(Task.NOVEL, 100.5, -1, nothing, each).contexts(4) for each in (own, mixed))
    assert np.array_equal(first.product, second.product)
    assert np.allclose(first.age_d, second.age_d)
    assert np.allclose(first.quantity, second.quantity)


def test_purchases_of_a_day_are_one_trip_and_of_a_product_one_event() -> None:
    own = OwnEvents(
        np.array([3, 3, 5, 3], dtype=np.int32), np.array([2.2, 2.1, 2.0, 1.0]), np.array([1.0, 2.0, 1.0, 1.0])
    )
    asked = Question(Task.NEXT_BASKET, 10.5, 0, np.empty(0, dtype=np.int32), own).contexts(8)
    assert asked.product.tolist() == [3, 5, 3]
    assert asked.quantity.tolist() == [3.0, 1.0, 1.0]
    assert asked.age_trips.tolist() == [1.0, 1.0, 0.0]
    assert asked.trip_size.tolist() == [2, 2, 1]
