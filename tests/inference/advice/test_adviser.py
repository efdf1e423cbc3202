"""Requests answered by the whole core: what is allowed, varied, true, and what happens when nothing can be ranked."""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.messages import Problem, ProblemCode
from aisle.messages.advice import Advice, Cause, OwnPurchase, Recommended, RecommendRequest
from aisle_inference.advice.adviser import Adviser
from aisle_inference.advice.arms import Comparison
from aisle_inference.advice.rules import Rules
from tests.inference.advice.shop import CATEGORIES, NOW_D, bought, catalogue, kit, numbers

WIDE = Rules(most_of_a_category=50)
LIKED = bought(0, 3, 6, 9)
REQUESTS = {
    Advice.REMIND: RecommendRequest(advice=Advice.REMIND, history=LIKED, limit=4),
    Advice.DISCOVER: RecommendRequest(advice=Advice.DISCOVER, history=LIKED, limit=4),
    Advice.COMPLETE: RecommendRequest(advice=Advice.COMPLETE, given=numbers(0, 3), limit=4),
    Advice.WITH: RecommendRequest(advice=Advice.WITH, given=numbers(0), limit=4),
    Advice.HERE: RecommendRequest(advice=Advice.HERE, given=numbers(0, 3), category=CATEGORIES[0], limit=4),
}
EACH = pytest.mark.parametrize("request_", REQUESTS.values(), ids=[advice.value for advice in REQUESTS])


def answer(
    request: RecommendRequest, rules: Rules = Rules(), changed: Mapping[int, Mapping[str, object]] | None = None
) -> Recommended:
    found = Adviser(catalogue(changed), kit(), rules).recommend(request, NOW_D)
    assert isinstance(found, Recommended), found
    return found


def products(found: Recommended) -> list[int]:
    return [item.product_id for item in found.items]


@EACH
def test_every_kind_of_advice_is_ranked_and_says_why(request_: RecommendRequest) -> None:
    found = answer(request_)
    assert not found.fallback
    assert 0 < len(found.items) <= 4
    assert [item.score for item in found.items] == sorted((item.score for item in found.items), reverse=True)
    assert all(item.reason for item in found.items)


@EACH
def test_what_is_sold_out_refused_or_in_the_basket_is_not_recommended(request_: RecommendRequest) -> None:
    first, second = products(answer(request_))[:2]
    place = int(first) - int(numbers(0)[0])
    assert first not in products(answer(request_, changed={place: {"stock": 0}}))
    refusing = msgspec.structs.replace(request_, refused=(second,))
    assert second not in products(answer(refusing))
    assert not set(request_.given) & set(products(answer(request_)))


def test_discover_names_nothing_that_was_ever_bought() -> None:
    history = {bought.product_id for bought in LIKED}
    assert not history & set(products(answer(REQUESTS[Advice.DISCOVER])))


def test_remind_names_what_is_bought_again_and_how_often() -> None:
    first = answer(REQUESTS[Advice.REMIND]).items[0]
    assert first.cause is Cause.OWN
    assert first.every_days == 6
    assert first.reason == "You usually buy this every 6 days"


def test_here_stays_on_the_shelf_and_elsewhere_the_list_is_varied() -> None:
    here = answer(REQUESTS[Advice.HERE])
    shop = catalogue()
    assert {shop[number].category_id for number in products(here)} == {CATEGORIES[0]}
    wide = answer(RecommendRequest(given=numbers(0, 3), limit=6))
    categories = [shop[number].category_id for number in products(wide)]
    assert max(categories.count(name) for name in categories) <= 2


def test_with_a_product_stands_what_gains_by_it_and_nothing_of_its_kind() -> None:
    found = answer(REQUESTS[Advice.WITH], WIDE)
    shop = catalogue()
    assert {shop[number].category_id for number in products(found)} <= {CATEGORIES[1], CATEGORIES[2]}
    assert all((item.cause, item.because) == (Cause.BASKET, numbers(0)) for item in found.items)
    assert all(item.score > 0.0 for item in found.items)


def test_what_goes_with_several_products_is_asked_otherwise() -> None:
    problem = Adviser(catalogue(), kit()).recommend(RecommendRequest(advice=Advice.WITH, given=numbers(0, 3)), NOW_D)
    assert isinstance(problem, Problem)
    assert problem.sentence == "what goes with one product is asked of 2; ask to complete a basket"


def test_a_cause_is_something_that_was_brought_along() -> None:
    for request in REQUESTS.values():
        brought = {*request.given, *(purchase.product_id for purchase in request.history)}
        for item in answer(request).items:
            assert set(item.because) <= brought
            assert bool(item.because) == (item.cause in (Cause.BASKET, Cause.TASTE))


