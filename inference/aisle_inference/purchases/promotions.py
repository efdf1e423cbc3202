"""Promotions: what a store puts on display or into its mailer, week by week, as a table and as arrays.

A promotion is what every shopper sees in the store that week. Nobody pays for a place in an answer by it: it says no
margin, no fee and no sponsor.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from aisle.config import ConfigError, Settings, load
from aisle_inference.purchases.columns import Column, Kind, TableProblem, read_columns
from aisle_inference.purchases.table import Indices, Offsets, Purchases
from aisle_inference.purchases.weeks import Weeks

_LOG = logging.getLogger(__name__)

# How a table says that a product is in no display or mailer; an empty cell says the same.
NOWHERE = "0"
_MOST_WEEKS = 10_000
_MOST_PLACES = 255
COLUMNS = (
    Column("product_id", Kind.WHOLE),
    Column("store_id", Kind.WHOLE),
    Column("display_location", Kind.TEXT, missing=NOWHERE),
    Column("mailer_location", Kind.TEXT, missing=NOWHERE),
    Column("week", Kind.WHOLE, 0, _MOST_WEEKS),
)
_ORDER = ("week", "store", "product")
Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class PromotionProblem(TableProblem):
    """Promotions that cannot be used; the message says where and what to do."""


class PromotionNames(Settings, frozen=True):
    """The mapping file of a promotion table: our column name, and the file's."""

    product_id: str = "product_id"
    store_id: str = "store_id"
    display_location: str = "display_location"
    mailer_location: str = "mailer_location"
    week: str = "week"


def read_promotions(path: Path, mapping: Path | None = None) -> pl.LazyFrame:
    """Return the rows with the columns of `COLUMNS`, checked and still to be collected. Raises PromotionProblem.

    A row is a product that one store promotes in one week, where on display and where in the mailer; `NOWHERE` says
    that it is not. A table may be larger than memory: collect only what is wanted of it, as `Promotions.of` does.
    """
    try:
        names = load(mapping, PromotionNames) if mapping is not None else PromotionNames()
        return read_columns(path, COLUMNS, msgspec.structs.asdict(names))
    except (TableProblem, ConfigError) as error:
        raise PromotionProblem(str(error)) from error


