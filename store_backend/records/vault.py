"""Wrapped data keys, one for each owner of personal data."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from store_backend.tables import data_keys
from store_backend.vault import WrappedKey

_FIND_KEY = select(data_keys.c.content, data_keys.c.wrapped_by).where(data_keys.c.owner == bindparam("owner"))
_ADD_KEY = insert(data_keys)
_OF_OWNER = data_keys.c.owner == bindparam("key_owner")
_REPLACE_KEY = update(data_keys).where(_OF_OWNER).values(
    content=bindparam("new_content"), wrapped_by=bindparam("new_wrapped_by")
)  # fmt: skip
_REMOVE_KEY = delete(data_keys).where(_OF_OWNER)
_FIND_OLDER = select(data_keys.c.owner, data_keys.c.content, data_keys.c.wrapped_by).where(
    data_keys.c.wrapped_by < bindparam("newest")
)
_NEWEST_WRAPPING = select(func.max(data_keys.c.wrapped_by))
_COUNT_KEYS = select(func.count()).select_from(data_keys)


class DataKeyRecords:
    """The data keys behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def key_of(self, owner: str) -> WrappedKey | None:
        """Return an owner's wrapped key, None when there is none or it was destroyed."""
        row = self._connection.execute(_FIND_KEY, {"owner": owner}).one_or_none()
        return None if row is None else WrappedKey(bytes(row.content), row.wrapped_by)

    def add_key(self, owner: str, wrapped: WrappedKey, made_unix_s: float) -> None:
        """Keep the key of a new owner."""
        row = {"owner": owner, "content": wrapped.content, "wrapped_by": wrapped.wrapped_by, "made_unix_s": made_unix_s}
        self._connection.execute(_ADD_KEY, row)

    def replace_keys(self, keys: Sequence[tuple[str, WrappedKey]]) -> None:
        """Put keys that were wrapped anew in place of the old."""
        if keys:
            values = [
                {"key_owner": owner, "new_content": one.content, "new_wrapped_by": one.wrapped_by}
                for owner, one in keys
            ]
            self._connection.execute(_REPLACE_KEY, values)

    def remove_key(self, owner: str) -> bool:
        """Overwrite and remove an owner's key; tell whether there was one."""
        nothing = {"key_owner": owner, "new_content": b"", "new_wrapped_by": 0}
        self._connection.execute(_REPLACE_KEY, nothing)
        return self._connection.execute(_REMOVE_KEY, {"key_owner": owner}).rowcount > 0

    def wrapped_before(self, newest: int) -> list[tuple[str, WrappedKey]]:
        """Return the owners whose keys were wrapped by an older key of the store than `newest`."""
        rows = self._connection.execute(_FIND_OLDER, {"newest": newest})
        return [(row.owner, WrappedKey(bytes(row.content), row.wrapped_by)) for row in rows]

    def newest_wrapping(self) -> int:
        """Return the newest key of the store that any data key was wrapped by, 0 when there is none."""
        return self._connection.scalar(_NEWEST_WRAPPING) or 0

    def count_keys(self) -> int:
        """Count the owners."""
        return self._connection.scalar(_COUNT_KEYS) or 0

    def hold_store_key(self, *, exclusively: bool = False) -> None:
        """Keep the store's key from being renewed until this transaction ends; exclusively: who renews it.

        SQLite's one writer needs no lock.
        """
        if self._connection.dialect.name == "postgresql":
            mode = "SHARE ROW EXCLUSIVE" if exclusively else "ROW EXCLUSIVE"
            self._connection.exec_driver_sql(f"LOCK TABLE data_keys IN {mode} MODE")
