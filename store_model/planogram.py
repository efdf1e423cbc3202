"""The planogram: which product stands where, one row of planogram.csv each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PLANOGRAM_FILE = "planogram.csv"
COLUMNS = ("product_id", "fixture_id", "bay_id", "shelf", "facing")
MAX_PLANOGRAM_BYTES = 20_000_000
MAX_NUMBER = 10**12


class PlanogramError(ValueError):
    """A planogram that cannot be used; the message names file and row."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a product stands: `shelf` counts from 1 at the bottom, `facing` from 1 at the left of the shelf."""

    product_id: int
    fixture_id: str
    bay_id: str
    shelf: int
    facing: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file, with its line number: a placement, or what is wrong with it."""

    line: int
    placement: Placement | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Planogram:
    """All placements by product."""

    by_product: Mapping[int, Placement] = field(default_factory=dict)

    def placement(self, product_id: int) -> Placement | None:
        """Return where a product stands, None when it is on no shelf."""
        return self.by_product.get(product_id)

    def in_bay(self, bay_id: str) -> tuple[Placement, ...]:
        """Return what stands in a bay, in the order of the file."""
        return tuple(placement for placement in self.by_product.values() if placement.bay_id == bay_id)

    def __len__(self) -> int:
        return len(self.by_product)


def load_planogram(store_dir: Path) -> Planogram:
    """Read the planogram of a store directory. Raises PlanogramError for the first row that is wrong."""
    path = store_dir / PLANOGRAM_FILE
    by_product: dict[int, Placement] = {}
    for row in read_rows(path):
        if row.placement is None:
            raise PlanogramError(f"{path}, row {row.line}: {row.problem}")
        product_id = row.placement.product_id
        if product_id in by_product:
            other = by_product[product_id].bay_id
            raise PlanogramError(f"{path}, row {row.line}: product {product_id} already stands in {other}")
        by_product[product_id] = row.placement
    return Planogram(by_product)


def read_rows(path: Path) -> Iterator[Row]:
    """Yield every row, the bad ones with their problem. Raises PlanogramError when there is no readable table."""
    try:
        size = path.stat().st_size
        if size > MAX_PLANOGRAM_BYTES:
            raise PlanogramError(f"{path}: has {size} bytes, at most {MAX_PLANOGRAM_BYTES} are read")
        table = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    except (OSError, UnicodeDecodeError) as error:
        raise PlanogramError(f"{path}: cannot be read: {error}; build the store with 'aisle store build'") from error
    try:
        header = tuple(next(table, ()))
        if header != COLUMNS:
            found = ",".join(header) or "nothing"
            raise PlanogramError(f"{path}, row 1: the columns must be {','.join(COLUMNS)}, found {found}")
        for cells in table:
            yield _row(table.line_num, cells)
    except csv.Error as error:
        raise PlanogramError(f"{path}, row {table.line_num}: is no CSV: {error}") from error


def _row(line: int, cells: list[str]) -> Row:
    if len(cells) != len(COLUMNS):
        return Row(line, None, f"has {len(cells)} cells, needs {len(COLUMNS)}")
    values = dict(zip(COLUMNS, cells, strict=True))
    for column in ("product_id", "shelf", "facing"):
        text = values[column]
        if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 12 and 1 <= int(text) <= MAX_NUMBER):
            return Row(line, None, f"{column} must be a whole number from 1, found {text[:40]!r}")
    for column in ("fixture_id", "bay_id"):
        if not values[column]:
            return Row(line, None, f"{column} is empty")
    product_id, shelf, facing = (int(values[column]) for column in ("product_id", "shelf", "facing"))
    return Row(line, Placement(product_id, values["fixture_id"], values["bay_id"], shelf, facing))


def write_planogram(placements: Iterable[Placement], store_dir: Path) -> None:
    """Write planogram.csv into a store directory."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((p.product_id, p.fixture_id, p.bay_id, p.shelf, p.facing) for p in placements)
    (store_dir / PLANOGRAM_FILE).write_text(text.getvalue(), encoding="utf-8")
