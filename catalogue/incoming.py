"""A catalogue and a planogram that a shop brings: read, check row by row, and compare with the present ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import polars as pl
from msgspec import Meta

from aisle.config import ConfigError, Settings, load
from catalogue.ean import is_valid_ean
from catalogue.products import BrandKind, Category, Product
from catalogue.replica import ReplicaError, open_replica
from store_model.manifest import CATALOGUE_FILE
from store_model.planogram import MAX_NUMBER, Placement, Planogram, PlanogramError, load_planogram

MOST_BYTES = 200_000_000
MOST_ROWS = 200_000
_MOST_NAMED = 50
_UNKNOWN, _NONE = "", "none"

Item = TypeVar("Item")
Row = TypeVar("Row", bound=msgspec.Struct)
Number = Annotated[int, Meta(ge=1, le=MAX_NUMBER)]
Words = Annotated[str, Meta(min_length=1, max_length=200)]


class IncomingProblem(ValueError):
    """Files that cannot be taken over; the message names file, rows and what to do."""


class ColumnNames(Settings, frozen=True):
    """The mapping file: our column names to the file's; a name that is not in it is the same in both."""

    products: dict[str, str] = msgspec.field(default_factory=dict)
    planogram: dict[str, str] = msgspec.field(default_factory=dict)


class ProductRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the products file. `price` is in whole units of money ("1.99").

    `allergens` are parted by ";": empty means unknown, "none" that the declaration names none.
    """

    product_id: Number
    name: Words
    category_id: Words
    price: Annotated[str, Meta(pattern=r"^[0-9]{1,6}([.][0-9]{1,2})?$")]
    ean: str
    brand_kind: BrandKind = "national"
    size: Annotated[str, Meta(max_length=60)] = ""
    kind: Annotated[str, Meta(max_length=200)] = ""
    allergens: Annotated[str, Meta(max_length=400)] = _UNKNOWN
    stock: Annotated[int, Meta(ge=0, le=100_000)] = 0


class PlaceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the planogram file."""

    product_id: Number
    fixture_id: Words
    bay_id: Words
    shelf: Annotated[int, Meta(ge=1, le=100)]
    facing: Annotated[int, Meta(ge=1, le=10_000)]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What shall be the store's catalogue and planogram."""

    products: tuple[Product, ...]
    categories: tuple[Category, ...]
    placements: tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import changes, by product number."""

    added: tuple[int, ...]
    removed: tuple[int, ...]
    changed: Mapping[int, tuple[str, ...]]
    moved: tuple[int, ...]

    def lines(self) -> Iterator[str]:
        """Yield the difference in words, the counts first."""
        counts = (len(self.added), len(self.removed), len(self.changed), len(self.moved))
        yield "{} products new, {} gone, {} changed, {} on another place".format(*counts)
        yield from _some(self.added, lambda one: f"+ {one}")
        yield from _some(self.removed, lambda one: f"- {one}")
        yield from _some(self.changed, lambda one: f"~ {one}: {', '.join(self.changed[one])}")
        yield from _some(self.moved, lambda one: f"> {one}: another place")


def read_incoming(store_dir: Path, products: Path, planogram: Path | None, names: Path | None) -> Incoming:
    """Read the files of a shop for a store. Without a planogram, products keep their places.

    Raises IncomingProblem, which names every bad row (the first fifty of them).
    """
    present, categories = _present(store_dir)
    mapping = _names(names)
    rows = _rows(products, ProductRow, mapping.products)
    faults = list(_product_faults(rows, {one.category_id for one in categories}))
    _raise(products, faults)
    departments = {one.category_id: one.department_id for one in categories}
    known = {row.product_id for _line, row in rows}
    incoming = tuple(_product(row, present.get(row.product_id), departments, known) for _line, row in rows)
    return Incoming(incoming, categories, _placements(store_dir, planogram, mapping.planogram, known))


def difference(store_dir: Path, incoming: Incoming) -> Difference:
    """Compare with what the store has now. Raises IncomingProblem when the store cannot be read."""
    before, _categories = _present(store_dir)
    after = {one.product_id: one for one in incoming.products}
    places, new_places = _present_places(store_dir).by_product, {one.product_id: one for one in incoming.placements}
    both = [one for one in after if one in before]
    changes = {one: _changes(before[one], after[one]) for one in both if before[one] != after[one]}
    moved = tuple(one for one in both if places.get(one) != new_places.get(one))
    return Difference(
        tuple(one for one in after if one not in before), tuple(one for one in before if one not in after), changes,
        moved,
    )  # fmt: skip


def _rows(path: Path, kind: type[Row], names: Mapping[str, str]) -> list[tuple[int, Row]]:
    """Return the rows of a file with their line numbers. Raises IncomingProblem naming every one that is bad."""
    table = _table(path)
    columns = msgspec.structs.fields(kind)
    fields = [one.name for one in columns if names.get(one.name, one.name) in table.columns]
    missing = [one.name for one in columns if one.required and one.name not in fields]
    if missing:
        raise IncomingProblem(
            f"{path}: has no column for {', '.join(missing)}; name it in the mapping file "
            f"(columns: {', '.join(table.columns[:30])})"
        )
    rows, faults = [], []
    chosen = table.select(pl.col(names.get(field, field)).alias(field) for field in fields)
    for line, cells in enumerate(chosen.iter_rows(named=True), start=2):
        given = {name: cell.strip() for name, cell in cells.items() if cell is not None and cell.strip()}
        try:
            rows.append((line, msgspec.convert(given, kind, strict=False)))
        except msgspec.ValidationError as error:
            faults.append((line, _plain(error)))
    _raise(path, faults)
    return rows


def _table(path: Path) -> pl.DataFrame:
    """Return a file with every cell as text."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise IncomingProblem(f"{path}: has {size} bytes, at most {MOST_BYTES} are read")
        is_parquet = path.suffix.lower() == ".parquet"
        table = pl.read_parquet(path) if is_parquet else pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise IncomingProblem(f"{path}: is no readable .csv or .parquet file: {str(error).splitlines()[0]}") from error
    if len(table) > MOST_ROWS:
        raise IncomingProblem(f"{path}: has {len(table)} rows, at most {MOST_ROWS} are read")
    return table.cast(pl.String)


