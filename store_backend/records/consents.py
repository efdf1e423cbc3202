"""The ledger of consent. Lines are added, and removed only with the whole shopper."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select

from aisle.messages.memory import Purpose
from store_backend.consent import ConsentEntry
from store_backend.tables import consents

_FIND_CHANGE = select(consents.c.entry_id).where(consents.c.change_key == bindparam("change_key"))
_ADD_CHANGE = insert(consents)
_OF_SHOPPER = consents.c.shopper_id == bindparam("shopper_id")
_LEDGER = (
    select(consents.c.purpose, consents.c.given, consents.c.changed_unix_s, consents.c.wording_version)
    .where(_OF_SHOPPER)
    .order_by(consents.c.entry_id)
)
_REMOVE_LEDGER = delete(consents).where(_OF_SHOPPER)


class ConsentRecords:
    """The ledger behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has_change(self, change_key: str) -> bool:
        """Tell whether the change with this key is in the ledger."""
        return self._connection.scalar(_FIND_CHANGE, {"change_key": change_key}) is not None

    def add_change(self, row: Mapping[str, object]) -> None:
        """Append a line."""
        self._connection.execute(_ADD_CHANGE, dict(row))

    def ledger_of(self, shopper_id: str) -> list[ConsentEntry]:
        """Return a shopper's lines in the order in which they were written."""
        rows = self._connection.execute(_LEDGER, {"shopper_id": shopper_id})
        return [ConsentEntry(Purpose(row[0]), row[1], row[2], row[3]) for row in rows]

    def remove_ledger(self, shopper_id: str) -> None:
        """Remove all lines of a shopper who is erased."""
        self._connection.execute(_REMOVE_LEDGER, {"shopper_id": shopper_id})
