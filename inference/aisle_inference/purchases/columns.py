"""Read a Parquet or CSV table into typed columns; every mistake names file, column, rows, value, limit and way out.

Files are scanned lazily and checked in one pass that keeps only a few row numbers, so a table may be larger than memory
until its checked rows are collected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path

import polars as pl

MOST_ROWS = 100_000_000
MOST_BYTES = 20_000_000_000
_ROWS_NAMED = 5
_ROW = "row number in the file"


class TableProblem(ValueError):
    """A table that cannot be used; the message is one line for the person who made the file."""


class Kind(Enum):
    """What a column holds, in words for an error line."""

    WHOLE = "a whole number"
    NUMBER = "a number"
    TIME = "a date and time such as 2017-10-01T09:30:00"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of ours: its limits are inclusive; `missing` fills a column, or a cell, that is not there."""

    name: str
    kind: Kind
    low: float | datetime | None = None
    high: float | datetime | None = None
    missing: int | float | str | None = None


_TYPES = {
    Kind.WHOLE: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.TIME: pl.Datetime("us"),
    Kind.TEXT: pl.String(),
}


def read_columns(path: Path, columns: Sequence[Column], their_names: Mapping[str, str]) -> pl.LazyFrame:
    """Return our columns, typed and checked, still to be collected. Raises TableProblem.

    `their_names` maps our name to the file's; a name that is not in it is the same in both. Further columns are
    ignored.
    """
    table = _scan(path)
    types = _schema(path, table)
    rows = _count(path, table)
    if rows > MOST_ROWS:
        raise TableProblem(f"{path}: has {rows} rows, at most {MOST_ROWS} are read; split the file")
    theirs = {column.name: their_names.get(column.name, column.name) for column in columns}
    typed = [_typed(path, column, theirs[column.name], types) for column in columns]
    _check(path, table, columns, theirs, typed)
    return table.select(typed)


def _scan(path: Path) -> pl.LazyFrame:
    ending = path.suffix.lower()
    if ending not in (".parquet", ".csv"):
        raise TableProblem(f"{path}: ends in {ending!r}; give a .parquet or a .csv file")
    try:
        size = path.stat().st_size
    except OSError as error:
        raise TableProblem(f"{path}: cannot be read: {error.strerror}") from error
    if size > MOST_BYTES:
        raise TableProblem(f"{path}: has {size} bytes, at most {MOST_BYTES} are read; split the file")
    # Every CSV cell is text at first: a wrong one is then found by its row, and never by a type guessed from the head.
    return pl.scan_parquet(path) if ending == ".parquet" else pl.scan_csv(path, infer_schema=False)


def _schema(path: Path, table: pl.LazyFrame) -> pl.Schema:
    try:
        return table.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise TableProblem(f"{path}: is no readable table: {_first_line(error)}") from error


