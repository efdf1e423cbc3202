"""What scripted customers ask for, as people type it: short, lower case, and sometimes misspelt."""

from __future__ import annotations

import random
import unicodedata

WISHES = (
    "milk",
    "buter",
    "orange juice",
    "choclate",
    "pasta sauce",
    "toilet paper",
    "shampoo",
    "coffe",
    "frozen pizza",
    "dog food",
    "cheddar",
    "bananas",
    "potato chips",
    "yogurt",
    "cereal",
    "light bulb",
    "batteries",
    "soup",
)


def wish_of(seed: int) -> str:
    """Return the wish of a seed; each seed always has the same one."""
    return random.Random(seed).choice(WISHES)  # noqa: S311 - a script, not a secret


def typeable(text: str) -> str:
    """Return a wish as it can be typed on the kiosk's keyboard: letters a to z and single spaces, no accents."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).lower()
    letters = "".join(letter for letter in plain if letter.isascii() and (letter.isalpha() or letter == " "))
    return " ".join(letters.split())
