from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from aisle_inference.purchases.complete_journey import (
    DISPLAYS,
    MAILERS,
    demo_history,
    history_of,
    promotions_of,
    write_demo_files,
)
from aisle_inference.purchases.promotions import COLUMNS as PROMOTION_COLUMNS
from aisle_inference.purchases.promotions import read_promotions
from aisle_inference.purchases.read import COLUMNS, read_history
from aisle_inference.purchases.stores import Stores, read_stores
from aisle_inference.purchases.table import days_since_epoch
from aisle_inference.purchases.weeks import Weeks
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


def weeks_kept(before: datetime) -> list[int]:
    return promotions_of(pl.LazyFrame({"week": range(1, 54)}), before).collect()["week"].to_list()


def test_promotions_of_a_week_that_reaches_into_the_reserved_days_are_never_returned() -> None:
    assert weeks_kept(CUTOFF) == list(range(1, 49))
    assert weeks_kept(CUTOFF + timedelta(days=100)) == list(range(1, 49))


def test_an_earlier_limit_holds_for_promotions_too() -> None:
    assert weeks_kept(datetime(2017, 11, 27, 5))[-1] == 48  # noqa: DTZ001
    assert weeks_kept(datetime(2017, 11, 27, 4))[-1] == 47  # noqa: DTZ001


@pytest.mark.integration
def test_the_packaged_receipts_number_their_weeks_as_the_limit_of_promotions_takes_them_to() -> None:
    rows = demo_history()
    assert abs(Weeks.of(rows).origin_d + 7 - days_since_epoch(datetime(2016, 12, 26, 5))) < 1 / 24  # noqa: DTZ001
    assert rows.filter(pl.col("week") <= 48)["ts"].max() < datetime(2017, 11, 27, 5)  # type: ignore[operator] # noqa: DTZ001


@pytest.mark.integration
def test_the_demo_files_are_read_back_without_a_reserved_row(tmp_path: Path) -> None:
    history_file, _, promotions_file, stores_file = write_demo_files(tmp_path)
    rows, promotions = read_history(history_file), read_promotions(promotions_file)
    assert rows["ts"].max() < CUTOFF  # type: ignore[operator]
    found = promotions.select(
        pl.len(), pl.col("week").max(), pl.col("display_location", "mailer_location").unique().implode().list.sort()
    ).collect(engine="streaming")
    assert found["len"].item() > 18_000_000
    assert found["week"].item() == 48
    assert found["display_location"].item().to_list() == sorted(DISPLAYS)
    assert found["mailer_location"].item().to_list() == sorted(MAILERS)
    assert promotions.collect_schema().names() == [column.name for column in PROMOTION_COLUMNS]
    stores = Stores.of(rows, read_stores(stores_file))
    assert len(stores.store_ids) == rows["store_id"].n_unique()
    assert not len(stores.unvisited)
