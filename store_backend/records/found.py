"""Rows as plain mappings, so that whoever gets them needs no SQLAlchemy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult

Found = dict[str, Any]


def found(result: CursorResult[Any]) -> Found | None:
    """Return the one row of a result, None when there is none."""
    row = result.one_or_none()
    return None if row is None else row._asdict()


def all_found(result: CursorResult[Any]) -> list[Found]:
    """Return every row of a result."""
    return [row._asdict() for row in result]
