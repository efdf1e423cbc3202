"""What a product is expected to sell: as those of its kind do, more with more variants, and nothing of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.purchases.products import Assortment
from aisle_inference.ranking.expected import ExpectedSettings, Mask, expected_sales
from tests.inference.purchases.rows import product_table

NUMBERS = np.arange(1, 401)
# Every other product is of the category that sells.
NAMES = {int(number): ("GROCERY", "MILK" if number % 2 else "SPICES") for number in NUMBERS}
SHOP = Assortment.of(product_table(NAMES), NUMBERS)
SELLS = NUMBERS % 2 == 1
KNOWN = NUMBERS % 5 != 0
SETTINGS = ExpectedSettings(trees=60, least_in_leaf=10)


def sold(much: Mask) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return about 100 purchases of those that sell much, and about 5 of the others."""
    noise = np.random.default_rng(2).random(len(much))
    return (np.where(much, 100.0, 5.0) * (0.8 + 0.4 * noise)).astype(np.float32)


def test_new_products_are_expected_to_sell_as_their_kind_does() -> None:
    expected = expected_sales(SHOP, sold(SELLS), KNOWN, SETTINGS)
    assert expected[~KNOWN & SELLS].mean() == pytest.approx(100.0, rel=0.15)
    assert expected[~KNOWN & ~SELLS].mean() == pytest.approx(5.0, rel=0.15)


def test_what_a_new_product_really_sold_plays_no_part() -> None:
    figures = sold(SELLS)
    other = np.where(KNOWN, figures, np.float32(1e6))
    assert np.array_equal(expected_sales(SHOP, figures, KNOWN, SETTINGS), expected_sales(SHOP, other, KNOWN, SETTINGS))


def test_products_of_many_variants_sell_more_where_others_did() -> None:
    many = NUMBERS % 3 == 0
    wide = replace(SHOP, variants=np.where(many, 12, 1).astype(np.int32))
    expected = expected_sales(wide, sold(many), KNOWN, SETTINGS)
    assert expected[~KNOWN & many].min() > expected[~KNOWN & ~many].max()


def test_where_nothing_is_known_nothing_is_expected() -> None:
    assert not expected_sales(SHOP, sold(SELLS), np.zeros(400, dtype=np.bool_), SETTINGS).any()
