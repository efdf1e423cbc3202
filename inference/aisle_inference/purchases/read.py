"""Read a shop's transactions: one row is a quantity of one product on one receipt."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

import msgspec
import polars as pl

from aisle.config import ConfigError, Settings, load
from aisle_inference.purchases.columns import Column, Kind, TableProblem, read_columns

_LOG = logging.getLogger(__name__)

# Fuel is sold by the hundredth of a gallon: quantities of 89,638 are real, a million is not.
_MOST_QUANTITY = 1e6
_MOST_MONEY = 1e6
COLUMNS = (
    Column("trip_id", Kind.WHOLE, missing=-1),
    Column("household_id", Kind.WHOLE),
    Column("store_id", Kind.WHOLE),
    # Both ends are far from any shop's receipts; they catch times counted in a wrong unit.
    Column("ts", Kind.TIME, datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - receipts carry no zone
    Column("week", Kind.WHOLE, missing=-1),
    Column("product_id", Kind.WHOLE),
    Column("quantity", Kind.NUMBER, -_MOST_QUANTITY, _MOST_QUANTITY),
    Column("sales_value", Kind.NUMBER, -_MOST_MONEY, _MOST_MONEY),
    Column("retail_disc", Kind.NUMBER, -_MOST_MONEY, _MOST_MONEY, missing=0.0),
    Column("coupon_disc", Kind.NUMBER, -_MOST_MONEY, _MOST_MONEY, missing=0.0),
    # 0 where the shopper did not agree that this is learnt from.
    Column("may_learn", Kind.WHOLE, 0, 1, missing=1),
)


class HistoryProblem(TableProblem):
    """Transactions that cannot be used; the message says where and what to do."""


class HistoryNames(Settings, frozen=True):
    """The mapping file of a transaction table: our column name, and the file's."""

    trip_id: str = "trip_id"
    household_id: str = "household_id"
    store_id: str = "store_id"
    ts: str = "ts"
    week: str = "week"
    product_id: str = "product_id"
    quantity: str = "quantity"
    sales_value: str = "sales_value"
    retail_disc: str = "retail_disc"
    coupon_disc: str = "coupon_disc"
    may_learn: str = "may_learn"


def read_history(path: Path, mapping: Path | None = None) -> pl.DataFrame:
    """Return the rows with a quantity above 0, in the order of the file, with the columns of `COLUMNS`.

    `ts` is the shop's wall clock, in microseconds and without a zone. Discounts are money saved, above 0 whichever sign
    the file gives them. `trip_id` and `week` are -1 where the file has none. Rows of quantity 0 or less are dropped and
    counted in the log; so are rows whose `may_learn` is 0, which nobody agreed to. A receipt of a shopper whom nobody
    knows has a household number of its own. Raises HistoryProblem.
    """
    try:
        names = load(mapping, HistoryNames) if mapping is not None else HistoryNames()
        table = read_columns(path, COLUMNS, msgspec.structs.asdict(names))
    except (TableProblem, ConfigError) as error:
        raise HistoryProblem(str(error)) from error
    rows = table.with_columns(pl.col("retail_disc", "coupon_disc").abs()).collect()
    agreed = rows.filter(pl.col("may_learn") == 1).drop("may_learn")
    bought = agreed.filter(pl.col("quantity") > 0)
    _log_left_out(path, len(rows) - len(agreed), "that may not be learnt from")
    _log_left_out(path, len(agreed) - len(bought), "without a quantity above 0")
    return bought


def _log_left_out(path: Path, rows: int, which: str) -> None:
    if rows:
        _LOG.info("%s: %d rows %s are left out", path, rows, which)
