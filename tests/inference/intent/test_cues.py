from __future__ import annotations

import pytest

from aisle_inference.intent.cues import cues_of
from aisle_inference.intent.events import Intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("is it Vegan", Intent.KNOW),
        ("Zutaten", Intent.KNOW),
        ("where", Intent.GO),
        ("¿dónde?", Intent.GO),
        ("necesito", Intent.BUY),
        ("réclamation", Intent.DO),
        ("refunds", Intent.DO),
    ],
)
def test_words_of_four_languages_hint_at_an_intent(text: str, intent: Intent) -> None:
    assert cues_of(text) == {intent: 1}


@pytest.mark.parametrize("text", ["", "milk", "chocolate chip cookies", "Äpfel", "🥛"])
def test_names_of_products_hint_at_nothing(text: str) -> None:
    assert cues_of(text) == {}


def test_a_search_may_hint_at_two_intents() -> None:
    assert cues_of("where to return, complain") == {Intent.GO: 1, Intent.DO: 2}
