from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.harness.queries import UNKNOWN
from aisle_inference.ranking.contexts import Contexts
from tests.inference.baselines.worlds import household, past_of
from tests.inference.harness.worlds import bought_by, purchases_of, random_purchases

# Household 0 has two trips before the second month and one in it; household 1 has one trip.
PAST = past_of(
    purchases_of(bought_by(1, 10, [3, 5]), bought_by(1, 20, [3]), bought_by(1, 40, [9]), bought_by(2, 5, [7]))
)


def test_a_history_ends_before_its_query() -> None:
    own = Contexts.of(PAST.purchases, [household(PAST, 0), household(PAST, 1)])
    assert own.product.tolist() == [3, 5, 3, 7]
    assert own.query.tolist() == [0, 0, 0, 1]
    assert own.start.tolist() == [0, 3, 4]


def test_two_clocks_count_back_from_the_query() -> None:
    own = Contexts.of(PAST.purchases, [household(PAST, 0)])
    assert (own.age_d - own.age_d[-1]).tolist() == pytest.approx([10.0, 10.0, 0.0])
    assert own.age_d[-1] == pytest.approx(30 - 20, abs=1.0)
    assert own.age_trips.tolist() == [1.0, 1.0, 0.0]


def test_nobody_has_an_empty_history_wherever_it_is_asked() -> None:
    nobody = replace(household(PAST, 0), household=UNKNOWN, events_end=0)
    own = Contexts.of(PAST.purchases, [nobody, household(PAST, 1), nobody])
    assert own.lengths.tolist() == [0, 1, 0]
    assert own.product.tolist() == [7]
    assert Contexts.of(PAST.purchases, []).queries == 0


def test_owned_products_stand_once_each_ascending() -> None:
    owned = Contexts.of(PAST.purchases, [household(PAST, 1), household(PAST, 0)]).owned
    assert owned.product.tolist() == [7, 3, 5]
    assert owned.start.tolist() == [0, 1, 3]


def test_weights_halve_with_every_half_life() -> None:
    own = Contexts.of(PAST.purchases, [household(PAST, 0)])
    faded = own.faded(10.0)
    assert faded[0] / faded[2] == pytest.approx(0.5)
    assert np.allclose(own.per_query(faded), faded.sum())


def test_what_is_owned_is_each_product_once_in_rising_order_with_its_first_purchase() -> None:
    past = past_of(random_purchases(3))
    own = Contexts.of(past.purchases, [household(past, number) for number in range(past.purchases.households)])
    for number in range(own.queries):
        events = own.product[own.start[number] : own.start[number + 1]]
        products, firsts, times = np.unique(events, return_index=True, return_counts=True)
        place = own.owned.of_query(number)
        assert own.owned.product[place].tolist() == products.tolist()
        assert own.times_owned[place].tolist() == times.tolist()
        assert (
            np.flatnonzero(own.firsts[own.start[number] : own.start[number + 1]]).tolist() == np.sort(firsts).tolist()
        )
