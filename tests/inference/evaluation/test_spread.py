from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.evaluation.spread import categories_in, exposure, gini, own_brand_shares, spread_of
from tests.inference.evaluation.worlds import lists
from tests.inference.harness.worlds import assortment

PRIVATE = np.arange(24) < 12


def test_coverage_counts_a_product_once() -> None:
    ranked = lists([1, 2], [2, 3])
    spread = spread_of(ranked, ranked, [np.array([1]), np.array([2])], assortment())
    assert spread.coverage == pytest.approx(3 / 24)


def test_empty_places_show_nothing() -> None:
    assert exposure(lists([0], []), 3).tolist() == [1, 0, 0]
    spread = spread_of(lists([], []), lists([]), [np.array([1]), np.array([2])], assortment())
    assert (spread.coverage, spread.gini, spread.own_brand_push) == (0.0, 0.0, None)


def test_categories_of_a_list_are_counted_once() -> None:
    assert categories_in(lists([0, 3, 6], [0, 1, 2], []), assortment().category).tolist() == [1, 3, 0]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40).filter(any))
def test_gini_is_half_the_mean_difference_over_the_mean(counts: list[int]) -> None:
    shown = np.array(counts)
    apart = np.abs(shown[:, None] - shown[None, :]).mean()
    assert gini(shown) == pytest.approx(apart / (2 * shown.mean()), abs=1e-12)


def test_own_brands_are_held_against_what_was_bought_then() -> None:
    listed, bought = own_brand_shares(
        lists([0, 20], [13], []), [np.array([1]), np.array([2, 14]), np.array([3])], PRIVATE
    )
    assert listed.tolist() == [0.5, 0.0]
    assert bought.tolist() == [1.0, 0.5]
