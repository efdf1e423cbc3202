from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from aisle_inference.trips import READ_BEFORE, Trips, read_trips

MAPPING = {1: 10, 2: 20, 3: 30, 4: 10}
MAY = datetime(2017, 5, 1, 9)  # noqa: DTZ001 - as in the data
Row = tuple[int, int, int, int, datetime]
# Household, store, variant, quantity, time.
ROWS: tuple[Row, ...] = (
    (1, 7, 1, 1, MAY),
    (1, 7, 2, 2, MAY + timedelta(hours=5)),
    (1, 7, 4, 1, MAY),
    (1, 8, 3, 1, MAY),
    (2, 7, 2, 1, MAY + timedelta(days=1)),
)


def write(path: Path, rows: tuple[Row, ...]) -> Path:
    names = ["household_id", "store_id", "product_id", "quantity", "transaction_timestamp"]
    table = pl.DataFrame(list(rows), schema=names, orient="row")
    table.with_columns(pl.col("transaction_timestamp").cast(pl.Datetime("ns"))).write_parquet(path)
    return path


@pytest.fixture
def transactions(tmp_path: Path) -> Path:
    return write(tmp_path / "transactions.parquet", ROWS)


def baskets(trips: Trips) -> list[list[int]]:
    table = trips.matrix.toarray() > 0.0
    return [trips.product_ids[row].tolist() for row in table]


def test_a_trip_is_one_household_in_one_store_on_one_day(transactions: Path) -> None:
    trips = read_trips(transactions, MAPPING)
    assert baskets(trips) == [[10, 20], [30], [20]]
    assert (trips.first_day, trips.last_day) == ("2017-05-01", "2017-05-02")


def test_two_variants_of_a_label_are_one_product_and_count_once(transactions: Path) -> None:
    assert read_trips(transactions, MAPPING).matrix.max() == 1.0


def test_what_is_on_no_shelf_is_left_out(transactions: Path) -> None:
    assert baskets(read_trips(transactions, {2: 20})) == [[20], [20]]


def test_lines_without_a_quantity_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", (*ROWS, (3, 7, 3, 0, MAY), (4, 7, 3, -1, MAY)))
    assert baskets(read_trips(path, MAPPING)) == [[10, 20], [30], [20]]


@pytest.mark.parametrize("asked_before", [READ_BEFORE, READ_BEFORE + timedelta(days=31)])
def test_rows_from_december_on_are_never_read(tmp_path: Path, asked_before: datetime) -> None:
    last = (9, 7, 1, 1, READ_BEFORE - timedelta(seconds=1))
    december = tuple((9, 7, 3, 5, READ_BEFORE + timedelta(days=day)) for day in (0, 1, 30))
    path = write(tmp_path / "t.parquet", (*ROWS, last, *december))
    trips = read_trips(path, MAPPING, asked_before)
    assert baskets(trips) == [[10, 20], [30], [20], [10]]
    assert trips.last_day == "2017-11-30"


def test_an_earlier_limit_is_kept(transactions: Path) -> None:
    assert baskets(read_trips(transactions, MAPPING, MAY + timedelta(days=1))) == [[10, 20], [30]]


def test_nothing_to_learn_from_is_said_in_words(transactions: Path) -> None:
    with pytest.raises(ValueError, match=r"transactions\.parquet: no row before 2017-12-01 is about a product"):
        read_trips(transactions, {999: 1})
