"""A product that nobody bought borrows from its kin, and nobody else changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.advice.kit import CarriedLore
from aisle_inference.purchases.past import Past
from aisle_inference.ranking.kin import Kin, filled, kin_of
from aisle_inference.ranking.lore import LearntLore
from tests.inference.harness.worlds import DAY, assortment, bought_by, purchases_of

# Every third product is of one kind; nobody bought 21, 22 and 23.
TRIPS = [bought_by(number, day, [0, 1, 3, 4, 20]) for number in range(6) for day in range(1, 60, 5)]
LORE = LearntLore(Past.of(purchases_of(*TRIPS), assortment(), DAY + 61))
CARRIED = CarriedLore.of(LORE, np.array([7]))


def test_new_products_share_what_their_kind_sold() -> None:
    assert CARRIED.is_new.nonzero()[0].tolist() == [n for n in range(24) if n not in (0, 1, 3, 4, 20)]
    assert CARRIED.sales.purchases[21] == pytest.approx(np.mean(LORE.sales.purchases[[0, 3]]))
    assert CARRIED.sales.purchases[23] == pytest.approx(LORE.sales.purchases[20])
    assert CARRIED.links.cosine[1, 21] == pytest.approx(np.mean([LORE.links.cosine[1, 0], LORE.links.cosine[1, 3]]))


def test_what_was_bought_keeps_its_own_figures() -> None:
    known = ~CARRIED.is_new
    assert np.array_equal(CARRIED.sales.month[known], LORE.sales.month[known])
    assert np.array_equal(CARRIED.tastes.wanted[known], LORE.tastes.wanted[known])
    assert np.allclose(CARRIED.links.taste[:, known].toarray(), LORE.links.taste[:, known].toarray())


def test_without_kin_nothing_is_known() -> None:
    nobody = kin_of(assortment(), np.ones(24, dtype=np.bool_))
    assert nobody.nnz == 0
    assert nobody.shape == (24, 24)


def test_only_figures_by_product_are_filled() -> None:
    kin = Kin.of(assortment(), np.zeros(24, dtype=np.bool_), LORE.sales.quarter)
    with pytest.raises(TypeError, match="str has no fields"):
        filled("sales", kin)


def test_amounts_are_borrowed_in_proportion_to_what_is_expected_and_prices_are_not() -> None:
    kin = Kin.of(assortment(), CARRIED.is_new, LORE.sales.quarter)
    doubled = filled(LORE.sales, replace(kin, amounts=kin.amounts * 2))
    plain = filled(LORE.sales, replace(kin, amounts=kin.shares))
    assert doubled.month[21] == pytest.approx(2 * plain.month[21])
    assert doubled.price[21] == plain.price[21]


def test_a_hidden_product_keeps_no_figure_of_its_own() -> None:
    is_new = LORE.is_new.copy()
    is_new[0] = True
    kin = Kin.of(assortment(), is_new, LORE.sales.quarter)
    alone = replace(kin, amounts=kin.amounts * 0, shares=kin.shares * 0)
    assert filled(LORE.sales, alone).purchases[0] == 0
    assert filled(LORE.links, alone).cosine[:, [0]].nnz == 0
    assert LORE.links.cosine[:, [0]].nnz > 0
