"""The place of a product in words, as a sign or the robot's voice says it."""

from __future__ import annotations

from store_model.plan import StorePlan
from store_model.planogram import Placement

_WORDS = {
    "en": ("Bay", "shelf", "from the bottom"),
    "de": ("Regalfeld", "Fach", "von unten"),
    "es": ("Módulo", "estante", "desde abajo"),
    "fr": ("Travée", "étagère", "en partant du bas"),
}


def place_text(plan: StorePlan, placement: Placement, language: str = "en") -> str:
    """Return for example "Aisle B4, bay G03-E2, shelf 3 from the bottom"; unknown languages read English.

    Raises KeyError for a bay that is not in the plan.
    """
    bay_word, shelf_word, direction = _WORDS.get(language, _WORDS["en"])
    bay = plan.bays[placement.bay_id]
    name = plan.aisle(bay.aisle_id).name
    aisle = name.get(language, name["en"])
    bay_phrase = bay_word if language == "de" else bay_word.lower()
    return f"{aisle}, {bay_phrase} {bay.bay_id}, {shelf_word} {placement.shelf} {direction}"
