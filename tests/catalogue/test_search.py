from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.search import SearchIndex, head_words
from tests.catalogue.samples import (
    APPLES,
    BREAD,
    CATEGORIES,
    CHEESE,
    COOKIES,
    MILK,
    PRODUCTS,
    SOFT_DRINK,
    SYNONYMS,
    product,
)

INDEX = SearchIndex(PRODUCTS, CATEGORIES, SYNONYMS)


def _first(question: str, language: str = "en") -> int | None:
    hits = INDEX.find(question, language)
    return hits[0].product.product_id if hits else None


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("milk", MILK),
        ("MILK", MILK),
        ("mlik", MILK),
        ("chocolate chip cookies", COOKIES),
        ("cookies chip chocolate", COOKIES),
        ("choclate chip cokies", COOKIES),
        ("cookie", COOKIES),
        ("choc", COOKIES),
        ("apple", APPLES),
        ("soft drink", SOFT_DRINK),
        ("softdrink", SOFT_DRINK),
        ("soda", SOFT_DRINK),
        ("cola", SOFT_DRINK),
        ("2 litre", SOFT_DRINK),
        ("toast", BREAD),
        ("where can I find the shredded cheese, please?", CHEESE),
    ],
)
def test_a_question_finds_its_product(question: str, found: int) -> None:
    assert _first(question) == found


@pytest.mark.parametrize(
    ("question", "language", "found"),
    [
        ("Milch", "de", MILK),
        ("wo finde ich Käse", "de", CHEESE),
        ("kase", "de", CHEESE),
        ("Äpfel", "de", APPLES),
        ("leche", "es", MILK),
        ("galletas", "es", COOKIES),
        ("lait", "fr", MILK),
        ("pain", "fr", BREAD),
        ("fromage", "en", CHEESE),
    ],
)
def test_categories_and_synonyms_are_known_in_four_languages(question: str, language: str, found: int) -> None:
    assert _first(question, language) == found


@pytest.mark.parametrize("question", ["", "   ", "???", "xqzwv", "the", "wo ist", "\0\0", "🥛", "q"])
def test_empty_and_senseless_questions_find_nothing(question: str) -> None:
    assert INDEX.find(question) == []


def test_words_that_nothing_answers_are_told() -> None:
    hit = INDEX.find("gluten free cookies")[0]
    assert hit.product.product_id == COOKIES
    assert hit.unmatched == ("gluten", "free")
    assert INDEX.find("chip cookies")[0].unmatched == ()


def test_a_word_of_another_language_gives_way_to_the_name_in_ones_own() -> None:
    relief = product(1, "Pain relief", "cookies", purchases=10)
    index = SearchIndex((*PRODUCTS, relief), CATEGORIES, SYNONYMS)
    assert index.find("pain", "en")[0].product.product_id == 1
    assert index.find("pain", "fr")[0].product.product_id == BREAD


def test_what_a_name_names_counts_more_than_its_other_words() -> None:
    milk, chocolate = product(1, "Chocolate milk", "milk"), product(2, "Milk chocolate", "cookies")
    index = SearchIndex((chocolate, milk))
    assert index.find("milk")[0].product.product_id == 1
    assert index.find("chocolate")[0].product.product_id == 2


def test_of_equal_names_the_one_bought_more_often_comes_first() -> None:
    rare, popular = product(1, "Milk", "milk", purchases=2), product(2, "Milk", "milk", purchases=2000)
    assert [hit.product.product_id for hit in SearchIndex((rare, popular)).find("milk")] == [2, 1]


def test_hits_are_ranked_and_limited() -> None:
    hits = INDEX.find("c", limit=2) or INDEX.find("ch", limit=2)
    assert len(hits) <= 2
    scores = [hit.score for hit in INDEX.find("dairy")]
    assert scores == sorted(scores, reverse=True)
    assert INDEX.find("milk", limit=0) == []


def test_an_index_without_products_finds_nothing() -> None:
    assert SearchIndex(()).find("milk") == []


@pytest.mark.parametrize(
    ("name", "heads"),
    [
        ("Chocolate milk, chilled", {"milk"}),
        ("Baking powder & soda", {"powder", "soda"}),
        ("Pain relief for adults", {"relief"}),
        ("", set()),
    ],
)
def test_the_head_of_a_name_is_the_thing_itself(name: str, heads: set[str]) -> None:
    assert head_words(name) == heads


@settings(max_examples=60)
@given(text=st.text(max_size=80))
def test_any_text_gives_ranked_hits_without_doubles(text: str) -> None:
    hits = INDEX.find(text, limit=4)
    assert len(hits) <= 4
    assert len({hit.product.product_id for hit in hits}) == len(hits)


@given(position=st.integers(0, 8), letter=st.sampled_from("abcxyz"))
def test_one_wrong_letter_in_a_long_word_is_forgiven(position: int, letter: str) -> None:
    word = "chocolate"
    assert _first(word[:position] + letter + word[position + 1 :]) == COOKIES
