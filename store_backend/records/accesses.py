"""Who read which shopper's memory, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from aisle.messages.memory import MAX_ACCESSES, MemoryAccess, Reason
from store_backend.tables import memory_accesses

_TABLE = memory_accesses.c
_OF_SHOPPER = _TABLE.shopper_id == bindparam("shopper_id")
_ADD_ACCESS = insert(memory_accesses)
_FIND_TICKET = select(_TABLE.shopper_id, _TABLE.reader, _TABLE.reason).where(
    _TABLE.ticket == bindparam("known_ticket"), _TABLE.ticket_until_unix_s >= bindparam("now_unix_s")
)
_END_TICKETS = (
    update(memory_accesses).where(_TABLE.ticket_until_unix_s < bindparam("now_unix_s")).values(ticket_until_unix_s=None)
)
_ALL = (
    select(_TABLE.reader, _TABLE.reason, _TABLE.opened_unix_s)
    .where(_OF_SHOPPER)
    .order_by(_TABLE.access_id.desc())
    .limit(MAX_ACCESSES)
)
_REMOVE_ALL = delete(memory_accesses).where(_OF_SHOPPER)
_REMOVE_AGED = delete(memory_accesses).where(_TABLE.opened_unix_s < bindparam("before_unix_s"))


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Whose memory a ticket opens, for whom, and why."""

    shopper_id: str
    reader: str
    reason: Reason


class AccessRecords:
    """The access log behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_access(self, row: Mapping[str, object]) -> None:
        """Write a line."""
        self._connection.execute(_ADD_ACCESS, dict(row))

    def ticket(self, ticket: str, now_unix_s: float) -> OpenTicket | None:
        """Return what a ticket opens, None when nobody was given it and when it has ended."""
        row = self._connection.execute(_FIND_TICKET, {"known_ticket": ticket, "now_unix_s": now_unix_s}).one_or_none()
        return None if row is None else OpenTicket(row.shopper_id, row.reader, Reason(row.reason))

    def end_tickets(self, now_unix_s: float) -> int:
        """Forget the exact times of the tickets that have ended; return how many."""
        return self._connection.execute(_END_TICKETS, {"now_unix_s": now_unix_s}).rowcount

    def accesses_of(self, shopper_id: str) -> tuple[MemoryAccess, ...]:
        """Return the last accesses to a shopper's memory, newest first."""
        rows = self._connection.execute(_ALL, {"shopper_id": shopper_id})
        return tuple(MemoryAccess(reader=row[0], reason=Reason(row[1]), opened_unix_s=row[2]) for row in rows)

    def remove_all(self, shopper_id: str) -> None:
        """Remove the lines of a shopper who is erased."""
        self._connection.execute(_REMOVE_ALL, {"shopper_id": shopper_id})

    def remove_aged(self, before_unix_s: float) -> int:
        """Remove the lines before a time; return how many."""
        return self._connection.execute(_REMOVE_AGED, {"before_unix_s": before_unix_s}).rowcount
