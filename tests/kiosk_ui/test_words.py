"""The word tables: every sentence in every language, with the same places to fill in."""

import string

import msgspec
import pytest

from aisle.messages import Problem, ProblemCode
from aisle.messages.memory import FactKind, Source
from aisle_behaviour import arbiter
from kiosk_ui.ideas import IDEAS
from kiosk_ui.pages.product import refusal
from kiosk_ui.words import ENGLISH, LANGUAGES, Words, words

# The gateway says so (store_line.py); what it says is matched by its text.
CANNOT_LEAD = "I cannot lead you at the moment. I can call somebody who shows you."


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("table", LANGUAGES.values(), ids=LANGUAGES)
def test_no_sentence_is_empty_and_all_places_are_the_same(table: Words) -> None:
    for key, value in msgspec.structs.asdict(table).items():
        english = getattr(ENGLISH, key)
        if isinstance(value, str):
            assert value.strip(), key
            assert fields(value) == fields(english), key


@pytest.mark.parametrize("table", LANGUAGES.values(), ids=LANGUAGES)
def test_tables_in_the_words_have_the_same_keys(table: Words) -> None:
    assert set(table.idea_names) == set(ENGLISH.idea_names) == set(IDEAS)
    assert set(table.allergen_names) == set(ENGLISH.allergen_names)
    assert len(table.ordinals) == len(ENGLISH.ordinals)


@pytest.mark.parametrize("table", LANGUAGES.values(), ids=LANGUAGES)
def test_every_latin_letter_is_on_the_keyboard_once(table: Words) -> None:
    letters = "".join(table.keyboard)
    assert set(string.ascii_lowercase) <= set(letters)
    assert len(set(letters)) == len(letters)


def test_a_language_that_is_not_there_reads_english() -> None:
    assert words("xx") is ENGLISH


@pytest.mark.parametrize("table", [table for table in LANGUAGES.values() if table is not ENGLISH], ids=lambda t: t.name)
def test_whatever_the_robot_says_is_translated(table: Words) -> None:
    said = {value for name, value in vars(arbiter).items() if name.isupper() and isinstance(value, str)}
    assert arbiter.ASTRAY in said
    assert said <= set(table.spoken)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_a_robot_that_another_commands_offers_a_person_in_every_language(language: str) -> None:
    refused = Problem(code=ProblemCode.BUSY, sentence=CANNOT_LEAD)
    assert refusal(refused, "en") == CANNOT_LEAD
    assert refusal(refused, language) not in (CANNOT_LEAD, words(language).cannot_drive)


def test_an_order_that_was_only_placed_is_not_called_here_in_german() -> None:
    assert words("de").ordered == "Ihre Bestellung ist aufgegeben"


@pytest.mark.parametrize("table", LANGUAGES.values(), ids=LANGUAGES)
def test_everything_that_is_remembered_has_a_name(table: Words) -> None:
    assert set(table.fact_kinds) == set(FactKind)
    assert set(table.fact_sources) == set(Source)
