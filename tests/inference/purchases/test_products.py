from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from aisle_inference.purchases.products import Assortment, ProductProblem, counted_products, read_products
from tests.inference.purchases.rows import START, history, product_table

PRODUCTS = product_table(
    {10: ("GROCERY", "PASTA"), 20: ("GROCERY", "SAUCE"), 30: ("FUEL", "FUEL"), 40: ("GROCERY", "COUPON/MISC ITEMS")}
)
LATER = START + timedelta(days=60)


def test_a_missing_category_takes_the_department(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    PRODUCTS.with_columns(pl.Series("product_category", [None, "SAUCE", " ", "X"])).write_csv(path)
    assert read_products(path)["product_category"].to_list() == ["GROCERY", "SAUCE", "FUEL", "X"]


def test_products_come_by_ascending_number(tmp_path: Path) -> None:
    path = tmp_path / "products.parquet"
    PRODUCTS.reverse().write_parquet(path)
    assert read_products(path).equals(PRODUCTS)


def test_a_product_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "products.parquet"
    pl.concat([PRODUCTS, PRODUCTS.head(1)]).write_parquet(path)
    with pytest.raises(ProductProblem, match=r"1 products stand there more than once \(10\)"):
        read_products(path)


def test_only_products_of_enough_households_count() -> None:
    rows = history([*((household, 1, 0, 10) for household in range(5)), *((1, 1, hour, 20) for hour in range(9))])
    assert counted_products(rows, PRODUCTS, LATER).tolist() == [10]
    assert counted_products(rows, PRODUCTS, LATER, least_households=1).tolist() == [10, 20]


def test_excluded_departments_and_categories_do_not_count() -> None:
    rows = history([(household, 1, 0, product) for household in range(9) for product in (20, 30, 40, 50)])
    assert counted_products(rows, PRODUCTS, LATER).tolist() == [20]


def test_purchases_from_the_given_time_on_do_not_count() -> None:
    rows = history([(household, 1, household, 10) for household in range(6)])
    assert counted_products(rows, PRODUCTS, START + timedelta(hours=5)).tolist() == [10]
    assert counted_products(rows, PRODUCTS, START + timedelta(hours=4)).tolist() == []


def test_codes_count_into_their_names() -> None:
    assortment = Assortment.of(PRODUCTS, np.array([10, 20, 40], dtype=np.int64))
    assert assortment.category_names == ("COUPON/MISC ITEMS", "PASTA", "SAUCE")
    assert [assortment.category_names[code] for code in assortment.category] == ["PASTA", "SAUCE", "COUPON/MISC ITEMS"]
    assert assortment.kind_names[assortment.kind[0]] == "PASTA :: PLAIN"
    assert assortment.category_of("SAUCE") == 2
    assert assortment.category_of("SOAP") is None


def test_variants_of_one_product_share_a_label_and_private_brands_do_not() -> None:
    table = product_table(dict.fromkeys((1, 2, 3), ("GROCERY", "PASTA")))
    table = table.with_columns(pl.Series("brand", ["National", "National", "Private"]))
    assortment = Assortment.of(table, np.array([1, 2, 3], dtype=np.int64))
    assert assortment.label[0] == assortment.label[1] != assortment.label[2]
    assert assortment.brand_private.tolist() == [False, False, True]


def test_a_product_that_the_table_lacks_has_no_properties() -> None:
    assortment = Assortment.of(PRODUCTS, np.array([10, 99], dtype=np.int64))
    assert assortment.category_names[assortment.category[1]] == ""
    assert not assortment.brand_private[1]


def test_no_products_give_empty_codes() -> None:
    assert Assortment.of(PRODUCTS, np.array([], dtype=np.int64)).label.tolist() == []


@pytest.mark.parametrize("codes", [[0, 1], [0, 1, 3], [0, 1, -1]])
def test_codes_that_do_not_fit_the_products_are_refused(codes: list[int]) -> None:
    """Compiled code counts by them without looking."""
    whole = Assortment.of(PRODUCTS, np.array([10, 20, 40], dtype=np.int64))
    with pytest.raises(ValueError, match="label: 3 products need as many codes, each from 0 to 2"):
        replace(whole, label=np.array(codes, dtype=np.int32))
