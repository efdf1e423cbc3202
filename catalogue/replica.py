"""The robot's own copy of the catalogue: one SQLite file, opened read-only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from catalogue.database import APPLICATION_ID, SCHEMA_VERSION
from catalogue.products import Category, Product

_REMEDY = "build the store with 'aisle store build' or let the catalogue sync fetch it again"


class ReplicaError(RuntimeError):
    """A catalogue file that cannot be used; the sentence names the file, what is wrong and what to do."""


class Replica:
    """An open catalogue. Use it as a context manager, or call `close`; `open_replica` makes one.

    Products and categories are read once and kept; they come in shelf order.
    """

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path = path
        self._database = database

    def __enter__(self) -> Replica:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was read stays usable."""
        self._database.close()

    def product(self, product_id: int) -> Product | None:
        """Return one product by its own number, None when it is not in the catalogue."""
        return self._by_id.get(product_id)

    def products(self) -> tuple[Product, ...]:
        """Return all products."""
        return tuple(self._by_id.values())

    def categories(self) -> tuple[Category, ...]:
        """Return all categories."""
        return self._categories

    def category_names(self, language: str = "en") -> dict[str, str]:
        """Return category id -> name; a language that is not there falls back to English."""
        return {c.category_id: c.names.get(language, c.names["en"]) for c in self._categories}

    def product_of_variant(self, variant_id: int) -> int | None:
        """Return the product (label) a variant of the source data belongs to, None when it stands on no shelf."""
        return self.product_of_variants().get(variant_id)

    def product_of_variants(self) -> dict[int, int]:
        """Return the whole table variant -> product."""
        return self._variants

    def synonyms(self) -> tuple[tuple[str, ...], ...]:
        """Return the groups of words that mean the same."""
        return self._synonyms

    @cached_property
    def meta(self) -> dict[str, str]:
        """What the file says about itself: store_id, currency, stamp, source."""
        return {str(key): str(value) for key, value in self._rows("SELECT key, value FROM meta")}

    @cached_property
    def _variants(self) -> dict[int, int]:
        rows = self._rows("SELECT variant_id, product_id FROM variants ORDER BY variant_id")
        return {int(variant): int(product) for variant, product in rows}

    @cached_property
    def _synonyms(self) -> tuple[tuple[str, ...], ...]:
        rows = self._rows("SELECT words FROM synonyms ORDER BY position")
        return tuple(self._parse(words, tuple[str, ...]) for (words,) in rows)

    @cached_property
    def _categories(self) -> tuple[Category, ...]:
        return tuple(self._category(row) for row in self._rows(_CATEGORIES))

    @cached_property
    def _by_id(self) -> dict[int, Product]:
        departments = {category.category_id: category.department_id for category in self._categories}
        variants: dict[int, list[int]] = {}
        for variant_id, product_id in self._variants.items():
            variants.setdefault(product_id, []).append(variant_id)
        products = (self._product(row, departments, variants) for row in self._rows(_PRODUCTS))
        return {product.product_id: product for product in products}

    def _category(self, row: tuple[Any, ...]) -> Category:
        category_id, department_id, names, department_names, also = row
        return Category(
            str(category_id),
            str(department_id),
            self._parse(names, dict[str, str]),
            self._parse(department_names, dict[str, str]),
            self._parse(also, tuple[str, ...]),
        )

    def _product(self, row: tuple[Any, ...], departments: dict[str, str], variants: dict[int, list[int]]) -> Product:
        fields: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
        for name in ("reviews", "demo_fields", "allergens"):
            fields[name] = None if fields[name] is None else self._parse(fields[name], Any)
        fields["department_id"] = departments.get(fields["category_id"])
        fields["variant_ids"] = sorted(variants.get(fields["product_id"], []))
        try:
            return msgspec.convert(fields, Product)
        except msgspec.ValidationError as error:
            raise ReplicaError(f"{self.path}: product {fields['product_id']} is damaged: {error}; {_REMEDY}") from error

    def _rows(self, query: str) -> list[Any]:
        with _as_replica_error(self.path):
            return self._database.execute(query).fetchall()

    def _parse(self, text: object, kind: Any) -> Any:
        try:
            return msgspec.json.decode(str(text), type=kind)
        except msgspec.DecodeError as error:
            raise ReplicaError(f"{self.path}: an entry is damaged: {error}; {_REMEDY}") from error


_COLUMNS = (
    "product_id", "name", "brand_kind", "size", "category_id", "source_category", "source_type", "price_cents",
    "purchases", "ean", "allergens", "reviews", "stock", "demo_fields",
)  # fmt: skip
_PRODUCTS = "SELECT " + ", ".join(_COLUMNS) + " FROM products ORDER BY position"  # noqa: S608 - our own columns
_CATEGORIES = "SELECT category_id, department_id, names, department_names, also FROM categories ORDER BY position"


def open_replica(path: Path) -> Replica:
    """Open a catalogue file read-only, after checking that it is one and is whole.

    Raises ReplicaError for a file that is missing, damaged, from something else or of another schema version.
    """
    if not path.is_file():
        raise ReplicaError(f"{path}: there is no catalogue; {_REMEDY}")
    with _as_replica_error(path):
        # The file is replaced as a whole and never written in place, so no locks are needed.
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        _check(path, database)
    except ReplicaError:
        database.close()
        raise
    return Replica(path, database)


def _check(path: Path, database: sqlite3.Connection) -> None:
    with _as_replica_error(path):
        application = database.execute("PRAGMA application_id").fetchone()[0]
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION_ID:
            raise ReplicaError(f"{path}: is an SQLite file, but no catalogue; {_REMEDY}")
        if version != SCHEMA_VERSION:
            raise ReplicaError(f"{path}: has schema version {version}, this program reads {SCHEMA_VERSION}; {_REMEDY}")
        report = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if report != "ok":
            raise ReplicaError(f"{path}: is damaged ({' '.join(str(report).split())}); {_REMEDY}")


@contextmanager
def _as_replica_error(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise ReplicaError(f"{path}: is damaged or no catalogue ({error}); {_REMEDY}") from error
