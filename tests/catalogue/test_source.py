from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from catalogue import source
from catalogue.settings import load_abbreviations, load_categories
from catalogue.source import CUTOFF, Label, SourceError, read_labels
from tests.catalogue.samples import write_configuration

NOVEMBER, DECEMBER = CUTOFF - timedelta(minutes=1), CUTOFF


def _product(product_id: int, kind: str, size: str | None, department: str = "GROCERY") -> dict[str, object]:
    return {
        "product_id": product_id, "department": department, "brand": "National", "product_category": "MILK",
        "product_type": kind, "package_size": size,
    }  # fmt: skip


def _row(product_id: int, quantity: int, sales_value: float, when: datetime = NOVEMBER) -> dict[str, object]:
    return {"product_id": product_id, "quantity": quantity, "sales_value": sales_value, "transaction_timestamp": when}


@pytest.fixture
def labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Label]:
    products = [
        _product(1, "BUTTERMILK", "6 OZ"),
        _product(2, "BUTTERMILK", "6.0 OZ"),
        _product(3, "BUTTERMILK", None),
        _product(4, "FUEL MILK", "1 GA", department="FUEL"),
        _product(5, "GIFT MILK", "6 OZ"),
        _product(6, "LATE MILK", "6 OZ"),
    ]
    rows = [
        _row(1, 1, 1.00), _row(2, 2, 4.00), _row(2, 1, 3.00), _row(2, 1, 90.0, DECEMBER), _row(2, 0, 5.0),
        _row(3, 1, 0.125), _row(4, 9, 9.0), _row(5, 1, 0.0), _row(6, 1, 1.0, DECEMBER),
    ]  # fmt: skip
    pl.DataFrame(products).write_parquet(tmp_path / "products.parquet")
    pl.DataFrame(rows).with_columns(pl.col("transaction_timestamp").cast(pl.Datetime("ns"))).write_parquet(
        tmp_path / "transactions.parquet"
    )
    monkeypatch.setattr(source, "source_dir", lambda: tmp_path)
    write_configuration(tmp_path)
    path = tmp_path / "categories.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "departments_not_on_shelves: [FUEL]\n", encoding="utf-8")
    return read_labels(load_categories(tmp_path), load_abbreviations(tmp_path))


def test_sizes_that_read_the_same_are_one_label_with_all_its_variants(labels: list[Label]) -> None:
    assert labels[0].variant_ids == (1, 2)
    assert (labels[0].size, labels[0].purchases) == ("6 oz", 3)
    assert labels[0].product_id == 2, "the variant with the most purchases names the product"


def test_the_price_is_the_median_of_what_one_cost_before_december(labels: list[Label]) -> None:
    assert labels[0].price_cents == 200, "of 1.00, 4.00 / 2 and 3.00; never the 90.00 of 1 December"


def test_cents_are_rounded_half_up(labels: list[Label]) -> None:
    assert next(label for label in labels if label.product_id == 3).price_cents == 13


def test_fuel_gifts_and_what_was_bought_from_december_on_are_left_out(labels: list[Label]) -> None:
    assert [label.product_id for label in labels] == [2, 3]


def test_missing_data_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "find_spec", lambda name: None)
    with pytest.raises(SourceError, match="install the extra 'store'"):
        source.source_dir()
