"""Who was erased: numbers that lead to nobody any more."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from aisle.messages.memory import MAX_ERASED
from store_backend.tables import erasures

_FIND = select(erasures.c.erased_unix_s).where(erasures.c.shopper_id == bindparam("shopper_id"))
_ADD = insert(erasures)
_SINCE = (
    select(erasures.c.shopper_id)
    .where(erasures.c.erased_unix_s >= bindparam("since_unix_s"))
    .order_by(erasures.c.erased_unix_s.desc())
    .limit(MAX_ERASED + 1)
)
_NEWEST_KEY = select(func.max(erasures.c.store_key))
_REMOVE_AGED = delete(erasures).where(erasures.c.erased_unix_s < bindparam("before_unix_s"))


class ErasureRecords:
    """The erasures behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold_shopper(self, shopper_id: str) -> None:
        """Let no other process change this shopper until the transaction ends; SQLite's one writer needs no lock."""
        if self._connection.dialect.name == "postgresql":
            lock = "SELECT pg_advisory_xact_lock(hashtext(%(shopper_id)s))"
            self._connection.exec_driver_sql(lock, {"shopper_id": shopper_id})

    def erased_unix_s(self, shopper_id: str) -> float | None:
        """Return when a shopper was erased, None for one who was not."""
        erased_unix_s: float | None = self._connection.scalar(_FIND, {"shopper_id": shopper_id})
        return erased_unix_s

    def add_erasure(self, shopper_id: str, erased_unix_s: float, store_key: int) -> None:
        """Note that a shopper is erased; `store_key` is the newest key of the store then."""
        row = {"shopper_id": shopper_id, "erased_unix_s": erased_unix_s, "store_key": store_key}
        self._connection.execute(_ADD, row)

    def erased_since(self, since_unix_s: float) -> list[str]:
        """Return who was erased since a time, newest first; one more than a message takes when there are too many."""
        return list(self._connection.scalars(_SINCE, {"since_unix_s": since_unix_s}))

    def newest_store_key(self) -> int:
        """Return the newest key of the store at the last erasure, 0 when there was none."""
        return self._connection.scalar(_NEWEST_KEY) or 0

    def remove_aged(self, before_unix_s: float) -> int:
        """Forget the erasures before a time; return how many."""
        return self._connection.execute(_REMOVE_AGED, {"before_unix_s": before_unix_s}).rowcount
