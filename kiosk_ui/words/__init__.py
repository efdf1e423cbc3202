"""Every sentence of the screen, one table a language."""

from __future__ import annotations

from kiosk_ui.words.de import GERMAN
from kiosk_ui.words.en import ENGLISH
from kiosk_ui.words.es import SPANISH
from kiosk_ui.words.fr import FRENCH
from kiosk_ui.words.table import Words

LANGUAGES: dict[str, Words] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "fr": FRENCH}


def words(language: str) -> Words:
    """Return the table of a language; English for one that is not there."""
    return LANGUAGES.get(language, ENGLISH)


__all__ = ["ENGLISH", "LANGUAGES", "Words", "words"]
