from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.products import Product
from store_backend.substitutes import is_no_worse, substitutes_for
from tests.catalogue.samples import product

ALLERGENS = st.none() | st.lists(st.sampled_from(["milk", "nuts", "soy"]), unique=True).map(tuple)


def milk(product_id: int, **changes: Any) -> Product:
    plain = product(product_id, "Milk", "milk", purchases=10)
    return msgspec.structs.replace(plain, **changes)


def offered(wanted: Product, *others: Product, quantity: int = 1, avoid: tuple[str, ...] = ()) -> list[int]:
    available = {one.product_id: 3 for one in others}
    return [one.product_id for one in substitutes_for(wanted, [wanted, *others], available, quantity, avoid)]


def test_only_the_same_kind_stands_in() -> None:
    assert offered(milk(1), milk(2), milk(3, source_type="OAT"), milk(4, category_id="cheese")) == [2]


def test_only_what_is_there_in_the_wanted_quantity_stands_in() -> None:
    assert offered(milk(1), milk(2), quantity=3) == [2]
    assert offered(milk(1), milk(2), quantity=4) == []


def test_the_same_size_comes_first_then_the_nearest_price_then_what_is_bought_most() -> None:
    others = [
        milk(2, size="1 gallon"), milk(3, price_cents=299), milk(4, price_cents=189), milk(5, purchases=99),
        milk(6, purchases=5),
    ]  # fmt: skip
    assert offered(milk(1), *others) == [5, 6, 4, 3, 2]


@pytest.mark.parametrize(("of_product", "of_other", "is_fine"), [
    (("milk",), ("milk",), True), (("milk",), (), True), ((), ("milk",), False), (("milk",), None, False),
    (None, None, True), (None, ("milk",), True),
])  # fmt: skip
def test_allergens_are_no_worse_as_far_as_they_are_known(
    of_product: tuple[str, ...] | None, of_other: tuple[str, ...] | None, is_fine: bool
) -> None:
    assert is_no_worse(milk(1, allergens=of_product), milk(2, allergens=of_other)) is is_fine


@given(ALLERGENS, ALLERGENS, st.lists(st.sampled_from(["milk", "nuts", "soy"]), min_size=1))
def test_whoever_avoids_an_allergen_gets_only_what_is_known_to_be_free_of_it(
    of_product: tuple[str, ...] | None, of_other: tuple[str, ...] | None, avoid: list[str]
) -> None:
    if is_no_worse(milk(1, allergens=of_product), milk(2, allergens=of_other), avoid):
        assert of_other is not None
        assert not set(of_other) & set(avoid)
