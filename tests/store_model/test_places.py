from __future__ import annotations

import pytest

from store_model.places import place_text
from store_model.plan import StorePlan
from store_model.planogram import Placement

PLACEMENT = Placement(7, "G1", "G1-E2", 3, 1)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Aisle A2, bay G1-E2, shelf 3 from the bottom"),
        ("de", "Gang A2, Regalfeld G1-E2, Fach 3 von unten"),
        ("es", "Pasillo A2, módulo G1-E2, estante 3 desde abajo"),
        ("fr", "Allée A2, travée G1-E2, étagère 3 en partant du bas"),
        ("it", "Aisle A2, bay G1-E2, shelf 3 from the bottom"),
    ],
)
def test_a_place_is_said_in_the_shoppers_language(small_plan: StorePlan, language: str, text: str) -> None:
    assert place_text(small_plan, PLACEMENT, language) == text
