"""What scripted customers ask for, as people type it: short, lower case, and sometimes misspelt."""

from __future__ import annotations

import random

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
