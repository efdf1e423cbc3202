"""Baskets that are handed to tills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from aisle.messages.till import BasketState, PricedLine, Refusal
from store_backend.records.inserted import add_rows
from store_backend.tables import hand_off_lines, hand_offs


@dataclass(frozen=True, slots=True)
class BasketRow:
    """How a basket stands."""

    state: BasketState
    till_id: str
    sale_id: str
    refusal: Refusal
    expires_unix_s: float
    session_id: str
    changed_unix_s: float


_FIND = select(
    hand_offs.c.state, hand_offs.c.till_id, hand_offs.c.sale_id, hand_offs.c.refusal, hand_offs.c.expires_unix_s,
    hand_offs.c.session_id, hand_offs.c.changed_unix_s,
).where(hand_offs.c.basket_id == bindparam("basket_id"))  # fmt: skip
_FIND_LINES = (
    select(hand_off_lines.c.product_id, hand_off_lines.c.quantity, hand_off_lines.c.price_cents)
    .where(hand_off_lines.c.basket_id == bindparam("basket_id"))
    .order_by(hand_off_lines.c.product_id)
)
_ADD = insert(hand_offs)
_MOVE = update(hand_offs).where(
    hand_offs.c.basket_id == bindparam("one_id"), hand_offs.c.state == bindparam("from_state")
)


class TillRecords:
    """The baskets behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, basket_id: str) -> BasketRow | None:
        """Return how a basket stands, None when there is none."""
        row = self._connection.execute(_FIND, {"basket_id": basket_id}).one_or_none()
        return None if row is None else BasketRow(BasketState(row[0]), row[1], row[2], Refusal(row[3]), *row[4:])

    def lines_of(self, basket_id: str) -> tuple[PricedLine, ...]:
        """Return what is in a basket, in ascending product number."""
        rows = self._connection.execute(_FIND_LINES, {"basket_id": basket_id})
        return tuple(PricedLine(product_id=row[0], quantity=row[1], price_cents=row[2]) for row in rows)

    def add(self, row: Mapping[str, object], lines: Iterable[PricedLine]) -> None:
        """Keep a new basket."""
        self._connection.execute(_ADD, dict(row))
        columns = ("product_id", "quantity", "price_cents")
        fixed = {"basket_id": row["basket_id"]}
        rows = [{**fixed, **{column: getattr(line, column) for column in columns}} for line in lines]
        add_rows(self._connection, hand_off_lines, rows)

    def move(self, basket_id: str, before: BasketState, changes: Mapping[str, object]) -> bool:
        """Change a basket if it still is in a state; one of those who try at once succeeds."""
        values = {**changes, "one_id": basket_id, "from_state": before.value}
        return self._connection.execute(_MOVE, values).rowcount == 1