@dataclass(frozen=True, slots=True)
class Promotions:
    """R promotions of P products in S stores over W weeks from `first_week` on, sorted by week, store and product.

    `product` (R,) and the stores count into the ids of `Purchases`. `display` and `mailer` (R,) count into their names,
    of which the first is NOWHERE. Row `(week - first_week) * S + store` of `start` (W * S + 1,) is where the promotions
    of a store in a week begin. Stores without any promotion are taken for stores of which none is known.
    """

    weeks: Weeks
    first_week: int
    products: int
    stores: int
    product: Indices
    display: Codes
    mailer: Codes
    display_names: tuple[str, ...]
    mailer_names: tuple[str, ...]
    start: Offsets

    @classmethod
    def of(cls, table: pl.LazyFrame, purchases: Purchases, weeks: Weeks) -> Promotions:
        """Collect the promotions of the products and stores of the purchases, from their first week on.

        Of two rows about the same product, store and week the last by the names of its places counts, so that one which
        says a place wins over one which says none. Raises PromotionProblem.
        """
        first_week = weeks.number_of(float(purchases.time_d.min())) if len(purchases.time_d) else 0
        rows = _rows(table, purchases, first_week)
        if rows.is_empty():
            raise PromotionProblem(
                "no promotion is about a product, a store and a week of the purchases; are these the right files?"
            )
        week, store = (rows[name].to_numpy().astype(np.int64) for name in ("week", "store"))
        display, display_names = _coded(rows["display_location"])
        mailer, mailer_names = _coded(rows["mailer_location"])
        cells = (week - first_week) * purchases.stores + store
        covered = int(week.max(initial=first_week - 1)) - first_week + 1
        return cls(
            weeks=weeks,
            first_week=first_week,
            products=purchases.products,
            stores=purchases.stores,
            product=rows["product"].to_numpy(),
            display=display,
            mailer=mailer,
            display_names=display_names,
            mailer_names=mailer_names,
            start=np.searchsorted(cells, np.arange(covered * purchases.stores + 1)).astype(np.int64),
        )

    @classmethod
    def none(cls, products: int, stores: int) -> Promotions:
        """Return no promotions: those of a shop that says none."""
        codes, start = np.empty(0, dtype=np.uint8), np.zeros(1, dtype=np.int64)
        product = np.empty(0, dtype=np.int32)
        return cls(Weeks(0.0), 0, products, stores, product, codes, codes, (NOWHERE,), (NOWHERE,), start)

    def __len__(self) -> int:
        """Return how many promotions there are."""
        return len(self.product)

    @property
    def cells(self) -> Offsets:
        """Return the row of `start` (R,) that each promotion belongs to."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @property
    def store(self) -> Indices:
        """Return the store (R,) of each promotion."""
        return (self.cells % max(1, self.stores)).astype(np.int32)

    @property
    def week(self) -> Indices:
        """Return the week (R,) of each promotion."""
        return (self.cells // max(1, self.stores) + self.first_week).astype(np.int32)

    def in_store(self, store: int, time_d: float) -> slice:
        """Return where the promotions of a store at a time stand; empty where none is known."""
        cell = int(self.cell_at(np.array([store]), np.array([time_d]))[0])
        return slice(0, 0) if cell < 0 else slice(int(self.start[cell]), int(self.start[cell + 1]))

    def cell_at(self, store: npt.NDArray[np.integer], time_d: npt.NDArray[np.float64]) -> Indices:
        """Return the row (n,) of `start` of stores at times; -1 where no promotion of that store and week is known."""
        cell = (self.weeks.at(time_d) - self.first_week) * self.stores + store
        inside = (store >= 0) & (store < self.stores) & (cell >= 0) & (cell < len(self.start) - 1)
        known = inside & (np.append(np.diff(self.start), 0)[np.where(inside, cell, -1)] > 0)
        return np.where(known, cell, -1).astype(np.int32)

    def only_products(self, kept: Mask) -> Promotions:
        """Return the promotions of the products (P,) that are kept, which are numbered anew."""
        rows = kept[self.product]
        number = (np.cumsum(kept) - 1).astype(np.int32)
        return self._only(rows, number[self.product[rows]], int(np.count_nonzero(kept)))

    def since(self, time_d: float) -> Promotions:
        """Return the promotions of the week of a time and of all later ones."""
        week = max(self.first_week, self.weeks.number_of(time_d))
        first = min((week - self.first_week) * self.stores, len(self.start) - 1)
        rows = slice(int(self.start[first]), None)
        return replace(
            self,
            first_week=week,
            product=self.product[rows],
            display=self.display[rows],
            mailer=self.mailer[rows],
            start=self.start[first:] - self.start[first],
        )

    def _only(self, rows: Mask, product: Indices, products: int) -> Promotions:
        start = np.concatenate(([0], np.cumsum(rows)))[self.start].astype(np.int64)
        display, mailer = self.display[rows], self.mailer[rows]
        return replace(self, products=products, product=product, display=display, mailer=mailer, start=start)


def _rows(table: pl.LazyFrame, purchases: Purchases, first_week: int) -> pl.DataFrame:
    """Return the wanted rows by week, store and product, which count into the ids of the purchases."""
    places = (pl.col("display_location", "mailer_location").cast(pl.Categorical),)
    wanted = (
        table.filter(pl.col("week") >= first_week)
        .join(_numbers("product", purchases.product_ids), on="product_id")
        .join(_numbers("store", purchases.store_ids), on="store_id")
        .select(pl.col("week").cast(pl.Int32), "store", "product", *places)
    )
    rows = wanted.collect(engine="streaming").sort(*_ORDER, "display_location", "mailer_location")
    same = pl.struct(*_ORDER)
    kept = rows.filter((same != same.shift(-1)).fill_null(True))
    if len(rows) > len(kept):
        _LOG.info("%d promotions stand there more than once; one of each counts", len(rows) - len(kept))
    return kept


def _numbers(name: str, ids: npt.NDArray[np.int64]) -> pl.LazyFrame:
    return pl.LazyFrame({f"{name}_id": ids, name: np.arange(len(ids), dtype=np.int32)})


def _coded(places: pl.Series) -> tuple[Codes, tuple[str, ...]]:
    """Return codes (R,) and the names that they count into. Raises PromotionProblem."""
    found = set(places.unique().cast(pl.String).to_list()) - {NOWHERE}
    names = (NOWHERE, *sorted(found))
    if len(names) > _MOST_PLACES:
        raise PromotionProblem(
            f"{places.name} has {len(names)} different values, at most {_MOST_PLACES} are places; "
            "is it the right column?"
        )
    return places.cast(pl.Enum(names)).to_physical().to_numpy().astype(np.uint8), names
