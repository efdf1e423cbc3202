from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from aisle_inference.intent.wares import misspelt, wares_of
from tests.catalogue.samples import CATEGORIES, PRODUCTS, SYNONYMS

WARES = wares_of(PRODUCTS, CATEGORIES, SYNONYMS)
BY_NAME = {product.name: product for product in PRODUCTS}


def calls(name: str, language: str) -> set[str]:
    rng = np.random.default_rng(1)
    return {WARES.called(BY_NAME[name], language, rng) for _ in range(200)}


def test_products_are_drawn_as_often_as_they_are_bought() -> None:
    rng = np.random.default_rng(1)
    drawn = Counter(WARES.draw(rng).name for _ in range(4_000))
    total = sum(product.purchases for product in PRODUCTS)
    for product in PRODUCTS:
        assert drawn[product.name] / 4_000 == pytest.approx(product.purchases / total, abs=0.03)


def test_a_product_is_called_by_its_name_its_category_and_what_means_the_same() -> None:
    assert {"sliced", "white sliced bread", "toast", "pain"} <= calls("White sliced bread", "en")
    assert calls("Gala apples", "de") == {"apfel"}
    assert "gaseosa" in calls("Soft drink, 2 litre bottle", "es")


def test_a_product_that_only_mentions_a_word_is_not_called_by_its_synonyms() -> None:
    assert WARES.other_names["Milk"] == ()


@given(text=st.text(st.characters(categories=["L", "Zs"]), max_size=40), seed=st.integers(0, 1000))
def test_a_slip_changes_at_most_one_place(text: str, seed: int) -> None:
    assert OSA.distance(text, misspelt(text, np.random.default_rng(seed))) <= 1


def test_short_words_are_spelt_right_and_long_ones_sometimes_not() -> None:
    rng = np.random.default_rng(1)
    assert {misspelt("egg", rng) for _ in range(20)} == {"egg"}
    assert len({misspelt("chocolate", rng) for _ in range(20)}) > 5


def test_an_empty_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="the catalogue is empty"):
        wares_of([], CATEGORIES, SYNONYMS)
