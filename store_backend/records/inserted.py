"""New rows: the number that the database gave to one, and many in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    Connection,
    Insert,
    LargeBinary,
    String,
    Table,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
)

Row = Mapping[str, object]


def add_row(connection: Connection, statement: Insert, row: Row) -> int:
    """Insert one row into a table that numbers its rows, and return the number."""
    key: Any = connection.execute(statement, dict(row)).inserted_primary_key
    return int(key[0])


def add_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows of the same columns, in their order; numbers must be finite.

    PostgreSQL gets them as one list in JSON: a statement for each row costs it several times more than the row does.
    SQLite is in this process and has no such costs.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_from_list(table, tuple(rows[0])), {"rows": msgspec.json.encode(rows).decode()})
    else:
        connection.execute(insert(table), [dict(row) for row in rows])


@cache
def _from_list(table: Table, names: tuple[str, ...]) -> Insert:
    binary = {name for name in names if isinstance(table.c[name].type, LargeBinary)}
    columns = [column(name, String() if name in binary else table.c[name].type) for name in names]
    listed = func.json_to_recordset(cast(bindparam("rows", type_=String()), JSON))
    given = listed.table_valued(*columns).render_derived(with_types=True)
    # JSON has no bytes: msgspec writes them in base64.
    values = [func.decode(given.c[name], "base64") if name in binary else given.c[name] for name in names]
    return insert(table).from_select(names, select(*values))
