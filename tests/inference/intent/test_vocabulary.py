from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.intent.events import EventKind
from aisle_inference.intent.vocabulary import MOST_SEARCHES, fits_of, vocabulary_of
from tests.catalogue.samples import APPLES, CATEGORIES, MILK, PRODUCTS, SYNONYMS, product
from tests.inference.intent.worlds import event, search, session

VOCABULARY = vocabulary_of(PRODUCTS, CATEGORIES, SYNONYMS)


def best(text: str, language: str = "en") -> str:
    return VOCABULARY.category_ids[int(VOCABULARY.fits(text, language).sum(axis=0).argmax())]


@pytest.mark.parametrize(
    ("text", "language", "category_id"),
    [
        ("milk", "en", "milk"),
        ("mlik", "en", "milk"),
        ("Käse", "de", "cheese"),
        ("fromages", "fr", "cheese"),
        ("chocolat chip", "en", "cookies"),
        ("soft drink", "en", "soft_drinks"),
        ("gaseosa", "es", "soft_drinks"),
        ("pain", "fr", "bread"),
        ("cola", "en", "soft_drinks"),
    ],
)
def test_a_word_speaks_for_its_category(text: str, language: str, category_id: str) -> None:
    assert best(text, language) == category_id


def test_a_word_of_nothing_fits_nothing_and_filler_is_no_word() -> None:
    assert VOCABULARY.fits("xqzwv", "en").shape == (1, len(CATEGORIES))
    assert not VOCABULARY.fits("xqzwv", "en").any()
    assert VOCABULARY.fits("where is the", "en").shape == (0, len(CATEGORIES))


def test_a_word_says_more_the_more_of_the_sales_have_it() -> None:
    drinks = vocabulary_of(
        [product(1, "Vanilla soda", "soft_drinks", 10), product(2, "Lemon soda", "soft_drinks", 990)], CATEGORIES
    )
    column = drinks.column_of["soft_drinks"]
    rare, common, whole = (drinks.fits(word, "en")[0, column] for word in ("vanilla", "lemon", "soda"))
    assert 0.0 < rare < common < whole


def test_products_and_their_variants_have_a_category_and_strangers_have_none() -> None:
    assert VOCABULARY.column(MILK) == VOCABULARY.column(MILK + 9000) == VOCABULARY.column_of["milk"]
    assert VOCABULARY.column(-5) is None
    assert VOCABULARY.column(None) is None


def test_sales_are_shares() -> None:
    assert VOCABULARY.sales.sum() == pytest.approx(1.0)
    assert VOCABULARY.category_ids[int(VOCABULARY.sales.argmax())] == "milk"


def test_an_empty_catalogue_and_an_unlisted_category_are_refused() -> None:
    with pytest.raises(ValueError, match="the catalogue is empty"):
        vocabulary_of([], CATEGORIES)
    with pytest.raises(ValueError, match="does not list: apples"):
        vocabulary_of([product(APPLES, "Apples", "apples")], CATEGORIES[:2])


def test_only_the_last_searches_are_read() -> None:
    fits = fits_of(session(*[search("milk")] * (MOST_SEARCHES + 1), event(EventKind.HELP_PRESSED)), VOCABULARY)
    assert [len(one) for one in fits] == [0, *[1] * MOST_SEARCHES, 0]
    assert np.array_equal(fits[1], VOCABULARY.fits("milk", "en"))
