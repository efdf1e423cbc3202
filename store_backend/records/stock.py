"""How many of each product there are, and how many of them are promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Update, bindparam, case, func, select, text, update

from aisle.messages.pickup import ReservationState
from aisle.messages.store import StockSource
from store_backend.records.among import among
from store_backend.records.inserted import add_rows
from store_backend.tables import reservation_lines, reservations, stock
from store_backend.tables.base import Number


@dataclass(frozen=True, slots=True)
class StockRow:
    """What is kept of one product; times in Unix seconds."""

    count: int
    held: int
    source: StockSource
    changed_unix_s: float
    counted_unix_s: float | None


@dataclass(frozen=True, slots=True)
class KeptStock:
    """A row, and how many units are neither promised nor held by a reservation whose time is over."""

    row: StockRow
    free: int


_columns = (
    stock.c.product_id, stock.c.count, stock.c.held, stock.c.source, stock.c.changed_unix_s, stock.c.counted_unix_s
)  # fmt: skip
_FIND = select(*_columns).where(among(stock.c.product_id, "ids"))
# Nobody lets go of a reservation the moment that its time is over; what it holds is free all the same.
_overdue = (
    select(func.sum(reservation_lines.c.quantity))
    .join(reservations)
    .where(
        reservation_lines.c.product_id == stock.c.product_id,
        reservations.c.state == ReservationState.HELD.value,
        reservations.c.expires_unix_s <= bindparam("now_unix_s"),
    )
    .scalar_subquery()
)
_FIND_KEPT = select(*_columns, case((stock.c.held > 0, func.coalesce(_overdue, 0)), else_=0)).where(
    among(stock.c.product_id, "ids")
)
_one = stock.c.product_id == bindparam("one_id")
_units: BindParameter[int] = bindparam("units", type_=Number)
_less = case((stock.c.count > _units, stock.c.count - _units), else_=0)
_changed: dict[str, BindParameter[Any]] = {"source": bindparam("new_source"), "changed_unix_s": bindparam("now_unix_s")}
_COUNT = (
    update(stock).where(_one).values(count=bindparam("new_count"), counted_unix_s=bindparam("now_unix_s"), **_changed)
)
_DELIVER = update(stock).where(_one).values(count=stock.c.count + _units, **_changed)
_SELL = update(stock).where(_one).values(count=_less, **_changed)
# The whole rule against overselling: the database looks and takes in one step, whoever else asks at the same moment.
_HOLD = update(stock).where(_one, stock.c.count - stock.c.held >= _units).values(held=stock.c.held + _units)
# Any number that no other program locks in this database.
_ALONE = text("SELECT pg_advisory_xact_lock(660503)")
_LET_GO = update(stock).where(_one).values(held=stock.c.held - _units)


class StockRecords:
    """The stock behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def alone(self) -> None:
        """Wait until no other process changes stock, and keep them waiting until this transaction ends.

        A group of commands touches products in any order: two groups that wait for each other's rows would be told so
        by PostgreSQL only after a second. SQLite has one writer anyway.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_ALONE)

    def rows_of(self, product_ids: Sequence[int]) -> dict[int, StockRow]:
        """Return what is kept of each product; nothing for what nobody has touched."""
        rows = self._connection.execute(_FIND, {"ids": list(product_ids)})
        return {row[0]: _row(row) for row in rows}

    def kept_of(self, product_ids: Sequence[int], now_unix_s: float) -> dict[int, KeptStock]:
        """Return what is kept of each product, with what is free of it, in one question."""
        rows = self._connection.execute(_FIND_KEPT, {"ids": list(product_ids), "now_unix_s": now_unix_s})
        return {row[0]: KeptStock(_row(row), row[1] - row[2] + int(row[6])) for row in rows}

    def add_estimates(self, estimates: Mapping[int, int], now_unix_s: float) -> None:
        """Begin to keep products of which nothing is kept yet, with what the catalogue says."""
        fixed = {"held": 0, "source": StockSource.ESTIMATE.value, "changed_unix_s": now_unix_s, "counted_unix_s": None}
        rows = [{"product_id": product_id, "count": count, **fixed} for product_id, count in estimates.items()]
        add_rows(self._connection, stock, rows)

    def keep_count(self, product_id: int, count: int, now_unix_s: float) -> None:
        """Keep what a person has just counted; what is promised stays promised."""
        source = StockSource.COUNT.value
        values = {"one_id": product_id, "new_count": count, "now_unix_s": now_unix_s, "new_source": source}
        self._connection.execute(_COUNT, values)

    def deliver(self, product_id: int, units: int, now_unix_s: float) -> None:
        """Put units on the shelf."""
        self._change(_DELIVER, product_id, units, StockSource.DELIVERY, now_unix_s)

    def sell(self, product_id: int, units: int, now_unix_s: float) -> None:
        """Take units that have left the store; a count that was too low ends at none."""
        self._change(_SELL, product_id, units, StockSource.SALE, now_unix_s)

    def hold(self, product_id: int, units: int) -> bool:
        """Promise units if so many are free; False when they are not."""
        return self._connection.execute(_HOLD, {"one_id": product_id, "units": units}).rowcount == 1

    def let_go(self, product_id: int, units: int) -> None:
        """Take back a promise."""
        self._connection.execute(_LET_GO, {"one_id": product_id, "units": units})

    def _change(self, statement: Update, product_id: int, units: int, source: StockSource, now_unix_s: float) -> None:
        values = {"one_id": product_id, "units": units, "new_source": source.value, "now_unix_s": now_unix_s}
        self._connection.execute(statement, values)


def _row(row: Sequence[Any]) -> StockRow:
    return StockRow(row[1], row[2], StockSource(row[3]), row[4], row[5])