@EACH
def test_margins_and_sponsors_change_no_rank(request_: RecommendRequest) -> None:
    """The white-pattern audit: whatever a store earns on a product, its place is the same."""
    rng = np.random.default_rng(5)
    prices, sales = rng.permutation(24), rng.permutation(24)
    changed = {
        number: {"price_cents": int(prices[number]) * 99 + 1, "purchases": int(sales[number]), "ean": "1"}
        for number in range(24)
    }
    assert answer(request_, changed=changed).items == answer(request_).items


def test_no_product_has_a_field_that_could_buy_it_a_place() -> None:
    fields = set(catalogue()[numbers(0)[0]].__struct_fields__)
    assert not {name for name in fields if any(word in name for word in ("margin", "sponsor", "boost", "fee", "bid"))}


def test_without_a_kit_popularity_answers_and_says_so() -> None:
    found = Adviser(catalogue(), None, missing="lore.npz was altered").recommend(REQUESTS[Advice.COMPLETE], NOW_D)
    assert isinstance(found, Recommended)
    assert (found.fallback, found.note) == (True, "lore.npz was altered")
    assert products(found)[:2] == list(numbers(1, 2))
    assert {item.cause for item in found.items} == {Cause.STORE}


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (RecommendRequest(), "nothing in the basket"),
        (RecommendRequest(advice=Advice.REMIND), "nothing is known of what the shopper bought"),
        (RecommendRequest(advice=Advice.HERE, category="SOAP"), "knows no shelf SOAP"),
        (RecommendRequest(advice=Advice.DISCOVER, history=(OwnPurchase(product_id=1, ago_s=5.0),)), "nothing is known"),
    ],
)
def test_what_cannot_be_ranked_falls_back_and_says_why(request_: RecommendRequest, why: str) -> None:
    found = answer(request_)
    assert why in found.note or not found.items
    assert found.fallback


def test_nothing_that_fits_is_said_with_what_helps() -> None:
    found = answer(RecommendRequest(given=numbers(0), diets=("vegan",)))
    assert found.items == ()
    assert found.note == "No product declares that it is vegan; somebody of the staff can help"


def test_unknown_products_are_a_problem_in_the_basket_and_passed_over_in_the_history() -> None:
    problem = Adviser(catalogue(), kit()).recommend(RecommendRequest(given=(7,)), NOW_D)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.sentence) == (ProblemCode.UNKNOWN_PRODUCT, "the catalogue has no product 7")
    longer = (*LIKED, OwnPurchase(product_id=7, ago_s=9.0))
    assert (
        answer(RecommendRequest(advice=Advice.REMIND, history=longer)).items
        == answer(RecommendRequest(advice=Advice.REMIND, history=LIKED)).items
    )


def test_a_time_that_is_no_number_is_named() -> None:
    broken = (*LIKED, OwnPurchase(product_id=numbers(0)[0], ago_s=math.nan))
    problem = Adviser(catalogue(), kit()).recommend(RecommendRequest(advice=Advice.REMIND, history=broken), NOW_D)
    assert isinstance(problem, Problem)
    assert problem.sentence == f"purchase {len(LIKED)} of the history has no time or quantity; leave it out"


def test_the_control_group_is_advised_by_popularity() -> None:
    rules = Rules(comparison=Comparison(name="autumn", control_share=0.5))
    found = [answer(RecommendRequest(given=numbers(0, 3), visit=f"v{n}"), rules) for n in range(20)]
    assert {each.arm for each in found} == {"control", "ranking"}
    assert all(not each.fallback for each in found)
    control, ranking = (next(each for each in found if each.arm == arm) for arm in ("control", "ranking"))
    assert {item.cause for item in control.items} == {Cause.STORE}
    assert ranking.items == answer(RecommendRequest(given=numbers(0, 3))).items


@settings(max_examples=60, deadline=None)
@given(
    advice=st.sampled_from(list(Advice)),
    given_=st.lists(st.sampled_from(numbers(*range(24))), max_size=30),
    history=st.lists(
        st.builds(
            OwnPurchase,
            product_id=st.sampled_from((*numbers(*range(24)), 5)),
            ago_s=st.floats(0, 3e8),
            quantity=st.floats(0.001, 1000),
        ),
        max_size=40,
    ),
    category=st.sampled_from((*CATEGORIES, "", "x")),
    limit=st.integers(1, 50),
    time_d=st.floats(-1e4, 1e5),
)
def test_any_request_gets_an_answer_or_a_problem(
    advice: Advice, given_: list[int], history: list[OwnPurchase], category: str, limit: int, time_d: float
) -> None:
    request = RecommendRequest(
        advice=advice, given=tuple(given_), history=tuple(history), category=category, limit=limit
    )
    adviser = Adviser(catalogue(), kit(), WIDE)
    found = adviser.recommend(request, time_d)
    assert found == adviser.recommend(request, time_d)
    if isinstance(found, Recommended):
        assert len(found.items) <= limit
        assert len({item.product_id for item in found.items}) == len(found.items)
        assert not set(given_) & set(products(found))
        assert all(math.isfinite(item.score) for item in found.items)
