"""Purchases as arrays: events sorted by household and time, and the trips that they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

# Days are counted from here; earlier ones are negative.
EPOCH = datetime(2017, 1, 1)  # noqa: DTZ001 - receipts carry no time zone
_DAY_US = 86_400_000_000
_TRIP = ("household_id", "store_id", "day")
_ORDER = ("household_id", "trip_us", "store_id", "product_id")

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]


def days_since_epoch(time: datetime) -> float:
    """Return a wall-clock time as days since EPOCH."""
    return (time - EPOCH) / timedelta(microseconds=1) / _DAY_US


def time_of(time_d: float) -> datetime:
    """Return the wall-clock time that is so many days from EPOCH, to the microsecond."""
    return EPOCH + timedelta(microseconds=round(time_d * _DAY_US))


@dataclass(frozen=True, slots=True)
class Purchases:
    """E events in T trips of H households in S stores, over P products.

    An event is one product of one trip; a trip is one household in one store on one calendar day, and its time is that
    of its first row. Events are sorted by household, trip time, store and product. `household`, `store` and `product`
    count into the ids, which are ascending; `household_start` (H+1,) and `trip_start` (T+1,) are offsets of events,
    `household_trip_start` (H+1,) of trips. Quantities and money are sums over the trip; `discount` is money saved.
    """

    product_ids: npt.NDArray[np.int64]
    household_ids: npt.NDArray[np.int64]
    store_ids: npt.NDArray[np.int64]
    household: Indices
    store: Indices
    product: Indices
    time_d: npt.NDArray[np.float64]
    trip: Indices
    quantity: Floats
    paid: Floats
    discount: Floats
    household_start: Offsets
    trip_household: Indices
    trip_store: Indices
    trip_time_d: npt.NDArray[np.float64]
    trip_start: Offsets
    household_trip_start: Offsets

    @classmethod
    def of(cls, rows: pl.DataFrame, product_ids: npt.NDArray[np.int64]) -> Purchases:
        """Arrange rows with the columns of `read_history`; those of other products are left out."""
        product_ids = np.unique(product_ids)
        events = _events(rows, product_ids)
        household_ids, household = _numbered(events["household_id"])
        store_ids, store = _numbered(events["store_id"])
        time_d = (events["trip_us"].to_numpy() / _DAY_US).astype(np.float64)
        first = np.flatnonzero(events["is_first"].to_numpy())
        counts = np.arange(len(household_ids) + 1)
        return cls(
            product_ids=product_ids,
            household_ids=household_ids,
            store_ids=store_ids,
            household=household,
            store=store,
            product=np.searchsorted(product_ids, events["product_id"].to_numpy()).astype(np.int32),
            time_d=time_d,
            trip=(np.cumsum(events["is_first"].to_numpy()) - 1).astype(np.int32),
            quantity=events["quantity"].to_numpy().astype(np.float32),
            paid=events["sales_value"].to_numpy().astype(np.float32),
            discount=events["discount"].to_numpy().astype(np.float32),
            household_start=np.searchsorted(household, counts).astype(np.int64),
            trip_household=household[first],
            trip_store=store[first],
            trip_time_d=time_d[first],
            trip_start=np.append(first, len(household)).astype(np.int64),
            household_trip_start=np.searchsorted(household[first], counts).astype(np.int64),
        )

    @property
    def products(self) -> int:
        """Return how many products there are."""
        return len(self.product_ids)

    @property
    def households(self) -> int:
        """Return how many households bought any of them."""
        return len(self.household_ids)

    @property
    def stores(self) -> int:
        """Return how many stores they were bought in."""
        return len(self.store_ids)

    @property
    def trips(self) -> int:
        """Return how many trips there are."""
        return len(self.trip_time_d)

    def trip_products(self, trip: int) -> Indices:
        """Return the products of a trip, ascending."""
        return self.product[self.trip_start[trip] : self.trip_start[trip + 1]]

    def events_before(self, household: int, time_d: float) -> int:
        """Return the end offset of a household's events in trips that began strictly before a time."""
        start, end = self.household_start[household], self.household_start[household + 1]
        return int(start + np.searchsorted(self.time_d[start:end], time_d, side="left"))


def _events(rows: pl.DataFrame, product_ids: npt.NDArray[np.int64]) -> pl.DataFrame:
    wanted = pl.LazyFrame({"product_id": product_ids}, schema={"product_id": pl.Int64})
    bought = rows.lazy().filter(pl.col("quantity") > 0).join(wanted, on="product_id", how="semi")
    events = (
        bought.with_columns(pl.col("ts").dt.date().alias("day"))
        .group_by(*_TRIP, "product_id")
        .agg(
            pl.col("ts").min(),
            pl.col("quantity", "sales_value").sum(),
            (pl.col("retail_disc") + pl.col("coupon_disc")).sum().alias("discount"),
        )
        .with_columns((pl.col("ts").min().over(_TRIP) - EPOCH).dt.total_microseconds().alias("trip_us"))
        .sort(_ORDER)
    )
    # Two trips of one household may begin at the same moment in two stores; on one day a store sees it once.
    changes = pl.struct("household_id", "trip_us", "store_id")
    return events.with_columns((changes != changes.shift(1)).fill_null(True).alias("is_first")).collect()


def _numbered(ids: pl.Series) -> tuple[npt.NDArray[np.int64], Indices]:
    values, numbers = np.unique(ids.to_numpy().astype(np.int64), return_inverse=True)
    return values, numbers.astype(np.int32)
