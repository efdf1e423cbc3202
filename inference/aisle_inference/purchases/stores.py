"""The stores of a shop: what a table says of each, and what its purchases say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from aisle.config import ConfigError, Settings, load
from aisle_inference.purchases.columns import Column, Kind, TableProblem, read_columns
from aisle_inference.purchases.table import EPOCH

_NAMED = 5
_MOST_AREA_M2 = 1e6
COLUMNS = (
    Column("store_id", Kind.WHOLE),
    Column("name", Kind.TEXT, missing=""),
    Column("type", Kind.TEXT, missing=""),
    # 0 is an area that is not known.
    Column("area_m2", Kind.NUMBER, 0.0, _MOST_AREA_M2, missing=0.0),
)


class StoreProblem(TableProblem):
    """Stores that cannot be used; the message says where and what to do."""


class StoreNames(Settings, frozen=True):
    """The mapping file of a store table: our column name, and the file's."""

    store_id: str = "store_id"
    name: str = "name"
    type: str = "type"
    area_m2: str = "area_m2"


def read_stores(path: Path, mapping: Path | None = None) -> pl.DataFrame:
    """Return one row a store, by ascending number, with the columns of `COLUMNS`. Raises StoreProblem."""
    try:
        names = load(mapping, StoreNames) if mapping is not None else StoreNames()
        stores = read_columns(path, COLUMNS, msgspec.structs.asdict(names)).collect()
    except (TableProblem, ConfigError) as error:
        raise StoreProblem(str(error)) from error
    twice = stores.filter(pl.col("store_id").is_duplicated())["store_id"].unique().sort().to_list()
    if twice:
        raise StoreProblem(f"{path}: {_named(twice)} stand there more than once; keep one row of each")
    return stores.sort("store_id")


@dataclass(frozen=True, slots=True)
class Stores:
    """S stores, by ascending number; `first_d` and `last_d` are days from EPOCH, NaN in a store without purchases.

    `trips` counts households by calendar days, `households` those that ever bought there. Names and types are "" and
    areas 0 where the shop does not say them.
    """

    store_ids: npt.NDArray[np.int64]
    names: tuple[str, ...]
    types: tuple[str, ...]
    area_m2: npt.NDArray[np.float64]
    trips: npt.NDArray[np.int64]
    households: npt.NDArray[np.int64]
    first_d: npt.NDArray[np.float64]
    last_d: npt.NDArray[np.float64]

    @classmethod
    def of(cls, rows: pl.DataFrame, table: pl.DataFrame | None = None) -> Stores:
        """Count what rows of `read_history` say of the stores of `read_stores`; without a table, of all that they name.

        Raises StoreProblem when purchases were made in a store that the table does not know.
        """
        counted = counted_stores(rows.lazy()).collect()
        if table is None:
            table = counted.select("store_id", name=pl.lit(""), type=pl.lit(""), area_m2=pl.lit(0.0))
        strange = np.setdiff1d(counted["store_id"].to_numpy(), table["store_id"].to_numpy()).tolist()
        if strange:
            raise StoreProblem(
                f"purchases were made in {_named(strange)} that the table of stores lacks; add them, or leave it out"
            )
        stores = table.join(counted, on="store_id", how="left", maintain_order="left")
        first, last = (_days(stores[name]) for name in ("first_day", "last_day"))
        return cls(
            store_ids=stores["store_id"].to_numpy(),
            names=tuple(stores["name"]),
            types=tuple(stores["type"]),
            area_m2=stores["area_m2"].to_numpy(),
            trips=stores["trips"].fill_null(0).to_numpy().astype(np.int64),
            households=stores["households"].fill_null(0).to_numpy().astype(np.int64),
            first_d=first,
            last_d=last,
        )

    @property
    def unvisited(self) -> npt.NDArray[np.int64]:
        """Return the numbers of the stores in which nothing was bought."""
        idle: npt.NDArray[np.int64] = self.store_ids[self.trips == 0]
        return idle

    @property
    def sentence(self) -> str:
        """Say how many stores there are, and name those in which nothing was bought."""
        said = f"{len(self.store_ids)} stores, {int(self.trips.sum())} trips"
        return f"{said}; nothing was bought in {_named(self.unvisited.tolist())}" if len(self.unvisited) else said


def counted_stores(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return store_id, trips, households, first_day and last_day of transactions, by ascending number."""
    day = pl.col("ts").dt.date()
    return (
        rows.group_by("store_id")
        .agg(
            trips=pl.struct("household_id", day).n_unique(),
            households=pl.col("household_id").n_unique(),
            first_day=day.min(),
            last_day=day.max(),
        )
        .sort("store_id")
    )


def _days(day: pl.Series) -> npt.NDArray[np.float64]:
    since_us = (day.cast(pl.Datetime("us")) - EPOCH).dt.total_days()
    return since_us.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _named(numbers: Sequence[int]) -> str:
    """Return how many stores these are and the numbers of the first."""
    shown = ", ".join(map(str, numbers[:_NAMED])) + (", ..." if len(numbers) > _NAMED else "")
    return f"{len(numbers)} store(s) ({shown})"
