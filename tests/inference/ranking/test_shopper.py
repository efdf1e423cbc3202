from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.harness.queries import UNKNOWN
from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.sales import Sales
from aisle_inference.ranking.shopper import shopper_columns, taste_columns
from tests.inference.baselines.worlds import household, past_of
from tests.inference.harness.worlds import bought_by, purchases_of

# Stores 7 and 8 are numbers 0 and 1; queries are asked in store 0.
PAST = past_of(
    purchases_of(
        bought_by(1, 10, [3, 5], store=7), bought_by(1, 16, [3], store=8), bought_by(1, 22, [3, 4, 6], store=7)
    )
)
KNOWN = household(PAST, 0)
NOBODY = replace(KNOWN, household=UNKNOWN, events_end=0)
OWN = Contexts.of(PAST.purchases, [KNOWN, NOBODY])
CANDIDATES = Candidates.of([np.array([3, 9]), np.array([3])])


def test_a_household_is_described_alike_at_each_of_its_candidates() -> None:
    columns = shopper_columns(OWN, CANDIDATES, PAST.before_d)
    assert columns["shopper trips"][:2].tolist() == [3.0, 3.0]
    assert columns["shopper events a trip"][0] == pytest.approx(2.0)
    assert columns["shopper different a trip"][0] == pytest.approx(4 / 3)
    assert columns["shopper days between trips"][0] == pytest.approx(6.0)
    assert columns["shopper days known"][0] - columns["shopper days since trip"][0] == pytest.approx(12.0)
    assert columns["shopper share in this store"][0] == pytest.approx(5 / 6)


def test_of_nobody_only_the_time_is_known() -> None:
    columns = shopper_columns(OWN, CANDIDATES, PAST.before_d)
    unknown = {name for name, values in columns.items() if np.isnan(values[2])}
    assert unknown == {
        f"shopper {name}"
        for name in (
            "trips",
            "events a trip",
            "days since trip",
            "days between trips",
            "days known",
            "different a trip",
            "share in this store",
        )
    }
    assert columns["shopper events"][2] == 0.0


def test_prices_are_held_against_what_the_household_pays() -> None:
    sales = Sales.of(PAST)
    columns = taste_columns(OWN, CANDIDATES, PAST.assortment, sales)
    mean = sales.price[[3, 5, 3, 3, 4, 6]].mean()
    assert columns["price over own mean"][0] == pytest.approx(sales.price[3] / (mean + 0.1))
    assert columns["own share of its brand class"][:2].tolist() == [1.0, 1.0]
    assert np.isnan(columns["price over own mean"][2])


def test_the_first_purchase_of_each_product_is_new() -> None:
    assert OWN.firsts.tolist() == [1.0, 1.0, 0.0, 0.0, 1.0, 1.0]
    assert taste_columns(OWN, CANDIDATES, PAST.assortment, Sales.of(PAST))["own share of new products"][0] == (
        pytest.approx(4 / 6)
    )
