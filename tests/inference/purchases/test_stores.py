from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest

from aisle_inference.purchases.stores import StoreProblem, Stores, read_stores
from aisle_inference.purchases.table import days_since_epoch
from tests.inference.purchases.rows import START, history

DAY = math.floor(days_since_epoch(START))
ROWS = history([(1, 7, 0, 10), (1, 7, 1, 20), (2, 7, 0, 10), (1, 7, 48, 10), (1, 8, 24, 10)])
TABLE = pl.DataFrame(
    {
        "store_id": [9, 7, 8],
        "name": ["Quay", "Mill", "Hill"],
        "type": ["small", "large", "large"],
        "area_m2": [90, 0, 1],
    }
)


def written(tmp_path: Path, table: pl.DataFrame) -> Path:
    path = tmp_path / "stores.csv"
    table.write_csv(path)
    return path


def test_without_a_table_the_stores_are_those_of_the_purchases() -> None:
    stores = Stores.of(ROWS)
    assert stores.store_ids.tolist() == [7, 8]
    assert stores.names == ("", "")
    assert stores.trips.tolist() == [3, 1]
    assert stores.households.tolist() == [2, 1]
    assert stores.first_d.tolist() == [DAY, DAY + 1]
    assert stores.last_d.tolist() == [DAY + 2, DAY + 1]
    assert stores.sentence == "2 stores, 4 trips"


def test_a_table_says_more_of_them_and_a_store_without_purchases_is_named(tmp_path: Path) -> None:
    stores = Stores.of(ROWS, read_stores(written(tmp_path, TABLE)))
    assert stores.names == ("Mill", "Hill", "Quay")
    assert stores.types == ("large", "large", "small")
    assert stores.area_m2.tolist() == [0, 1, 90]
    assert stores.trips.tolist() == [3, 1, 0]
    assert math.isnan(stores.first_d[2])
    assert stores.sentence == "3 stores, 4 trips; nothing was bought in 1 store(s) (9)"


def test_a_store_of_the_purchases_that_the_table_lacks_is_named(tmp_path: Path) -> None:
    table = read_stores(written(tmp_path, TABLE.filter(pl.col("store_id") != 8)))
    with pytest.raises(StoreProblem, match=r"purchases were made in 1 store\(s\) \(8\) that the table of stores lacks"):
        Stores.of(ROWS, table)


def test_a_store_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match=r"1 store\(s\) \(7\) stand there more than once"):
        read_stores(written(tmp_path, pl.concat([TABLE, TABLE.filter(pl.col("store_id") == 7)])))


def test_a_number_alone_is_enough_and_may_be_called_otherwise(tmp_path: Path) -> None:
    mapping = tmp_path / "names.yaml"
    mapping.write_text("store_id: shop\n", encoding="utf-8")
    stores = read_stores(written(tmp_path, TABLE.select(pl.col("store_id").alias("shop"))), mapping)
    assert stores["store_id"].to_list() == [7, 8, 9]
    assert stores["area_m2"].to_list() == [0.0, 0.0, 0.0]


def test_an_area_below_zero_is_named_by_its_row(tmp_path: Path) -> None:
    table = TABLE.with_columns(pl.Series("area_m2", [90.0, -1.0, 1.0]))
    with pytest.raises(StoreProblem, match=r"column 'area_m2': 1 bad row\(s\), first 2: '-1.0'"):
        read_stores(written(tmp_path, table))
