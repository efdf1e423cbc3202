"""What a store's own configuration says about its assortment: categories, sign texts, synonyms, amounts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from aisle.config import Settings, load

LANGUAGES = ("en", "de", "es", "fr")

Word = Annotated[str, Meta(min_length=1, max_length=200)]


class Named(Settings, frozen=True):
    """A name in the four languages of the store."""

    en: Word
    de: Word
    es: Word
    fr: Word

    def names(self) -> dict[str, str]:
        """Return the name by language code."""
        return {language: getattr(self, language) for language in LANGUAGES}


class DepartmentEntry(Named, frozen=True):
    """A department and its colour on every map."""

    colour: Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]


class CategoryEntry(Named, frozen=True):
    """A category: its department, the source categories it gathers, and further words shoppers use for it."""

    department: str
    sources: tuple[str, ...] = msgspec.field(name="from")
    also: tuple[str, ...] = ()


class Categories(Settings, frozen=True):
    """categories.yaml; the order of both tables is the order on the shelves."""

    departments: dict[str, DepartmentEntry]
    categories: dict[str, CategoryEntry]
    not_on_shelves: dict[str, str] = msgspec.field(default_factory=dict)
    departments_not_on_shelves: tuple[str, ...] = ()
    types_not_on_shelves: tuple[str, ...] = ()

    def by_source(self) -> dict[str, str]:
        """Return source category (or "DEPARTMENT/CATEGORY") -> category id."""
        return {source: key for key, entry in self.categories.items() for source in entry.sources}


class Abbreviations(Settings, frozen=True):
    """abbreviations.yaml: how labels of the source data become readable; see the head of that file."""

    words: dict[str, str]
    templates: dict[str, str]
    names: dict[str, str]
    sizes: dict[str, str]
    loose_departments: tuple[str, ...] = ()
    loose_from: dict[str, float] = msgspec.field(default_factory=dict)


class Synonyms(Settings, frozen=True):
    """synonyms.yaml: groups of words that mean the same to a shopper."""

    groups: tuple[tuple[Word, ...], ...]


class Assortment(Settings, frozen=True):
    """assortment.yaml: how many products stand on the shelves, how tightly, and the seed of the demo data."""

    store_id: Word
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    products_on_shelves: Annotated[int, Meta(ge=1, le=100_000)]
    facing_width_m: Annotated[float, Meta(ge=0.05, le=2.0)]
    demo_seed: Annotated[int, Meta(ge=0)]


def load_categories(directory: Path) -> Categories:
    """Read categories.yaml of a store's configuration. Raises ConfigError."""
    return load(directory / "categories.yaml", Categories)


def load_abbreviations(directory: Path) -> Abbreviations:
    """Read abbreviations.yaml. Raises ConfigError."""
    return load(directory / "abbreviations.yaml", Abbreviations)


def load_synonyms(directory: Path) -> Synonyms:
    """Read synonyms.yaml. Raises ConfigError."""
    return load(directory / "synonyms.yaml", Synonyms)


def load_assortment(directory: Path) -> Assortment:
    """Read assortment.yaml. Raises ConfigError."""
    return load(directory / "assortment.yaml", Assortment)
