"""How many of each product were counted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from store_backend.tables import stock

_FIND_COUNTS = select(stock.c.product_id, stock.c.count, stock.c.counted_unix_s).where(
    stock.c.product_id.in_(bindparam("ids", expanding=True))
)
_REPLACE_COUNT = (
    update(stock)
    .where(stock.c.product_id == bindparam("counted_id"))
    .values(count=bindparam("new_count"), counted_unix_s=bindparam("now_unix_s"))
)
_ADD_COUNT = insert(stock)


class StockRecords:
    """The counts behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts_of(self, product_ids: Sequence[int]) -> dict[int, tuple[int, float]]:
        """Return how many of each product were counted, and when (Unix seconds); nothing for what nobody counted."""
        rows = self._connection.execute(_FIND_COUNTS, {"ids": list(product_ids)})
        return {product_id: (count, counted_unix_s) for product_id, count, counted_unix_s in rows}

    def keep_count(self, product_id: int, count: int, counted_unix_s: float) -> None:
        """Keep the newest count of a product."""
        values = {"counted_id": product_id, "new_count": count, "now_unix_s": counted_unix_s}
        if self._connection.execute(_REPLACE_COUNT, values).rowcount == 0:
            row = {"product_id": product_id, "count": count, "counted_unix_s": counted_unix_s}
            self._connection.execute(_ADD_COUNT, row)
