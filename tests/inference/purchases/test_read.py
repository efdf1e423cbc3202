from __future__ import annotations

import logging
from pathlib import Path

import polars as pl
import pytest

from aisle_inference.purchases.read import HistoryProblem, read_history
from tests.inference.purchases.rows import history

ROWS = history([(1, 7, 0, 10), (1, 7, 1, 20), (2, 8, 2, 30)])


def written(tmp_path: Path, rows: pl.DataFrame, name: str = "history.parquet") -> Path:
    path = tmp_path / name
    rows.write_csv(path) if path.suffix.lower() == ".csv" else rows.write_parquet(path)
    return path


def problem_of(path: Path) -> str:
    with pytest.raises(HistoryProblem) as problem:
        read_history(path)
    assert str(path) in str(problem.value)
    assert "\n" not in str(problem.value)
    return str(problem.value)


@pytest.mark.parametrize("name", ["history.parquet", "history.csv", "HISTORY.CSV"])
def test_reads_back_what_was_written(tmp_path: Path, name: str) -> None:
    assert read_history(written(tmp_path, ROWS, name)).equals(ROWS)


def test_columns_that_may_be_missing_are_filled(tmp_path: Path) -> None:
    path = written(tmp_path, ROWS.drop("trip_id", "week", "retail_disc", "coupon_disc"))
    rows = read_history(path)
    assert rows.columns == ROWS.columns
    assert rows.row(0, named=True)["week"] == -1
    assert rows["retail_disc"].to_list() == [0.0, 0.0, 0.0]


def test_further_columns_are_ignored(tmp_path: Path) -> None:
    assert read_history(written(tmp_path, ROWS.with_columns(pl.lit("x").alias("cashier")))).equals(ROWS)


def test_a_mapping_file_names_their_columns(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("ts: transaction_timestamp\nhousehold_id: card\n", encoding="utf-8")
    path = written(tmp_path, ROWS.rename({"ts": "transaction_timestamp", "household_id": "card"}))
    assert read_history(path, mapping).equals(ROWS)


def test_a_mapping_of_an_unknown_column_is_refused(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("shopper: card\n", encoding="utf-8")
    with pytest.raises(HistoryProblem, match="shopper"):
        read_history(written(tmp_path, ROWS), mapping)


def test_rows_of_no_or_negative_quantity_are_left_out_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path, ROWS.with_columns(pl.Series("quantity", [0.0, -2.0, 1.0])))
    with caplog.at_level(logging.INFO):
        assert read_history(path)["product_id"].to_list() == [30]
    assert "2 rows" in caplog.text


def test_discounts_that_a_file_writes_as_negative_money_are_money_saved(tmp_path: Path) -> None:
    path = written(tmp_path, ROWS.with_columns(-pl.col("retail_disc")))
    assert read_history(path)["retail_disc"].to_list() == [0.5, 0.5, 0.5]


def test_whole_numbers_may_be_stored_as_floats(tmp_path: Path) -> None:
    assert read_history(written(tmp_path, ROWS.with_columns(pl.col("product_id").cast(pl.Float64)))).equals(ROWS)


def test_a_time_with_a_zone_keeps_its_wall_clock(tmp_path: Path) -> None:
    zoned = ROWS.with_columns(pl.col("ts").dt.replace_time_zone("Europe/Berlin"))
    assert read_history(written(tmp_path, zoned)).equals(ROWS)


@pytest.mark.parametrize("name", ["history.parquet", "history.csv"])
@pytest.mark.parametrize("column", ["household_id", "store_id", "product_id", "ts", "quantity", "sales_value"])
def test_an_empty_cell_is_named_by_its_row(tmp_path: Path, column: str, name: str) -> None:
    rows = ROWS.with_columns(pl.when(pl.int_range(pl.len()) != 1).then(pl.col(column)).alias(column))
    problem = problem_of(written(tmp_path, rows, name))
    assert f"column '{column}': 1 bad row(s), first 2: empty" in problem


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("quantity", float("nan"), "'nan'"),
        ("quantity", float("inf"), "'inf'"),
        ("quantity", 2e6, "from -1,000,000 to 1,000,000"),
        ("sales_value", -3e9, "'-3000000000.0'"),
    ],
)
def test_a_value_out_of_range_is_named_with_its_limit(tmp_path: Path, column: str, value: float, shown: str) -> None:
    rows = ROWS.with_columns(pl.when(pl.col("product_id") == 30).then(value).otherwise(pl.col(column)).alias(column))
    problem = problem_of(written(tmp_path, rows))
    assert f"column '{column}': 1 bad row(s), first 3" in problem
    assert shown in problem


def test_a_time_before_any_receipt_is_refused(tmp_path: Path) -> None:
    rows = ROWS.with_columns(pl.lit("1970-01-18 05:00:00").str.to_datetime(time_unit="us").alias("ts"))
    assert "from 2000-01-01 to 2100-01-01" in problem_of(written(tmp_path, rows))


def test_text_among_the_numbers_of_a_csv_is_named_by_its_row(tmp_path: Path) -> None:
    rows = ROWS.with_columns(pl.Series("quantity", ["1", "two", "3"]))
    assert "first 2: 'two'; a number" in problem_of(written(tmp_path, rows, "history.csv"))


def test_only_the_first_five_bad_rows_are_named(tmp_path: Path) -> None:
    rows = history([(1, 7, hour, 10) for hour in range(8)]).with_columns(pl.lit(float("nan")).alias("quantity"))
    assert "8 bad row(s), first 1, 2, 3, 4, 5:" in problem_of(written(tmp_path, rows))


def test_a_column_of_a_wrong_type_is_refused(tmp_path: Path) -> None:
    rows = ROWS.with_columns(pl.lit(True).alias("product_id"))
    assert "column 'product_id' has the type Boolean, it must be a whole number" in problem_of(written(tmp_path, rows))


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    problem = problem_of(written(tmp_path, ROWS.drop("household_id")))
    assert "has no column 'household_id'" in problem
    assert "store_id" in problem


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "history.parquet"
    path.write_bytes(b"not a table at all")
    assert "is no readable table" in problem_of(path)


def test_a_missing_file_and_an_unknown_ending_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in problem_of(tmp_path / "history.csv")
    assert "give a .parquet or a .csv file" in problem_of(tmp_path / "history.xlsx")


def test_an_empty_table_has_no_rows(tmp_path: Path) -> None:
    assert read_history(written(tmp_path, ROWS.clear())).is_empty()


def test_what_a_shopper_did_not_agree_to_is_not_learnt_from(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    path = written(tmp_path, ROWS.with_columns(pl.Series("may_learn", [1, 0, 0])))
    assert read_history(path).equals(ROWS[:1])
    assert "2 rows that may not be learnt from are left out" in caplog.text


def test_an_agreement_that_is_neither_yes_nor_no_is_named(tmp_path: Path) -> None:
    problem = problem_of(written(tmp_path, ROWS.with_columns(pl.Series("may_learn", [1, 2, 0]))))
    assert "column 'may_learn': 1 bad row(s), first 2: '2'; a whole number from 0 to 1 is needed" in problem
