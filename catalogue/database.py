"""The catalogue file: its SQLite schema and the one function that writes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import msgspec

from catalogue.products import Category, Product

Item = TypeVar("Item")

SCHEMA_VERSION = 1
APPLICATION_ID = 0x41_49_53_4C
"""SQLite's own marker of whose file this is: "AISL"."""

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE categories (
    category_id TEXT PRIMARY KEY, position INTEGER NOT NULL, department_id TEXT NOT NULL,
    names TEXT NOT NULL, department_names TEXT NOT NULL, also TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE products (
    product_id INTEGER PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, brand_kind TEXT NOT NULL,
    size TEXT NOT NULL, category_id TEXT NOT NULL REFERENCES categories, source_category TEXT NOT NULL,
    source_type TEXT NOT NULL, price_cents INTEGER NOT NULL, purchases INTEGER NOT NULL, ean TEXT NOT NULL UNIQUE,
    allergens TEXT, reviews TEXT NOT NULL, stock INTEGER NOT NULL, demo_fields TEXT NOT NULL
);
CREATE TABLE variants (
    variant_id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES products
);
CREATE INDEX variants_by_product ON variants (product_id);
CREATE TABLE synonyms (position INTEGER PRIMARY KEY, words TEXT NOT NULL);
"""

_INSERT_CATEGORY = "INSERT INTO categories VALUES (?, ?, ?, ?, ?, ?)"
_INSERT_PRODUCT = "INSERT INTO products VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def write_catalogue(
    path: Path,
    products: Sequence[Product],
    categories: Iterable[Category],
    synonyms: Iterable[Sequence[str]] = (),
    meta: Mapping[str, str] | None = None,
) -> None:
    """Write a new catalogue file; the same content gives the same bytes. Raises FileExistsError."""
    if path.exists():
        raise FileExistsError(f"{path} exists; a catalogue is written anew and then moved into place")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        database.executescript(_SCHEMA)
        database.executemany("INSERT INTO meta VALUES (?, ?)", sorted((meta or {}).items()))
        database.executemany(_INSERT_CATEGORY, map(_category_row, *_numbered(categories)))
        database.executemany(_INSERT_PRODUCT, map(_product_row, *_numbered(products)))
        variants = sorted((variant, product.product_id) for product in products for variant in product.variant_ids)
        database.executemany("INSERT INTO variants VALUES (?, ?)", variants)
        groups = ((position, _json(group)) for position, group in enumerate(synonyms))
        database.executemany("INSERT INTO synonyms VALUES (?, ?)", groups)


def _numbered(items: Iterable[Item]) -> tuple[range, Sequence[Item]]:
    sequence = tuple(items)
    return range(len(sequence)), sequence


def _category_row(position: int, category: Category) -> tuple[object, ...]:
    return (
        category.category_id,
        position,
        category.department_id,
        _json(category.names),
        _json(category.department_names),
        _json(category.also),
    )


def _product_row(position: int, product: Product) -> tuple[object, ...]:
    return (
        product.product_id,
        position,
        product.name,
        product.brand_kind,
        product.size,
        product.category_id,
        product.source_category,
        product.source_type,
        product.price_cents,
        product.purchases,
        product.ean,
        None if product.allergens is None else _json(product.allergens),
        _json(product.reviews),
        product.stock,
        _json(product.demo_fields),
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
