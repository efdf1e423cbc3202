"""Counts and gaps, beside the same worked out one event at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.rhythm import counts, event_weights, rhythm, sums
from tests.inference.baselines.worlds import household, past_of
from tests.inference.harness.worlds import bought_by, purchases_of, random_purchases

EVERY = np.arange(24, dtype=np.int32)


def worlds() -> tuple[Contexts, Candidates]:
    past = past_of(random_purchases(6))
    queries = [household(past, number) for number in range(past.purchases.households)]
    rng = np.random.default_rng(1)
    asked = [np.sort(rng.choice(24, rng.integers(0, 12), replace=False)) for _ in queries]
    return Contexts.of(past.purchases, queries), Candidates.of(asked)


@pytest.mark.parametrize("code", [EVERY, EVERY % 3, EVERY // 6])
def test_sums_are_over_the_own_events_with_the_same_code(code: npt.NDArray[np.int32]) -> None:
    own, candidates = worlds()
    weights = np.random.default_rng(2).random((own.events, 2))
    found = sums(own, candidates, code, weights)
    for row, (query, product) in enumerate(zip(candidates.query, candidates.product, strict=True)):
        same = (own.query == query) & (code[own.product] == code[product])
        assert found[:, row] == pytest.approx(weights[same].sum(axis=0))


def test_different_products_of_a_code_are_counted_once_each() -> None:
    own, candidates = worlds()
    found = counts(own, candidates, EVERY % 3, event_weights(own))["different"]
    for row, (query, product) in enumerate(zip(candidates.query, candidates.product, strict=True)):
        held = own.product[own.query == query]
        assert found[row] == len(np.unique(held[held % 3 == product % 3]))


def one_shopper(*days: int) -> tuple[Contexts, Candidates]:
    """A household that bought product 4 on these days, and product 5, of its own kind, on the last; 8 is not bought."""
    trips = [bought_by(1, day, [4, 5] if day == days[-1] else [4]) for day in days]
    past = past_of(purchases_of(*trips, bought_by(2, 1, [8])))
    return Contexts.of(past.purchases, [household(past, 0)]), Candidates.of([np.array([4, 8])])


def test_gaps_are_those_between_purchases_and_the_present_one_is_open() -> None:
    own, candidates = one_shopper(2, 12, 18, 26)
    columns = rhythm(own, candidates, EVERY, own.age_d)
    assert columns["mean gap"][0] == pytest.approx(8.0)
    assert columns["newest gap"][0] == pytest.approx(8.0)
    assert columns["spread of gaps"][0] == pytest.approx(np.std([10.0, 6.0, 8.0]) / 8.0, rel=1e-5)
    assert columns["age"][0] == pytest.approx(own.age_d[-1])
    # Three days and a half are waited by now, and all gaps were longer.
    assert columns["longer"][0] == 3.0


def test_two_products_of_a_kind_in_one_trip_make_no_gap() -> None:
    own, candidates = one_shopper(2, 12, 18, 26)
    kind = rhythm(own, candidates, EVERY // 2, own.age_d)
    assert kind["mean gap"][0] == rhythm(own, candidates, EVERY, own.age_d)["mean gap"][0]
    assert kind["longer"][0] == 3.0


def test_gaps_like_the_present_one_make_a_purchase_due() -> None:
    due = rhythm(*one_shopper(2, 14, 26), EVERY, one_shopper(2, 14, 26)[0].age_d)["due"][0]
    weekly = one_shopper(12, 19, 26)
    later = rhythm(weekly[0], weekly[1], EVERY, weekly[0].age_d)["due"][0]
    assert later > due


def test_what_was_never_bought_has_no_rhythm() -> None:
    own, candidates = one_shopper(2, 26)
    columns = rhythm(own, candidates, EVERY, own.age_d)
    assert np.isnan(columns["age"][1])
    assert np.isnan(columns["mean gap"][1])
    assert columns["alike"][1] == 0.0
    assert counts(own, candidates, EVERY, event_weights(own))["count"].tolist() == [2.0, 0.0]


def test_a_single_purchase_has_an_age_and_no_gap() -> None:
    own, candidates = one_shopper(20)
    columns = rhythm(own, candidates, EVERY, own.age_d)
    assert columns["age"][0] > 0.0
    assert np.isnan(columns["mean gap"][0])
    assert np.isnan(columns["newest gap"][0])
