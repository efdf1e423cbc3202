from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.messages import Problem, ProblemCode
from aisle.messages.advice import Recommended
from aisle_inference.adviser import Adviser, Ranked
from aisle_inference.associations import Associations
from catalogue.products import Product
from tests.catalogue.samples import product
from tests.inference.models import associations, model_of

CATEGORIES = ("milk", "cheese", "cookies", "bread")


@dataclass(frozen=True)
class FixedModel:
    """Always ranks the same."""

    ranked: list[Ranked]

    def rank(self, given: tuple[int, ...], limit: int) -> list[Ranked]:
        return self.ranked[:limit]


def shelf(*products: Product) -> dict[int, Product]:
    return {item.product_id: item for item in products}


def advise(adviser: Adviser, *asked: int, limit: int = 5) -> Recommended:
    answer = adviser.recommend(asked, limit)
    assert isinstance(answer, Recommended)
    return answer


def ids(answer: Recommended) -> list[int]:
    return [item.product_id for item in answer.items]


MILK = product(1, "Milk", "milk", 900)
CHEESE = product(2, "Cheese", "cheese", 400)
COOKIES = product(3, "Cookies", "cookies", 300)
BREAD = product(4, "Bread", "bread", 700)
STORE = shelf(MILK, CHEESE, COOKIES, BREAD)


def test_the_models_order_is_kept_and_the_cause_is_named() -> None:
    model = FixedModel([Ranked(3, 0.9, {1: 0.9}), Ranked(2, 0.4, {1: 0.4})])
    answer = advise(Adviser(STORE, model), 1)
    assert ids(answer) == [3, 2]
    assert not answer.fallback
    assert answer.items[0].because == (1,)
    assert answer.items[0].reason == "Often bought together with Milk"


def test_two_strong_causes_are_both_named_and_a_weak_one_is_not() -> None:
    model = FixedModel([Ranked(3, 1.0, {1: 0.45, 2: 0.5, 4: 0.05})])
    (item,) = advise(Adviser(STORE, model), 1, 2, 4).items
    assert item.because == (2, 1)
    assert item.reason == "Often bought together with Cheese and Milk"


def test_of_many_weak_causes_the_strongest_is_named() -> None:
    model = FixedModel([Ranked(3, 1.0, {1: 0.2, 2: 0.29, 4: 0.21})])
    (item,) = advise(Adviser(STORE, model), 1, 2, 4).items
    assert item.because == (2,)


def test_two_brands_of_the_same_name_are_named_once() -> None:
    store = STORE | shelf(product(5, "Milk", "milk"))
    (item,) = advise(Adviser(store, FixedModel([Ranked(3, 1.0, {1: 0.5, 5: 0.5})])), 1, 5).items
    assert item.because == (1, 5)
    assert item.reason == "Often bought together with Milk"


def test_an_unknown_product_is_a_problem_that_names_it() -> None:
    answer = Adviser(STORE, None).recommend((1, 999), 5)
    assert answer == Problem(code=ProblemCode.UNKNOWN_PRODUCT, sentence="the catalogue has no product 999")


def test_a_product_that_left_the_catalogue_is_not_recommended() -> None:
    model = FixedModel([Ranked(77, 0.9, {1: 0.9}), Ranked(3, 0.5, {1: 0.5})])
    assert ids(advise(Adviser(STORE, model), 1)) == [3]


@pytest.mark.parametrize("model", [None, FixedModel([])])
def test_without_a_model_or_when_it_knows_nothing_popularity_answers_and_says_so(model: FixedModel | None) -> None:
    answer = advise(Adviser(STORE, model), 1, limit=2)
    assert answer.fallback
    assert ids(answer) == [4, 2]
    assert {(item.because, item.reason) for item in answer.items} == {((), "Bought often in this store")}


def test_when_everything_ranked_is_sold_out_popularity_answers() -> None:
    store = STORE | shelf(product(3, "Cookies", "cookies", stock=0))
    answer = advise(Adviser(store, FixedModel([Ranked(3, 0.9, {1: 0.9})])), 1)
    assert answer.fallback
    assert ids(answer) == [4, 2]


def test_nothing_given_gets_what_is_popular() -> None:
    answer = advise(Adviser(STORE, FixedModel([Ranked(3, 0.9, {1: 0.9})])))
    assert answer.fallback
    assert ids(answer) == [1, 4, 2, 3]


def test_a_category_that_goes_with_everything_leaves_room_for_others() -> None:
    many = [product(10 + number, f"Cheese {number}", "cheese") for number in range(60)]
    ranked = [Ranked(item.product_id, 1.0, {1: 1.0}) for item in many] + [Ranked(4, 0.1, {1: 0.1})]
    assert ids(advise(Adviser(STORE | shelf(*many), FixedModel(ranked)), 1)) == [10, 11, 4]


@st.composite
def stores(draw: st.DrawFn) -> tuple[Associations, dict[int, Product]]:
    made = draw(associations(most_products=9))
    return made, shelf(
        *(
            product(
                100 + number,
                f"Product {number}",
                draw(st.sampled_from(CATEGORIES)),
                draw(st.integers(0, 50)),
                stock=draw(st.integers(0, 2)),
            )
            for number in range(len(made.neighbours))
        )
    )


@settings(max_examples=30, deadline=None)
@given(store=stores(), data=st.data(), limit=st.integers(1, 12), with_model=st.booleans())
def test_what_is_recommended_can_be_bought_and_is_varied(
    store: tuple[Associations, dict[int, Product]], data: st.DataObject, limit: int, with_model: bool
) -> None:
    made, products = store
    asked = tuple(data.draw(st.lists(st.sampled_from(sorted(products)), max_size=5)))
    model = model_of(made, np.array(sorted(products))) if with_model else None
    answer = advise(Adviser(products, model), *asked, limit=limit)
    chosen = ids(answer)
    assert len(chosen) == len(set(chosen)) <= limit
    assert not set(chosen) & set(asked)
    assert all(products[choice].stock > 0 for choice in chosen)
    assert max(Counter(products[choice].category_id for choice in chosen).values(), default=0) <= 2
    assert [item.score for item in answer.items] == sorted((item.score for item in answer.items), reverse=True)


@settings(max_examples=30, deadline=None)
@given(store=stores(), data=st.data())
def test_every_named_cause_is_a_cause(store: tuple[Associations, dict[int, Product]], data: st.DataObject) -> None:
    made, products = store
    asked = tuple(data.draw(st.lists(st.sampled_from(sorted(products)), min_size=1, max_size=5)))
    model = model_of(made, np.array(sorted(products)))
    answer = advise(Adviser(products, model), *asked)
    for item in answer.items if not answer.fallback else ():
        assert item.because
        for cause in item.because:
            without = tuple(other for other in asked if other != cause)
            score = {c.product_id: c.score for c in model.rank(without, len(products))}.get(item.product_id, 0.0)
            assert score < item.score
            assert products[cause].name in item.reason
