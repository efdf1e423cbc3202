"""A condition with a list of texts of any length that stays one statement.

`IN` with as many marks as values is another statement for each length, which SQLAlchemy writes, psycopg takes apart and
PostgreSQL plans anew each time: 3 ms for 128 keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ARRAY, Column, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Texts(TypeDecorator[Sequence[str]]):
    """A list of texts: an array in PostgreSQL, JSON in SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(String()) if dialect.name == "postgresql" else String()

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        texts = list(value or ())
        return texts if dialect.name == "postgresql" else msgspec.json.encode(texts).decode()


class _Among(FunctionElement[bool]):
    """Of a column and a list of texts: whether the column's is in the list."""

    # No boolean type: SQLAlchemy would ask SQLite whether it is 1, which then reads the whole table.
    inherit_cache = True


def among(column: Column[str], name: str) -> FunctionElement[bool]:
    """Return the condition that a column's text is one of those bound to `name`."""
    return _Among(column, bindparam(name, type_=_Texts()))


@compiles(_Among, "postgresql")
def _any_of_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY({texts})"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 - the clauses are SQLAlchemy's
