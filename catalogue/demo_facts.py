"""What the source data lacks, drawn from a seed: EAN, allergens, reviews, stock. All of it is *demo data*.

The same product and seed give the same facts, whatever else is built. Allergens are unknown for most products and are
otherwise drawn from a list of their department; nothing here says anything about a real product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catalogue.ean import in_store_ean
from catalogue.products import Review

ALLERGENS_UNKNOWN_SHARE = 0.6
MAX_REVIEWS = 5

# Only what is declared can be drawn; departments without food declare nothing at all.
_DECLARED = {
    "bakery": ("gluten", "milk", "eggs", "nuts", "sesame", "soy"),
    "deli": ("milk", "gluten", "mustard", "celery", "eggs"),
    "meat": ("mustard", "celery", "milk", "soy"),
    "dairy": ("milk", "eggs", "soy"),
    "frozen": ("milk", "gluten", "eggs", "soy", "fish"),
    "pantry": ("gluten", "celery", "mustard", "soy", "milk"),
    "breakfast": ("gluten", "milk", "nuts", "peanuts", "eggs", "soy"),
    "snacks": ("gluten", "milk", "nuts", "peanuts", "soy"),
    "drinks": ("sulphites", "milk"),
    "alcohol": ("sulphites", "gluten"),
    "natural": ("soy", "nuts", "gluten", "milk"),
    "baby": ("milk", "gluten"),
    "produce": ("celery", "nuts"),
}

_SENTENCES = {
    1: ("Not for me.", "I expected more."),
    2: ("Only so so.", "The pack was too small for the price."),
    3: ("All right.", "Does what it should."),
    4: ("Good, I would buy it again.", "Good value."),
    5: ("Very good.", "We always have it at home."),
}
_STAR_CHANCES = (0.05, 0.08, 0.20, 0.37, 0.30)


@dataclass(frozen=True, slots=True)
class DemoFacts:
    """Generated facts of one product; `allergens` is None where they are unknown."""

    ean: str
    allergens: tuple[str, ...] | None
    reviews: tuple[Review, ...]
    stock: int


def demo_facts(product_id: int, department_id: str, purchases: int, seed: int) -> DemoFacts:
    """Draw the facts of one product; `purchases` only sets the scale of the stock."""
    rng = np.random.default_rng((seed, product_id))
    return DemoFacts(
        ean=in_store_ean(product_id),
        allergens=_allergens(department_id, rng),
        reviews=tuple(_review(rng) for _ in range(int(rng.integers(0, MAX_REVIEWS + 1)))),
        stock=_stock(purchases, rng),
    )


def _allergens(department_id: str, rng: np.random.Generator) -> tuple[str, ...] | None:
    choices = _DECLARED.get(department_id)
    if choices is None or rng.random() < ALLERGENS_UNKNOWN_SHARE:
        return None
    return tuple(sorted(name for name in choices if rng.random() < 0.35))


def _review(rng: np.random.Generator) -> Review:
    stars = int(rng.choice(len(_STAR_CHANCES), p=_STAR_CHANCES)) + 1
    sentences = _SENTENCES[stars]
    return Review(stars, sentences[int(rng.integers(len(sentences)))])


def _stock(purchases: int, rng: np.random.Generator) -> int:
    if rng.random() < 0.03:
        return 0
    return int(rng.integers(2, 12 + min(60, purchases // 20)))
