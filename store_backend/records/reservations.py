"""Reservations and their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from aisle.messages.pickup import ReservationState
from store_backend.records.inserted import add_rows
from store_backend.tables import reservation_lines, reservations


@dataclass(frozen=True, slots=True)
class ReservationRow:
    """How a reservation stands."""

    state: ReservationState
    expires_unix_s: float
    session_id: str


_HELD = ReservationState.HELD.value
_due = (reservations.c.state == _HELD, reservations.c.expires_unix_s <= bindparam("now_unix_s"))
_one = reservations.c.reservation_id == bindparam("one_id")

_FIND = select(reservations.c.state, reservations.c.expires_unix_s, reservations.c.session_id).where(_one)
_FIND_LINES = (
    select(reservation_lines.c.product_id, reservation_lines.c.quantity)
    .where(reservation_lines.c.reservation_id == bindparam("one_id"))
    .order_by(reservation_lines.c.product_id)
)
_FIND_DUE = select(reservations.c.reservation_id).where(*_due).order_by(reservations.c.reservation_id).limit(1000)
_ADD = insert(reservations)
_MOVE = (
    update(reservations)
    .where(_one, reservations.c.state.in_(bindparam("from_states", expanding=True)))
    .values(state=bindparam("new_state"))
)


class ReservationRecords:
    """The reservations behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, reservation_id: str) -> ReservationRow | None:
        """Return how a reservation stands, None when there is none."""
        row = self._connection.execute(_FIND, {"one_id": reservation_id}).one_or_none()
        return None if row is None else ReservationRow(ReservationState(row[0]), row[1], row[2])

    def lines_of(self, reservation_id: str) -> dict[int, int]:
        """Return quantity by product, in ascending product number."""
        return {row[0]: row[1] for row in self._connection.execute(_FIND_LINES, {"one_id": reservation_id})}

    def due(self, now_unix_s: float) -> list[str]:
        """Return held reservations whose time is over, a thousand at most."""
        return list(self._connection.scalars(_FIND_DUE, {"now_unix_s": now_unix_s}))

    def add(self, row: Mapping[str, object], lines: Mapping[int, int]) -> None:
        """Keep a new reservation."""
        self._connection.execute(_ADD, dict(row))
        reservation_id = row["reservation_id"]
        rows = [{"reservation_id": reservation_id, "product_id": one, "quantity": n} for one, n in lines.items()]
        add_rows(self._connection, reservation_lines, rows)

    def move(self, reservation_id: str, before: Sequence[ReservationState], state: ReservationState) -> bool:
        """Move a reservation if it is in one of the states before; one of those who try at once succeeds."""
        values = {"one_id": reservation_id, "from_states": [one.value for one in before], "new_state": state.value}
        return self._connection.execute(_MOVE, values).rowcount == 1
