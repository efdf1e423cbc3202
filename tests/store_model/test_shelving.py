from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_model.plan import StorePlan
from store_model.shelving import ShelfItem, ShelfSpaceError, bay_capacity, place_products

FACING_M = 0.25


def test_products_fill_the_bays_of_their_department_in_order(small_plan: StorePlan) -> None:
    items = [ShelfItem(n, "dairy") for n in range(1, 13)] + [ShelfItem(n, "dry") for n in range(21, 29)]
    placements = list(place_products(small_plan, items, FACING_M))
    assert [p.product_id for p in placements] == [item.product_id for item in items]
    assert {p.bay_id for p in placements[:6]} == {"G1-W1"}
    assert {p.bay_id for p in placements[6:12]} == {"G1-W2"}
    assert [bay for bay, _ in groupby(p.bay_id for p in placements[12:])] == ["G1-E1", "G1-E2", "G2-E1", "G2-E2"]
    assert placements[0].shelf == 3, "a bay is filled from the top shelf down"


@given(count=st.integers(0, 24))
def test_every_product_gets_one_place_that_exists(demo_plan: StorePlan, count: int) -> None:
    items = [ShelfItem(n, "flowers") for n in range(1, count + 1)]
    placements = list(place_products(demo_plan, items, FACING_M))
    assert sorted(p.product_id for p in placements) == [item.product_id for item in items]
    assert len({(p.bay_id, p.shelf, p.facing) for p in placements}) == count
    for placement in placements:
        bay = demo_plan.bays[placement.bay_id]
        assert 1 <= placement.shelf <= bay.shelf_count
        assert placement.facing <= bay_capacity(bay, FACING_M) // bay.shelf_count


def test_too_many_products_for_a_department_are_refused(small_plan: StorePlan) -> None:
    items = [ShelfItem(n, "dairy") for n in range(1, 26)]
    with pytest.raises(ShelfSpaceError, match="department 'dairy' has 25 products for 24 places in 2 bays"):
        list(place_products(small_plan, items, FACING_M))


def test_a_department_without_shelves_is_refused(small_plan: StorePlan) -> None:
    with pytest.raises(ShelfSpaceError, match="'garden' has 1 products for 0 places"):
        list(place_products(small_plan, [ShelfItem(1, "garden")], FACING_M))
