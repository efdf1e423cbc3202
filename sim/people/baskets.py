"""What people really bought together, as the bays they had to go to: a sample of the demo data's trips.

The file is derived once from the transactions and the store's planogram; without it people go to random shelves.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from aisle import paths
from catalogue.replica import open_replica
from catalogue.source import CUTOFF, source_files
from store_model.plan import load_plan
from store_model.planogram import load_planogram

COLUMNS = ("basket", "bay_id")
LEAST_PRODUCTS, MOST_PRODUCTS = 3, 15
BASKETS = 500
MAX_BYTES = 5_000_000


class BasketsError(ValueError):
    """A file of baskets that cannot be used; the message names file and row."""


def baskets_file(store_dir: Path) -> Path:
    """Return where the baskets of a store are kept."""
    return paths.var_dir() / "baskets" / f"{store_dir.name}.csv"


def write_baskets(store_dir: Path) -> None:
    """Draw baskets from the demo data and write the bays of each in the order of the planogram.

    Raises SourceError when the demo data is not installed, ReplicaError, PlanError or PlanogramError for a bad store.
    """
    with open_replica(store_dir / "catalogue.sqlite") as replica:
        product_of_variant = replica.product_of_variants()
    placements = load_planogram(store_dir).by_product
    order = {bay_id: number for number, bay_id in enumerate(load_plan(store_dir).bays)}
    bay_of = {product: placement.bay_id for product, placement in placements.items() if placement.bay_id in order}
    trips = sample_trips(source_files()[1], product_of_variant)
    rows = [
        (number, bay_id)
        for number, products in enumerate(trips)
        for bay_id in sorted({bay_of[product] for product in products if product in bay_of}, key=order.__getitem__)
    ]
    path = baskets_file(store_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [",".join(COLUMNS), *(f"{number},{bay_id}" for number, bay_id in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def sample_trips(transactions: Path, product_of_variant: Mapping[int, int], count: int = BASKETS) -> list[list[int]]:
    """Return the products of trips spread evenly over the year: one household in one store on one day each.

    Trips with fewer than `LEAST_PRODUCTS` or more than `MOST_PRODUCTS` products of ours are left out.
    """
    mapping = pl.LazyFrame(
        {"product_id": list(product_of_variant), "label": list(product_of_variant.values())},
        schema={"product_id": pl.Int64, "label": pl.Int64},
    )
    trips = (
        pl.scan_parquet(transactions)
        .filter((pl.col("transaction_timestamp") < CUTOFF) & (pl.col("quantity") > 0))
        .select(
            "household_id", "store_id", pl.col("product_id").cast(pl.Int64),
            pl.col("transaction_timestamp").dt.date().alias("day"),
        )
        .join(mapping, on="product_id")
        .group_by("day", "household_id", "store_id")
        .agg(pl.col("label").unique().sort())
        .filter(pl.col("label").list.len().is_between(LEAST_PRODUCTS, MOST_PRODUCTS))
        .sort("day", "household_id", "store_id")
        .collect()
    )  # fmt: skip
    return [list(products) for products in trips.gather_every(max(1, len(trips) // count))["label"][:count]]


def read_baskets(store_dir: Path) -> tuple[tuple[str, ...], ...]:
    """Return the bays of each basket in the order of the planogram; nothing where there is no file.

    Raises BasketsError for a file that is no table of baskets.
    """
    path = baskets_file(store_dir)
    if not path.is_file():
        return ()
    if path.stat().st_size > MAX_BYTES:
        raise BasketsError(f"{path}: has {path.stat().st_size} bytes, at most {MAX_BYTES} are read; delete it")
    rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8", errors="replace")))
    if tuple(next(rows, ())) != COLUMNS:
        raise BasketsError(f"{path}, row 1: must be {','.join(COLUMNS)}; delete the file and set up again")
    baskets: dict[str, list[str]] = {}
    for number, row in enumerate(rows, start=2):
        if len(row) != len(COLUMNS):
            raise BasketsError(f"{path}, row {number}: has {len(row)} columns instead of 2; delete the file")
        baskets.setdefault(row[0], []).append(row[1])
    return tuple(tuple(bays) for bays in baskets.values())
