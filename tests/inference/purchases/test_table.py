from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.purchases.table import EPOCH, Purchases, days_since_epoch
from tests.inference.purchases.rows import START, Bought, history

PRODUCTS = np.array([10, 20, 30], dtype=np.int64)
DAY = days_since_epoch(START)

bought = st.tuples(
    st.integers(1, 4), st.integers(1, 3), st.integers(-2000, 2000).map(float), st.sampled_from([10, 20, 30, 40])
)


def test_rows_of_one_household_store_and_day_are_one_trip_that_begins_with_the_first() -> None:
    purchases = Purchases.of(history([(1, 7, 5, 20), (1, 7, 0, 10), (1, 7, 3, 10)]), PRODUCTS)
    assert purchases.trips == 1
    assert purchases.trip_products(0).tolist() == [0, 1]
    assert purchases.trip_time_d.tolist() == [DAY]
    assert purchases.time_d.tolist() == [DAY, DAY]


def test_quantities_and_money_of_one_product_in_a_trip_add_up() -> None:
    purchases = Purchases.of(history([(1, 7, 0, 10), (1, 7, 1, 10)]), PRODUCTS)
    assert (purchases.quantity.tolist(), purchases.paid.tolist(), purchases.discount.tolist()) == ([2.0], [4.0], [1.0])


def test_another_store_or_another_day_is_another_trip() -> None:
    purchases = Purchases.of(history([(1, 7, 0, 10), (1, 8, 0, 10), (1, 7, 24, 10)]), PRODUCTS)
    assert purchases.trips == 3
    assert purchases.trip_store.tolist() == [0, 1, 0]


def test_products_outside_the_assortment_leave_no_event_and_no_household() -> None:
    purchases = Purchases.of(history([(1, 7, 0, 10), (2, 7, 0, 99)]), PRODUCTS)
    assert purchases.household_ids.tolist() == [1]
    assert purchases.product.tolist() == [0]


def test_rows_without_a_quantity_above_zero_are_no_purchase() -> None:
    rows = history([(1, 7, 0, 10), (1, 7, 24, 10)]).with_columns(pl.Series("quantity", [1.0, 0.0]))
    assert Purchases.of(rows, PRODUCTS).trips == 1


def test_no_rows_give_empty_arrays() -> None:
    purchases = Purchases.of(history([]), PRODUCTS)
    assert (purchases.products, purchases.households, purchases.stores, purchases.trips) == (3, 0, 0, 0)
    assert purchases.household_start.tolist() == [0]


def test_days_before_the_epoch_are_negative() -> None:
    assert days_since_epoch(EPOCH - timedelta(hours=12)) == -0.5


def test_the_trip_that_begins_at_the_asked_moment_is_not_before_it() -> None:
    purchases = Purchases.of(history([(1, 7, 0, 10), (1, 7, 0, 20), (1, 7, 24, 30)]), PRODUCTS)
    assert purchases.events_before(0, DAY) == 0
    assert purchases.events_before(0, DAY + 1) == 2
    assert purchases.events_before(0, DAY + 1.5) == 3


@given(st.lists(bought, max_size=40))
def test_every_trip_holds_what_its_household_bought_there_that_day(rows: list[Bought]) -> None:
    purchases = Purchases.of(history(rows), PRODUCTS)
    found = {
        (
            int(purchases.household_ids[purchases.trip_household[trip]]),
            int(purchases.store_ids[purchases.trip_store[trip]]),
            int(np.floor(purchases.trip_time_d[trip])),
            int(purchases.product_ids[product]),
        )
        for trip in range(purchases.trips)
        for product in purchases.trip_products(trip)
    }
    expected = {
        (household, store, int(np.floor(days_since_epoch(START + timedelta(hours=hours)))), product)
        for household, store, hours, product in rows
        if product in PRODUCTS
    }
    assert found == expected


@given(st.lists(bought, max_size=40))
def test_events_are_sorted_by_household_and_time_and_the_offsets_agree(rows: list[Bought]) -> None:
    purchases = Purchases.of(history(rows), PRODUCTS)
    keys = list(zip(purchases.household, purchases.time_d, purchases.store, purchases.product, strict=True))
    assert keys == sorted(keys)
    for household in range(purchases.households):
        start, end = purchases.household_start[household : household + 2]
        assert set(purchases.household[start:end]) == {household}
        first, last = purchases.household_trip_start[household : household + 2]
        assert (purchases.trip_start[first], purchases.trip_start[last]) == (start, end)
    assert np.array_equal(np.repeat(np.arange(purchases.trips), np.diff(purchases.trip_start)), purchases.trip)
