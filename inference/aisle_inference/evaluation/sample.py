"""What a stretch of purchases looks like: the distributions and shares that a drift report compares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.evaluation.shift import Counts, Values
from aisle_inference.purchases.products import Assortment
from aisle_inference.purchases.table import Purchases
from aisle_inference.ranking.sales import DAYS_OF_WEEK, weekday_of

_HOURS = 24
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """E events in T trips: `category` (C,) and, by trips, `hour` (24,) and `weekday` (7,) are counts.

    Weekdays are counted over the last whole weeks, since any other stretch has more of some; none in less than a week.
    `basket_size` (T,) is products a trip, `paid` (E,) money a piece.
    """

    events: int
    trips: int
    category: Counts
    hour: Counts
    weekday: Counts
    basket_size: Values
    paid: Values

    @classmethod
    def of(cls, bought: Purchases, assortment: Assortment, from_d: float, before_d: float) -> Sample:
        """Take the purchases from one day to before another."""
        some = (bought.time_d >= from_d) & (bought.time_d < before_d)
        trips = (bought.trip_time_d >= from_d) & (bought.trip_time_d < before_d)
        trip_time_d = bought.trip_time_d[trips]
        in_weeks = trip_time_d >= before_d - DAYS_OF_WEEK * np.floor((before_d - from_d) / DAYS_OF_WEEK)
        pieces = bought.quantity[some].astype(np.float64)
        category = np.bincount(assortment.category[bought.product[some]], minlength=len(assortment.category_names))
        return cls(
            events=int(np.count_nonzero(some)),
            trips=int(np.count_nonzero(trips)),
            category=category.astype(np.int64),
            hour=np.bincount(np.floor(trip_time_d % 1.0 * _HOURS).astype(np.int64), minlength=_HOURS).astype(np.int64),
            weekday=np.bincount(weekday_of(trip_time_d[in_weeks]), minlength=DAYS_OF_WEEK).astype(np.int64),
            basket_size=np.diff(bought.trip_start)[trips].astype(np.float64),
            paid=bought.paid[some] / np.maximum(pieces, 1e-9),
        )


@dataclass(frozen=True, slots=True)
class Bought:
    """Who bought what and when, by the shop's own numbers, over any number of files; all (E,)."""

    household_id: npt.NDArray[np.int64]
    product_id: npt.NDArray[np.int64]
    time_d: Values

    @classmethod
    def of(cls, purchases: Purchases) -> Bought:
        """Take every event."""
        return cls(
            purchases.household_ids[purchases.household], purchases.product_ids[purchases.product], purchases.time_d
        )

    def before(self, day_d: float) -> Bought:
        """Return the events before a day."""
        some = self.time_d < day_d
        return Bought(self.household_id[some], self.product_id[some], self.time_d[some])

    def and_then(self, other: Bought) -> Bought:
        """Return the events of both."""
        return Bought(
            np.concatenate((self.household_id, other.household_id)),
            np.concatenate((self.product_id, other.product_id)),
            np.concatenate((self.time_d, other.time_d)),
        )

    def repeated(self) -> Mask:
        """Return which events (E,) are of a product that the household bought before."""
        order = np.lexsort((self.time_d, self.product_id, self.household_id))
        household, product = self.household_id[order], self.product_id[order]
        again = np.zeros(len(order), dtype=np.bool_)
        again[1:] = (household[1:] == household[:-1]) & (product[1:] == product[:-1])
        out = np.empty_like(again)
        out[order] = again
        return out


def repeat_share(bought: Bought, from_d: float, before_d: float) -> float:
    """Return what share of the events from one day to before another were repeated; 0 without any."""
    some = (bought.time_d >= from_d) & (bought.time_d < before_d)
    return float(bought.repeated()[some].mean()) if some.any() else 0.0