def _plain(error: msgspec.ValidationError) -> str:
    what, _, place = str(error).partition(" - at `$.")
    return f"{place.rstrip('`')}: {what}" if place else what


def _product_faults(rows: Iterable[tuple[int, ProductRow]], categories: set[str]) -> Iterator[tuple[int, str]]:
    numbers: Counter[int] = Counter()
    eans: Counter[str] = Counter()
    for line, row in rows:
        numbers[row.product_id] += 1
        eans[row.ean] += 1
        if not is_valid_ean(row.ean):
            yield line, f"ean: {row.ean[:40]!r} is no EAN-8 or EAN-13, or its check digit is wrong"
        if row.category_id not in categories:
            yield line, f"category_id: the store has no category {row.category_id[:40]!r}"
        if numbers[row.product_id] == 2:
            yield line, f"product_id: {row.product_id} stands in an earlier row too"
        if eans[row.ean] == 2:
            yield line, f"ean: {row.ean} stands in an earlier row too"


def _placements(store_dir: Path, path: Path | None, names: Mapping[str, str], known: set[int]) -> tuple[Placement, ...]:
    if path is None:
        return tuple(one for one in _present_places(store_dir).by_product.values() if one.product_id in known)
    rows = _rows(path, PlaceRow, names)
    seen: set[int] = set()
    faults: list[tuple[int, str]] = []
    for line, row in rows:
        if row.product_id not in known:
            faults.append((line, f"product_id: {row.product_id} is not among the products"))
        if row.product_id in seen:
            faults.append((line, f"product_id: {row.product_id} has a place in an earlier row"))
        seen.add(row.product_id)
    _raise(path, faults)
    return tuple(Placement(row.product_id, row.fixture_id, row.bay_id, row.shelf, row.facing) for _line, row in rows)


def _product(row: ProductRow, before: Product | None, departments: Mapping[str, str], known: set[int]) -> Product:
    """Return the product of a row; what the file does not know (sales, reviews) is kept from before."""
    # What was a variant of another product and is now sold by itself belongs to itself.
    others = known - {row.product_id}
    variants = tuple(one for one in before.variant_ids if one not in others) if before else (row.product_id,)
    demo = ("reviews",) if before and before.is_demo("reviews") else ()
    return Product(
        product_id=row.product_id,
        name=row.name,
        brand_kind=row.brand_kind,
        size=row.size,
        category_id=row.category_id,
        department_id=departments[row.category_id],
        source_category=before.source_category if before else row.category_id,
        source_type=row.kind or (before.source_type if before else row.name),
        price_cents=int(Decimal(row.price) * 100),
        purchases=before.purchases if before else 0,
        variant_ids=variants,
        ean=row.ean,
        allergens=_allergens(row.allergens),
        reviews=before.reviews if before else (),
        stock=row.stock,
        demo_fields=demo,
    )


def _allergens(text: str) -> tuple[str, ...] | None:
    if text == _UNKNOWN:
        return None
    return () if text == _NONE else tuple(sorted({word.strip() for word in text.split(";") if word.strip()}))


def _changes(before: Product, after: Product) -> tuple[str, ...]:
    return tuple(
        f"{name} {getattr(before, name)!r} -> {getattr(after, name)!r}"[:160]
        for name in Product.__struct_fields__
        if getattr(before, name) != getattr(after, name)
    )


def _present(store_dir: Path) -> tuple[dict[int, Product], tuple[Category, ...]]:
    try:
        with open_replica(store_dir / CATALOGUE_FILE) as replica:
            return {one.product_id: one for one in replica.products()}, replica.categories()
    except ReplicaError as error:
        raise IncomingProblem(str(error)) from error


def _present_places(store_dir: Path) -> Planogram:
    try:
        return load_planogram(store_dir)
    except PlanogramError as error:
        raise IncomingProblem(str(error)) from error


def _names(path: Path | None) -> ColumnNames:
    try:
        return ColumnNames() if path is None else load(path, ColumnNames)
    except ConfigError as error:
        raise IncomingProblem(str(error)) from error


def _raise(path: Path, faults: list[tuple[int, str]]) -> None:
    if faults:
        named = "\n".join(f"{path}, row {line}: {what}" for line, what in faults[:_MOST_NAMED])
        more = f"\nand {len(faults) - _MOST_NAMED} more" if len(faults) > _MOST_NAMED else ""
        raise IncomingProblem(f"{named}{more}\n{len(faults)} bad rows; mend or remove them, nothing was changed")


def _some(items: Iterable[Item], line_of: Callable[[Item], str]) -> Iterator[str]:
    """Yield a line for each of the first items, and how many are left out."""
    everything = list(items)
    yield from map(line_of, everything[:_MOST_NAMED])
    if len(everything) > _MOST_NAMED:
        yield f"  and {len(everything) - _MOST_NAMED} more"