def _count(path: Path, table: pl.LazyFrame) -> int:
    try:
        return int(table.select(pl.len()).collect(engine="streaming").item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise TableProblem(f"{path}: breaks off: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _typed(path: Path, column: Column, theirs: str, types: pl.Schema) -> pl.Expr:
    """Return the column as our type, null where a cell cannot be read. Raises TableProblem."""
    wanted = _TYPES[column.kind]
    if theirs not in types:
        if column.missing is None:
            raise TableProblem(
                f"{path}: has no column {theirs!r}; name the one that holds {column.name} in the mapping file"
                f" (columns: {', '.join(list(types)[:30])})"
            )
        return pl.lit(column.missing, dtype=wanted).alias(column.name)
    found = types[theirs]
    converted = _converted(pl.col(theirs), column.kind, found)
    if converted is None:
        raise TableProblem(f"{path}: column {theirs!r} has the type {found}, it must be {column.kind.value}")
    if column.missing is not None:
        converted = pl.when(_blank(theirs, found)).then(pl.lit(column.missing, dtype=wanted)).otherwise(converted)
    return converted.alias(column.name)


def _blank(theirs: str, found: pl.DataType) -> pl.Expr:
    cell = pl.col(theirs)
    return cell.is_null() | (cell.str.strip_chars() == "") if found == pl.String else cell.is_null()


def _converted(cell: pl.Expr, kind: Kind, found: pl.DataType) -> pl.Expr | None:
    """Return the cells as the kind asks, null where they cannot be; None when the type fits in no case."""
    if kind is Kind.TEXT:
        return cell.cast(pl.String) if found == pl.String or found.is_integer() or _is_category(found) else None
    if found == pl.String:
        return _parsed(cell.str.strip_chars(), kind)
    if kind is Kind.TIME:
        return _wall_clock(cell, found)
    if not found.is_numeric():
        return None
    if kind is Kind.WHOLE and not found.is_integer():
        return pl.when(cell.cast(pl.Float64).round() == cell).then(cell.cast(pl.Int64, strict=False))
    return cell.cast(_TYPES[kind], strict=False)


def _wall_clock(cell: pl.Expr, found: pl.DataType) -> pl.Expr | None:
    if isinstance(found, pl.Datetime):
        return cell.dt.replace_time_zone(None).cast(pl.Datetime("us"))
    return cell.cast(pl.Datetime("us")) if found == pl.Date else None


def _is_category(found: pl.DataType) -> bool:
    return isinstance(found, (pl.Categorical, pl.Enum))


def _parsed(cell: pl.Expr, kind: Kind) -> pl.Expr:
    if kind is Kind.TIME:
        seconds = cell.str.replace("T", " ").str.replace(r"Z$", "")
        return pl.coalesce(
            seconds.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False),
            seconds.str.to_datetime("%Y-%m-%d %H:%M", time_unit="us", strict=False),
        )
    return cell.cast(_TYPES[kind], strict=False)


def _check(
    path: Path, table: pl.LazyFrame, columns: Sequence[Column], theirs: Mapping[str, str], typed: Sequence[pl.Expr]
) -> None:
    """Raise TableProblem for the first column with a cell that is missing, of a wrong type or out of range."""
    there = [column for column in columns if theirs[column.name] in table.collect_schema()]
    rows = table.with_row_index(_ROW, offset=1).select(
        _ROW, *typed, *(pl.col(theirs[column.name]).alias(_original(column)) for column in there)
    )
    bad = {column.name: _bad(column) for column in there}
    counts = rows.select(expression.sum().alias(name) for name, expression in bad.items())
    try:
        found = counts.collect(engine="streaming").row(0, named=True)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise TableProblem(f"{path}: breaks off: {_first_line(error)}") from error
    for column in there:
        if found[column.name]:
            worst = rows.filter(bad[column.name]).select(_ROW, _original(column)).head(_ROWS_NAMED).collect()
            raise TableProblem(_sentence(path, column, theirs[column.name], int(found[column.name]), worst))


def _original(column: Column) -> str:
    return f"{column.name} as it stands in the file"


def _bad(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    bad = cell.is_null()
    if column.kind is Kind.NUMBER:
        bad |= ~cell.is_finite()
    if column.low is not None:
        bad |= cell < column.low
    if column.high is not None:
        bad |= cell > column.high
    return bad.fill_null(True)


def _sentence(path: Path, column: Column, theirs: str, count: int, worst: pl.DataFrame) -> str:
    numbers = ", ".join(str(number) for number in worst[_ROW])
    value = worst[_original(column)][0]
    shown = "empty" if value is None else repr(str(value)[:60])
    return (
        f"{path}: column {theirs!r}: {count} bad row(s), first {numbers}: {shown}; {column.kind.value}"
        f"{_limits(column)} is needed; mend or remove these rows"
    )


def _limits(column: Column) -> str:
    if column.low is None or column.high is None:
        return ""
    return f" from {_limit(column.low)} to {_limit(column.high)}"


def _limit(value: float | datetime) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else f"{value:,.0f}"
