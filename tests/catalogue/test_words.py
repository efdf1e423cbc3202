from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.words import content_tokens, fold, stem, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Äpfel", "apfel"), ("Crème Fraîche", "creme fraiche"), ("Œufs", "oeufs"), ("SÜSS ß", "suss ss")],
)
def test_case_and_accents_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("apples", "apple"),
        ("tomatoes", "tomato"),
        ("berries", "berry"),
        ("peaches", "peach"),
        ("glass", "glass"),
        ("2", "2"),
    ],
)
def test_simple_plurals_meet_their_singular(plural: str, singular: str) -> None:
    assert stem(plural) == stem(singular)


@pytest.mark.parametrize(
    "question",
    ["Where can I find the milk?", "Wo finde ich bitte milk", "¿Dónde está la milk?", "Où est le milk s'il vous plaît"],
)
def test_filler_of_a_question_is_dropped(question: str) -> None:
    assert content_tokens(question) == ["milk"]


def test_a_question_of_filler_only_says_nothing() -> None:
    assert content_tokens("where is the") == []


@given(text=st.text(max_size=60))
def test_any_text_gives_folded_tokens(text: str) -> None:
    for token in tokens(text):
        assert token == token.casefold()
        assert not any(letter.isspace() for letter in token)
