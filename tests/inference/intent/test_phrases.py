from __future__ import annotations

import pytest

from aisle_inference.intent.events import INTENTS
from aisle_inference.intent.phrases import PHRASES, Part, part_of
from catalogue.settings import LANGUAGES


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_in_two_parts_and_none_is_left_out(intent: str, language: str) -> None:
    phrases = PHRASES[intent][language]  # type: ignore[index]
    parts = [part_of(phrases, part) for part in Part]
    assert all(parts)
    assert sorted(phrase for part in parts for phrase in part) == sorted(set(phrases))
