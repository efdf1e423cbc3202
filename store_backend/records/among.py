"""A condition with a list of any length that stays one statement.

`IN` with as many marks as values is another statement for each length, which SQLAlchemy writes, psycopg takes apart and
PostgreSQL plans anew each time: 3 ms for 128 keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

Item = TypeVar("Item", str, int)


class _List(TypeDecorator[Sequence[Any]]):
    """A list of texts or numbers: an array in PostgreSQL, JSON in SQLite."""

    impl = String
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(self.of) if dialect.name == "postgresql" else String()

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        items = list(value or ())
        return items if dialect.name == "postgresql" else msgspec.json.encode(items).decode()


class _Among(FunctionElement[bool]):
    """Of a column and a list: whether the column's value is in the list."""

    # No boolean type: SQLAlchemy would ask SQLite whether it is 1, which then reads the whole table.
    inherit_cache = True


def among(column: ColumnElement[Item], name: str) -> FunctionElement[bool]:
    """Return the condition that a column's value is one of those bound to `name`."""
    return _Among(column, bindparam(name, type_=_List(column.type)))


@compiles(_Among, "postgresql")
def _any_of_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, items = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY({items})"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, items = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({items}))"  # noqa: S608 - the clauses are SQLAlchemy's
