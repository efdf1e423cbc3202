"""How made-up shoppers call a product: words of the real catalogue, in four languages, sometimes misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from catalogue.products import Category, Product
from catalogue.search import head_words
from catalogue.settings import LANGUAGES
from catalogue.words import content_tokens, stem, tokens

_LEAST_LETTERS = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_Group = tuple[tuple[str, ...], tuple[str, ...]]
"""Words that mean the same, as they are written and as stems."""


@dataclass(frozen=True, slots=True)
class Wares:
    """The products with their shares of all purchases (P,), and other names for them by product name."""

    products: tuple[Product, ...]
    shares: np.ndarray[tuple[int], np.dtype[np.float64]]
    categories: dict[str, Category]
    other_names: dict[str, tuple[str, ...]]

    def draw(self, rng: np.random.Generator) -> Product:
        """Draw a product as often as it is bought."""
        return self.products[int(rng.choice(len(self.products), p=self.shares))]

    def called(self, product: Product, language: str, rng: np.random.Generator) -> str:
        """Return what somebody calls a product in a language: a part of its name, its category, or another name."""
        others = self.other_names.get(product.name, ())
        if others and rng.random() < (0.3 if language == "en" else 0.7):
            return others[int(rng.integers(len(others)))]
        category = self.categories[product.category_id]
        if language != "en":
            return _some_words(category.names.get(language, category.names["en"]), rng)
        return _some_words(product.name if rng.random() < 0.8 else category.names["en"], rng)


def wares_of(products: Sequence[Product], categories: Iterable[Category], synonyms: Iterable[Sequence[str]]) -> Wares:
    """Gather what shoppers may ask for. Raises ValueError without products."""
    if not products:
        raise ValueError("sessions need at least one product; the catalogue is empty")
    weights = np.array([1.0 + product.purchases for product in products])
    groups = [_group(group) for group in synonyms]
    names = {product.name for product in products}
    return Wares(
        tuple(products),
        weights / weights.sum(),
        {category.category_id: category for category in categories},
        {name: _other_names(name, groups) for name in sorted(names)},
    )


def misspelt(text: str, rng: np.random.Generator) -> str:
    """Return a text with one slip of the finger in a longer word: two letters swapped, one lost, doubled or wrong."""
    places = [place for place in range(1, len(text) - 1) if text[place - 1 : place + 2].isalpha()]
    if len(text) < _LEAST_LETTERS or not places:
        return text
    place = places[int(rng.integers(len(places)))]
    letter = _LETTERS[int(rng.integers(len(_LETTERS)))]
    here, after = text[place], text[place + 1]
    slips = (after + here, after, here + here + after, letter + after)
    return text[:place] + slips[int(rng.integers(len(slips)))] + text[place + 2 :]


def draw_language(shares: Sequence[float], rng: np.random.Generator) -> str:
    """Draw a language; `shares` are in the order of LANGUAGES and sum to 1."""
    return LANGUAGES[int(rng.choice(len(LANGUAGES), p=list(shares)))]


def _group(members: Sequence[str]) -> _Group:
    plain = tuple(member.rpartition(":")[2] for member in members)
    return plain, tuple(_stems(member) for member in plain)


def _other_names(name: str, groups: Iterable[_Group]) -> tuple[str, ...]:
    """Return the members of every group that names the thing of a product: "soda" for "Soft drink, 2 litre bottle"."""
    padded = f" {_stems(name)} "
    heads = head_words(name)
    return tuple(
        member
        for members, stems in groups
        if any(f" {one} " in padded and heads.intersection(one.split()) for one in stems)
        for member in members
    )


def _stems(text: str) -> str:
    return " ".join(stem(token) for token in tokens(text))


def _some_words(name: str, rng: np.random.Generator) -> str:
    """Return one to three neighbouring words of a name that mean something."""
    words = content_tokens(name)
    if not words:
        return name
    length = min(len(words), 1 + int(rng.integers(3)))
    start = int(rng.integers(len(words) - length + 1))
    return " ".join(words[start : start + length])
