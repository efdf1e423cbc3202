"""A question without a part of it is the question of somebody who never brought that part along."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.advice.question import OwnEvents, Question, contexts_of
from aisle_inference.advice.removal import without_bought, without_given
from aisle_inference.harness.queries import Task
from aisle_inference.ranking.contexts import Contexts

PRODUCTS = 8
REMOVALS = st.lists(st.lists(st.integers(0, PRODUCTS - 1), max_size=3).map(tuple), min_size=1, max_size=5)
EVENTS = st.lists(st.tuples(st.integers(0, PRODUCTS - 1), st.floats(0.0, 12.0)), max_size=20)


def same(found: Contexts, expected: Contexts) -> None:
    for field in fields(Contexts):
        ours, theirs = getattr(found, field.name), getattr(expected, field.name)
        if field.name == "given":
            assert [each.tolist() for each in ours] == [each.tolist() for each in theirs]
        else:
            assert ours == pytest.approx(theirs), field.name


@given(EVENTS, REMOVALS)
def test_a_history_without_some_products_is_that_of_who_never_bought_them(
    bought: list[tuple[int, float]], removals: list[tuple[int, ...]]
) -> None:
    product = np.array([each for each, _ in bought], dtype=np.int32)
    own = OwnEvents(product, np.array([age for _, age in bought]), np.ones(len(bought)))
    question = Question(Task.NOVEL, 50.5, 1, np.array([2], dtype=np.int32), own)
    expected = []
    for removed in removals:
        kept = ~np.isin(product, removed)
        # What is left of a day keeps the hour at which the shopper came in.
        expected.append(replace(question, own=OwnEvents(product[kept], _arrival(own, 50.5)[kept], own.quantity[kept])))
    same(without_bought(question.contexts(PRODUCTS), removals), contexts_of(expected, PRODUCTS))


def _arrival(own: OwnEvents, time_d: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    day = np.floor(time_d - own.age_d)
    return np.array([own.age_d[day == one].max() for one in day], dtype=np.float64)


@given(st.sets(st.integers(0, PRODUCTS - 1)), REMOVALS)
def test_a_basket_without_some_products_holds_the_others(basket: set[int], removals: list[tuple[int, ...]]) -> None:
    question = Question(Task.COMPLETION, 50.5, 1, np.array(sorted(basket), dtype=np.int32))
    expected = [
        replace(question, given=np.array(sorted(basket - set(removed)), dtype=np.int32)) for removed in removals
    ]
    same(without_given(question.contexts(PRODUCTS), removals), contexts_of(expected, PRODUCTS))
