"""Orders for pickup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from aisle.messages.pickup import OrderState
from store_backend.tables import pickup_orders, reservation_lines


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What is kept of an order; times in Unix seconds."""

    order_id: str
    reservation_id: str
    state: OrderState
    placed_unix_s: float
    changed_unix_s: float


_CALLED_OFF = (OrderState.CANCELLED.value, OrderState.EXPIRED.value)
_COLUMNS = select(
    pickup_orders.c.order_id, pickup_orders.c.reservation_id, pickup_orders.c.state, pickup_orders.c.placed_unix_s,
    pickup_orders.c.changed_unix_s,
)  # fmt: skip
_FIND = _COLUMNS.where(pickup_orders.c.order_id == bindparam("order_id"))
_FIND_IN = (
    _COLUMNS.where(pickup_orders.c.state == bindparam("state"), pickup_orders.c.changed_unix_s <= bindparam("until"))
    .order_by(pickup_orders.c.changed_unix_s, pickup_orders.c.order_id)
    .limit(bindparam("most"))
)
_FIND_UNITS = (
    select(pickup_orders.c.placed_unix_s, reservation_lines.c.product_id, reservation_lines.c.quantity)
    .join(reservation_lines, reservation_lines.c.reservation_id == pickup_orders.c.reservation_id)
    .where(pickup_orders.c.placed_unix_s >= bindparam("since"), pickup_orders.c.state.not_in(_CALLED_OFF))
    .order_by(pickup_orders.c.placed_unix_s.desc())
    .limit(20_000)
)
_ADD = insert(pickup_orders)
_MOVE = (
    update(pickup_orders)
    .where(pickup_orders.c.order_id == bindparam("one_id"), pickup_orders.c.state == bindparam("from_state"))
    .values(state=bindparam("new_state"), changed_unix_s=bindparam("now_unix_s"))
)


class OrderRecords:
    """The orders behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, order_id: str) -> OrderRow | None:
        """Return an order, None when there is none."""
        row = self._connection.execute(_FIND, {"order_id": order_id}).one_or_none()
        return None if row is None else _order(row)

    def in_state(self, state: OrderState, most: int, until_unix_s: float = float("inf")) -> list[OrderRow]:
        """Return the orders that are in a state since a time or longer, the longest first."""
        rows = self._connection.execute(_FIND_IN, {"state": state.value, "until": until_unix_s, "most": most})
        return [_order(row) for row in rows]

    def units_since(self, since_unix_s: float) -> list[tuple[float, int, int]]:
        """Return when, which product and how many were ordered since a time; the newest 20,000 lines at most."""
        return [(row[0], row[1], row[2]) for row in self._connection.execute(_FIND_UNITS, {"since": since_unix_s})]

    def add(self, row: Mapping[str, object]) -> None:
        """Keep a new order."""
        self._connection.execute(_ADD, dict(row))

    def move(self, order: OrderRow, state: OrderState, now_unix_s: float) -> bool:
        """Move an order if it is still where it was seen; one of those who try at once succeeds."""
        values = {
            "one_id": order.order_id, "from_state": order.state.value, "new_state": state.value,
            "now_unix_s": now_unix_s,
        }  # fmt: skip
        return self._connection.execute(_MOVE, values).rowcount == 1


def _order(row: Row[str, str, str, float, float]) -> OrderRow:
    return OrderRow(row[0], row[1], OrderState(row[2]), row[3], row[4])
