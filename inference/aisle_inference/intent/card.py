"""What the intent graph promises: names and shapes, and the card that travels inside it."""

from __future__ import annotations

import msgspec

from aisle_inference.intent.events import INTENTS
from aisle_inference.intent.features import FEATURES

INPUTS = ("features",)
OUTPUTS = ("probabilities", "contributions")
SHAPES = {
    "features": [1, len(FEATURES)],
    "probabilities": [1, len(INTENTS)],
    "contributions": [len(FEATURES), len(INTENTS)],
}
CARD_KEY = "intent_card"


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the graph's numbers stand for, and what is used beside them; it travels inside the graph as JSON."""

    features: tuple[str, ...]
    intents: tuple[str, ...]
    evidence: tuple[str, ...]
    category_weights: tuple[float, ...]
    intent_limit: float
    category_limit: float
    learnt_from: str
