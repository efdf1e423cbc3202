"""Transactions as trips: which products were bought together.

A trip is one household in one store on one day. Rows from 1 December 2017 on are never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

READ_BEFORE = datetime(2017, 12, 1)  # noqa: DTZ001 - the data's time stamps carry no time zone


@dataclass(frozen=True, slots=True)
class Trips:
    """A 0/1 matrix, shape (trips, products), and the product number of each column, ascending."""

    matrix: sparse.csr_matrix
    product_ids: npt.NDArray[np.int64]
    first_day: str
    last_day: str


def read_trips(transactions: Path, product_of_variant: Mapping[int, int], before: datetime = READ_BEFORE) -> Trips:
    """Read trips of the products on the shelves. `before` may be earlier than the limit, never later."""
    until = min(before, READ_BEFORE)
    mapping = pl.LazyFrame(
        {"product_id": list(product_of_variant), "label": list(product_of_variant.values())},
        schema={"product_id": pl.Int64, "label": pl.Int64},
    )
    rows = (
        pl.scan_parquet(transactions)
        .filter((pl.col("transaction_timestamp") < until) & (pl.col("quantity") > 0))
        .select(
            "household_id",
            "store_id",
            pl.col("product_id").cast(pl.Int64),
            pl.col("transaction_timestamp").dt.date().alias("day"),
        )
        .join(mapping, on="product_id")
        .select("household_id", "store_id", "day", "label")
        .unique()
        .sort("day", "household_id", "store_id", "label")
        .collect()
    )
    if rows.is_empty():
        raise ValueError(f"{transactions}: no row before {until:%Y-%m-%d} is about a product on the shelves")
    trip = (
        rows.select(pl.struct("day", "household_id", "store_id").rank("dense").cast(pl.Int64) - 1)
        .to_series()
        .to_numpy()
    )
    labels = rows["label"].to_numpy()
    product_ids, columns = np.unique(labels, return_inverse=True)
    matrix = sparse.csr_matrix(
        (np.ones(len(rows), dtype=np.float32), (trip, columns)), shape=(int(trip.max()) + 1, len(product_ids))
    )
    return Trips(matrix, product_ids.astype(np.int64), str(rows["day"].min()), str(rows["day"].max()))
