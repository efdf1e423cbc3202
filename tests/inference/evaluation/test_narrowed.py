"""Purchases with some events or products left out are what they would be without them from the start."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.evaluation.narrowed import only_events, only_products, only_wares
from aisle_inference.purchases.table import Purchases
from tests.inference.harness.worlds import assortment, bought_by, purchases_of, random_purchases

SHOP = random_purchases(3)


def same(one: Purchases, other: Purchases) -> bool:
    return all(np.array_equal(getattr(one, part.name), getattr(other, part.name)) for part in fields(Purchases))


def test_everything_kept_is_everything() -> None:
    assert same(only_events(SHOP, np.ones(len(SHOP.product), dtype=np.bool_)), SHOP)


def test_purchases_left_out_are_as_if_never_made() -> None:
    whole = purchases_of(bought_by(1, 0, [1, 2]), bought_by(1, 3, [2]), bought_by(2, 4, [2, 5]))
    without = purchases_of(bought_by(1, 0, [1]), bought_by(2, 4, [5]))
    assert same(only_events(whole, whole.product != 2), without)


def test_a_household_without_purchases_keeps_its_number() -> None:
    whole = purchases_of(bought_by(1, 0, [1]), bought_by(2, 4, [5]))
    fewer = only_events(whole, whole.product != 1)
    assert fewer.households == 2
    assert fewer.household_start.tolist() == [0, 0, 1]
    assert fewer.household_trip_start.tolist() == [0, 0, 1]


@given(st.integers(0, 2**24 - 1))
def test_fewer_products_are_numbered_anew_and_stay_themselves(bits: int) -> None:
    kept = np.array([bool(bits >> place & 1) for place in range(24)])
    fewer, wares = only_products(SHOP, kept), only_wares(assortment(), kept)
    bought = SHOP.product_ids[SHOP.product]
    assert fewer.product_ids[fewer.product].tolist() == bought[np.isin(bought, SHOP.product_ids[kept])].tolist()
    assert np.array_equal(wares.product_ids, fewer.product_ids)
    whole = assortment()
    for names, codes, before in (
        ("category_names", wares.category, whole.category),
        ("kind_names", wares.kind, whole.kind),
        ("package_names", wares.package, whole.package),
    ):
        assert [getattr(wares, names)[code] for code in codes] == [getattr(whole, names)[code] for code in before[kept]]
