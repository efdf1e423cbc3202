"""The number that the database gave to a new row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Insert


def add_row(connection: Connection, statement: Insert, row: Mapping[str, object]) -> int:
    """Insert one row into a table that numbers its rows, and return the number."""
    key: Any = connection.execute(statement, dict(row)).inserted_primary_key
    return int(key[0])
