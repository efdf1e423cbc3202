from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.carried.arrays import packed, unpacked
from aisle_inference.purchases.promotions import PromotionProblem, Promotions, read_promotions
from aisle_inference.purchases.table import Purchases, days_since_epoch
from aisle_inference.purchases.weeks import Weeks
from tests.inference.purchases.rows import START, history

PRODUCTS = np.array([10, 20, 30], dtype=np.int64)
DAY = days_since_epoch(START)
# Week 1 begins an hour before START.
WEEKS = Weeks(DAY - 7 - 1 / 24)
PURCHASES = Purchases.of(history([(1, 7, 0, 10), (1, 8, 24, 20), (1, 9, 48, 30)]), PRODUCTS)
# Product, store, display, mailer, week.
Row = tuple[int, int, str, str, int]
ROWS: list[Row] = [(30, 8, "0", "A", 2), (10, 8, "3", "0", 2), (10, 7, "0", "D", 1)]


def table(rows: list[Row]) -> pl.DataFrame:
    """Return promotions as `read_promotions` types them."""
    schema = {
        "product_id": pl.Int64,
        "store_id": pl.Int64,
        "display_location": pl.String,
        "mailer_location": pl.String,
        "week": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def promotions_of(rows: list[Row]) -> Promotions:
    return Promotions.of(table(rows).lazy(), PURCHASES, WEEKS)


def listed(promotions: Promotions) -> list[Row]:
    """Return the promotions as rows."""
    return [
        (
            int(PRODUCTS[promotions.product[row]]),
            int(PURCHASES.store_ids[promotions.store[row]]),
            promotions.display_names[promotions.display[row]],
            promotions.mailer_names[promotions.mailer[row]],
            int(promotions.week[row]),
        )
        for row in range(len(promotions))
    ]


@pytest.mark.parametrize("name", ["promotions.parquet", "promotions.csv"])
def test_reads_back_what_was_written(tmp_path: Path, name: str) -> None:
    path, rows = tmp_path / name, table(ROWS)
    rows.write_csv(path) if path.suffix == ".csv" else rows.write_parquet(path)
    assert read_promotions(path).collect().equals(rows)


def test_a_mapping_file_names_their_columns_and_empty_places_are_nowhere(tmp_path: Path) -> None:
    path, mapping = tmp_path / "promotions.csv", tmp_path / "names.yaml"
    rows = table(ROWS).rename({"store_id": "shop"}).drop("display_location")
    rows.with_columns(pl.Series("mailer_location", ["A", None, " "])).write_csv(path)
    mapping.write_text("store_id: shop\n", encoding="utf-8")
    read = read_promotions(path, mapping).collect()
    assert read["store_id"].to_list() == [8, 8, 7]
    assert read["display_location"].to_list() == ["0", "0", "0"]
    assert read["mailer_location"].to_list() == ["A", "0", "0"]


def test_a_week_that_is_no_number_is_named_by_its_row(tmp_path: Path) -> None:
    path = tmp_path / "promotions.csv"
    table(ROWS).with_columns(pl.Series("week", ["2", "soon", "1"])).write_csv(path)
    with pytest.raises(PromotionProblem, match=r"column 'week': 1 bad row.*first 2: 'soon'; a whole number from 0"):
        read_promotions(path)


def test_promotions_are_sorted_by_week_store_and_product() -> None:
    assert listed(promotions_of(ROWS)) == [(10, 7, "0", "D", 1), (10, 8, "3", "0", 2), (30, 8, "0", "A", 2)]


def test_what_is_promoted_in_a_store_at_a_time_is_found() -> None:
    promotions = promotions_of(ROWS)
    assert promotions.product[promotions.in_store(1, DAY + 7.5)].tolist() == [0, 2]
    assert promotions.product[promotions.in_store(0, DAY)].tolist() == [0]


@pytest.mark.parametrize(("store", "days"), [(0, 7), (2, 0), (-1, 0), (3, 0), (0, -8), (1, 14), (1, 1e6)])
def test_nothing_is_known_of_other_stores_and_weeks(store: int, days: float) -> None:
    promotions = promotions_of(ROWS)
    assert promotions.in_store(store, DAY + days) == slice(0, 0)
    assert promotions.cell_at(np.array([store]), np.array([DAY + days])).tolist() == [-1]


def test_other_products_stores_and_earlier_weeks_are_left_out() -> None:
    strange: list[Row] = [(99, 7, "1", "0", 1), (10, 99, "1", "0", 1), (10, 7, "1", "0", 0)]
    assert listed(promotions_of([*ROWS, *strange])) == listed(promotions_of(ROWS))


def test_of_two_rows_about_the_same_the_one_that_says_a_place_counts() -> None:
    twice: list[Row] = [(10, 7, "Z", "0", 1), (10, 7, "0", "0", 1), (20, 7, "0", "0", 1), (20, 7, "A", "C", 1)]
    assert listed(promotions_of(twice)) == [(10, 7, "Z", "0", 1), (20, 7, "A", "C", 1)]


def test_promotions_about_nothing_that_was_bought_are_refused() -> None:
    with pytest.raises(PromotionProblem, match="are these the right files"):
        promotions_of([(99, 7, "1", "0", 1)])


def test_more_places_than_any_store_has_are_refused() -> None:
    with pytest.raises(PromotionProblem, match="display_location has 300 different values, at most 255"):
        promotions_of([(10, 7, str(number), "0", number + 1) for number in range(300)])


def test_no_promotions_know_nothing() -> None:
    none = Promotions.none(3, 3)
    assert len(none) == 0
    assert none.in_store(0, DAY) == slice(0, 0)
    assert len(none.since(DAY)) == 0


rows = st.tuples(
    st.sampled_from([10, 20, 30]),
    st.sampled_from([7, 8, 9]),
    st.sampled_from(["0", "1", "A"]),
    st.sampled_from(["0", "D"]),
    st.integers(1, 5),
)


@given(st.lists(rows, min_size=1, max_size=30))
def test_every_promotion_stands_in_its_store_and_week_once(some: list[Row]) -> None:
    found = listed(promotions_of(some))
    assert {row[:2] + row[4:] for row in found} == {row[:2] + row[4:] for row in some}
    assert len(found) == len({row[:2] + row[4:] for row in some})
    assert set(found) <= set(some)
    assert found == sorted(found, key=lambda row: (row[4], row[1], row[0]))


@given(st.lists(rows, min_size=1, max_size=30), st.integers(0, 7))
def test_the_promotions_since_a_week_are_those_of_it_and_later(some: list[Row], week: int) -> None:
    promotions = promotions_of(some)
    later = promotions.since(WEEKS.origin_d + 7 * week + 0.5)
    assert listed(later) == [row for row in listed(promotions) if row[4] >= week]
    time_d = np.array([WEEKS.origin_d + 7 * week + 3.0])
    for store in range(3):
        before, after = (one.product[one.in_store(store, float(time_d[0]))].tolist() for one in (promotions, later))
        assert before == after


@given(st.lists(rows, min_size=1, max_size=30))
def test_fewer_products_are_numbered_anew(some: list[Row]) -> None:
    fewer = promotions_of(some).only_products(np.array([True, False, True]))
    assert fewer.products == 2
    numbers = np.array([10, 30])[fewer.product].tolist()
    assert numbers == [row[0] for row in listed(promotions_of(some)) if row[0] != 20]


def test_a_robot_can_carry_them() -> None:
    promotions = promotions_of(ROWS)
    assert listed(unpacked("promotions", packed(promotions), Promotions)) == listed(promotions)
