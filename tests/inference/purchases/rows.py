"""Small made-up transactions and products."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import polars as pl

START = datetime(2017, 3, 1, 9)  # noqa: DTZ001 - receipts carry no zone
# Household, store, hours after START, product; the quantity is 1 and the price 2.
Bought = tuple[int, int, float, int]


def history(bought: Iterable[Bought]) -> pl.DataFrame:
    """Return such rows as `read_history` types them."""
    rows = [
        (-1, household, store, START + timedelta(hours=hours), -1, product, 1.0, 2.0, 0.5, 0.0)
        for household, store, hours, product in bought
    ]
    schema = {
        "trip_id": pl.Int64,
        "household_id": pl.Int64,
        "store_id": pl.Int64,
        "ts": pl.Datetime("us"),
        "week": pl.Int64,
        "product_id": pl.Int64,
        "quantity": pl.Float64,
        "sales_value": pl.Float64,
        "retail_disc": pl.Float64,
        "coupon_disc": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def product_table(categories: dict[int, tuple[str, str]]) -> pl.DataFrame:
    """Return products of one brand by number -> (department, category), as `read_products` types them."""
    return pl.DataFrame(
        [
            (number, 1, department, "National", category, "PLAIN", "1 LB", 1)
            for number, (department, category) in sorted(categories.items())
        ],
        schema={
            "product_id": pl.Int64,
            "manufacturer_id": pl.Int64,
            "department": pl.String,
            "brand": pl.String,
            "product_category": pl.String,
            "product_type": pl.String,
            "package_size": pl.String,
            "variants": pl.Int64,
        },
        orient="row",
    )
