"""Anticipatory staging on the demo purchases: of twenty products laid ready for a day, how many are bought that day.

The ten stores with the most rows stand for ten pickup desks and every purchase for an order: the data knows no pickup.
Each day is forecast from the days before it. The settings were chosen on October; November is the figure that counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.intervals import Z_95
from benchmarks.rows import Request, Row
from catalogue.source import CUTOFF, source_files
from store_backend.staging import expected_units, to_stage

STAGED = 20
STORES = 10
MONTHS = {"October": (273, 304), "November": (304, 334)}
"""First day and the day after the last one, counted from 1 January 2017."""


@dataclass(frozen=True, slots=True)
class Precision:
    """The share of staged products that were bought, one entry for each store and day that was open."""

    popular: NDArray[np.float64]
    staged: NDArray[np.float64]


def run(request: Request) -> list[Row]:
    """Return precision@20 of popularity and of staging by month, and what is gained, with a 95 % interval."""
    months = ["November"] if request.quick else list(MONTHS)
    tables = list(_daily_units())
    return [row for month in months for row in _rows(month, _precision(tables, *MONTHS[month]))]


def _daily_units() -> Iterator[NDArray[np.float64]]:
    """Yield units by day and product of each store, before December 2017."""
    rows = pl.scan_parquet(source_files()[1]).filter(
        (pl.col("transaction_timestamp") < CUTOFF) & (pl.col("quantity") > 0)
    )
    first = pl.datetime(2017, 1, 1)
    day = (pl.col("transaction_timestamp") - first).dt.total_days().alias("day")
    table = rows.select("store_id", "product_id", day).collect()
    busiest = table["store_id"].value_counts(sort=True)["store_id"].head(STORES)
    for store_id in busiest:
        bought = table.filter(pl.col("store_id") == store_id)
        products, columns = np.unique(bought["product_id"].to_numpy(), return_inverse=True)
        units = np.zeros((MONTHS["November"][1], len(products)))
        np.add.at(units, (bought["day"].to_numpy(), columns), 1.0)
        yield units


def _precision(tables: list[NDArray[np.float64]], first_day: int, end_day: int) -> Precision:
    pairs = [
        (_share(units[day], units[:day].sum(axis=0)), _share(units[day], expected_units(units[:day])))
        for units in tables
        for day in range(first_day, end_day)
        if units[day].any()
    ]
    popular, staged = np.array(pairs).T
    return Precision(popular, staged)


def _share(bought: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    return float((bought[to_stage(expected, [], STAGED)] > 0.0).sum() / STAGED)


def _rows(month: str, precision: Precision) -> list[Row]:
    gain = precision.staged - precision.popular
    half = Z_95 * gain.std(ddof=1) / np.sqrt(len(gain))
    note = f"{len(gain)} days of {STORES} stores; paired, 95 % +- {half:.4f}"
    return [
        Row(f"precision@{STAGED} of popularity, {month}", float(precision.popular.mean()), "share"),
        Row(f"precision@{STAGED} of staging, {month}", float(precision.staged.mean()), "share"),
        Row(f"gain of staging, {month}", float(gain.mean()), "share", target="above 0", note=note),
    ]
