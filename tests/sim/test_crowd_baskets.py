"""Baskets come from the transactions, are kept as bays in the order of the planogram, and survive a bad file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from sim.people.baskets import BasketsError, baskets_file, read_baskets, sample_trips

VARIANTS = {10: 1, 11: 1, 20: 2, 30: 3, 40: 4}


def transactions(folder: Path, rows: list[tuple[int, int, int, str, int]]) -> Path:
    """Write rows of household, store, product, day and quantity."""
    columns = ("household_id", "store_id", "product_id", "transaction_timestamp", "quantity")
    table = pl.DataFrame(rows, schema=(*columns[:3], "day", "quantity"), orient="row")
    days = [datetime.fromisoformat(f"{row[3]}T12:00:00") for row in rows]
    path = folder / "transactions.parquet"
    table.drop("day").with_columns(pl.Series(columns[3], days)).write_parquet(path)
    return path


def test_a_trip_is_one_household_in_one_store_on_one_day(tmp_path: Path) -> None:
    path = transactions(
        tmp_path,
        [
            (1, 7, 10, "2017-03-01", 1), (1, 7, 20, "2017-03-01", 2), (1, 7, 30, "2017-03-01", 1),
            (1, 7, 11, "2017-03-01", 1),  # another variant of the first product
            (1, 7, 40, "2017-03-02", 1),  # the next day, and too little
            (2, 7, 20, "2017-03-01", 1), (2, 7, 30, "2017-03-01", 1), (2, 7, 40, "2017-03-01", 1),
            (2, 7, 99, "2017-03-01", 1),  # on no shelf
            (3, 7, 10, "2017-03-01", 1), (3, 7, 20, "2017-03-01", 1), (3, 7, 30, "2017-03-01", 0),  # nothing taken
            (4, 7, 10, "2017-12-24", 1), (4, 7, 20, "2017-12-24", 1), (4, 7, 30, "2017-12-24", 1),  # never read
        ],
    )  # fmt: skip
    assert sample_trips(path, VARIANTS) == [[1, 2, 3], [2, 3, 4]]


def test_a_sample_is_spread_over_the_year(tmp_path: Path) -> None:
    rows = [(1, 7, product, f"2017-{month:02d}-01", 1) for month in range(1, 12) for product in (10, 20, 30)]
    path = transactions(tmp_path, rows)
    assert len(sample_trips(path, VARIANTS, count=5)) == 5
    assert len(sample_trips(path, VARIANTS, count=100)) == 11


def test_without_a_file_there_are_no_baskets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_VAR", str(tmp_path))
    assert read_baskets(tmp_path / "store") == ()


def test_bays_come_back_in_the_order_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_VAR", str(tmp_path))
    path = baskets_file(tmp_path / "store")
    path.parent.mkdir()
    path.write_text("basket,bay_id\n0,B2\n0,B10\n1,A1\n")
    assert read_baskets(tmp_path / "store") == (("B2", "B10"), ("A1",))


@pytest.mark.parametrize(("text", "complaint"), [("bays\n", "row 1: must"), ("basket,bay_id\n0\n", "row 2: has 1 ")])
def test_a_broken_file_names_its_row(
    text: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AISLE_VAR", str(tmp_path))
    path = baskets_file(tmp_path / "store")
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(BasketsError, match=complaint):
        read_baskets(tmp_path / "store")
