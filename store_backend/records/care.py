"""Calls for a person."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, func, insert, select

from store_backend.records.inserted import add_row
from store_backend.tables import assistance

_FIND_CALL = select(assistance.c.assistance_id).where(assistance.c.call_key == bindparam("call_key"))
_ADD_CALL = insert(assistance)
_COUNT_WAITING = select(func.count()).select_from(assistance).where(assistance.c.done.is_(False))
_COUNT_BEFORE = _COUNT_WAITING.where(assistance.c.assistance_id < bindparam("before_id"))


class CareRecords:
    """The calls behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def call_of(self, call_key: str) -> int | None:
        """Return the call with this key, None when it is new."""
        assistance_id: int | None = self._connection.scalar(_FIND_CALL, {"call_key": call_key})
        return assistance_id

    def add_call(self, row: Mapping[str, object]) -> int:
        """Queue a call and return its number."""
        return add_row(self._connection, _ADD_CALL, row)

    def calls_waiting(self) -> int:
        """Count the calls that nobody has taken."""
        return self._connection.scalar(_COUNT_WAITING) or 0

    def calls_before(self, assistance_id: int) -> int:
        """Count the calls that nobody has taken and that were queued before one."""
        return self._connection.scalar(_COUNT_BEFORE, {"before_id": assistance_id}) or 0
