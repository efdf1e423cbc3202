from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages.advice import Advice, RecommendRequest
from aisle_inference.advice.rules import Limit, Rules, Shelves, varied
from tests.inference.advice.shop import product

PRODUCTS = [product(number) for number in range(6)]


def allowed(request: RecommendRequest = RecommendRequest(), rules: Rules = Rules(), **changes: object) -> list[int]:
    products = [product(number, **(changes if number == 1 else {})) for number in range(6)]
    return np.flatnonzero(Shelves.of(products, rules).allowed(request, [0])).tolist()


def test_what_is_in_the_basket_sold_out_or_blocked_is_left_out() -> None:
    assert allowed() == [1, 2, 3, 4, 5]
    assert allowed(stock=0) == [2, 3, 4, 5]
    assert allowed(rules=Rules(blocked_products=(PRODUCTS[4].product_id,))) == [1, 2, 3, 5]
    assert not Shelves.of([None], Rules()).allowed(RecommendRequest(), []).any()


def test_restricted_departments_wait_for_a_word_of_the_staff() -> None:
    rules = Rules(age_restricted_departments=("dairy",))
    assert allowed(rules=rules) == [1, 3, 4]
    assert allowed(RecommendRequest(may_buy_aged=True), rules) == [1, 2, 3, 4, 5]


def test_unknown_allergens_count_against_a_product() -> None:
    assert allowed(RecommendRequest(avoid=("Milk ",))) == [1, 3, 4]
    assert allowed(RecommendRequest(avoid=("milk",)), allergens=None) == [3, 4]


@pytest.mark.parametrize("word", ["lactose", "", "hazelnut"])
def test_a_word_that_no_product_declares_leaves_nothing(word: str) -> None:
    assert allowed(RecommendRequest(avoid=(word,))) == []


def test_no_product_declares_a_diet_so_none_fits() -> None:
    assert allowed(RecommendRequest(diets=("vegan",))) == []


@given(st.lists(st.integers(0, 29), unique=True), st.integers(1, 5), st.integers(0, 12))
def test_a_varied_list_keeps_the_order_and_its_limits(order: list[int], most: int, wanted: int) -> None:
    limits = (Limit((np.arange(30) % 4).astype(np.int32), most), Limit((np.arange(30) // 2).astype(np.int32), 1))
    chosen = varied(order, limits, wanted)
    assert chosen == [one for one in order if one in chosen]
    assert len(chosen) <= wanted
    for limit in limits:
        assert max(np.bincount(limit.code[chosen]), default=0) <= limit.most if chosen else True
    left = [one for one in order if one not in chosen]
    is_full = [any((limit.code[chosen] == limit.code[one]).sum() == limit.most for limit in limits) for one in left]
    assert len(chosen) == wanted or all(is_full)


def test_no_name_is_listed_twice_but_on_its_own_shelf() -> None:
    products = [product(number, name="Milk" if number < 3 else f"Other {number}") for number in range(6)]
    shelves = Shelves.of(products, Rules())
    assert shelves.choose(range(6), RecommendRequest(limit=5), 50) == [0, 3, 4, 5]
    assert shelves.choose(range(6), RecommendRequest(limit=3, advice=Advice.HERE), 50) == [0, 1, 2]
