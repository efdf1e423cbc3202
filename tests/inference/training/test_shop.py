from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from aisle_inference.training.shop import NothingToLearn, shop_of_files, table_of
from tests.catalogue.samples import PRODUCTS
from tests.inference.purchases.rows import Bought, history, product_table

BOUGHT = [(household, 1, 24.0 * day + household, 100 + day % 3) for household in range(6) for day in range(9)]


def files(folder: Path, rows: pl.DataFrame) -> tuple[Path, Path]:
    rows.write_parquet(folder / "history.parquet")
    product_table({100 + n: ("GROCERY", "MILK") for n in range(5)}).write_parquet(folder / "catalogue.parquet")
    return folder / "history.parquet", folder / "catalogue.parquet"


def test_products_that_five_households_bought_are_learnt(tmp_path: Path) -> None:
    shop = shop_of_files(*files(tmp_path, history(BOUGHT)), None, None)
    assert shop.assortment.product_ids.tolist() == [100, 101, 102]
    assert shop.purchases.time_d.max() < shop.end_d <= shop.purchases.time_d.max() + 1


@pytest.mark.parametrize("rows", [[], BOUGHT[:9]], ids=["no rows", "one household"])
def test_files_that_nothing_can_be_learnt_from_are_named(tmp_path: Path, rows: list[Bought]) -> None:
    with pytest.raises(NothingToLearn, match=r"history\.parquet"):
        shop_of_files(*files(tmp_path, history(rows)), None, None)


def test_a_catalogue_becomes_a_table_of_its_own_shelves() -> None:
    table = table_of(PRODUCTS)
    assert table["product_id"].is_sorted()
    assert set(table["product_category"]) == {product.category_id for product in PRODUCTS}
    assert set(table["brand"]) <= {"Private", "National"}
