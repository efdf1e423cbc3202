from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from aisle_inference.purchases.complete_journey import history_of
from aisle_inference.purchases.read import COLUMNS
from catalogue.source import CUTOFF
from tests.inference.purchases.rows import history


def packaged(times: list[datetime]) -> pl.LazyFrame:
    """Return a table as the package has it: one row a time."""
    rows = history([(1, 7, 0, product) for product in range(len(times))])
    return (
        rows.with_columns(
            pl.Series("ts", times, dtype=pl.Datetime("ns")),
            pl.col("quantity").cast(pl.Int64),
            pl.lit(0.0).alias("coupon_match_disc"),
        )
        .rename({"ts": "transaction_timestamp", "trip_id": "basket_id"})
        .lazy()
    )


def test_rows_from_the_reserved_day_on_are_never_returned() -> None:
    times = [CUTOFF - timedelta(seconds=1), CUTOFF, CUTOFF + timedelta(days=3)]
    late = CUTOFF + timedelta(days=100)
    assert history_of(packaged(times), late).collect()["product_id"].to_list() == [0]


def test_an_earlier_limit_holds() -> None:
    times = [CUTOFF - timedelta(days=2), CUTOFF - timedelta(days=1)]
    rows = history_of(packaged(times), CUTOFF - timedelta(days=1)).collect()
    assert rows["product_id"].to_list() == [0]


def test_columns_have_our_names_and_types() -> None:
    rows = history_of(packaged([CUTOFF - timedelta(days=1)])).collect()
    assert rows.columns == [column.name for column in COLUMNS if column.name != "may_learn"]
    assert rows.schema == history([]).schema
