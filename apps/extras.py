"""`aisle care extras`: which services shoppers get on top of everybody's, from purchases that may be learnt from.

What a shopper is worth is computed and forgotten: only the services are shown (docs/fairness.md).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl

from store_backend.extras import FLOOR, Service, services_for
from store_backend.lifetime_value import Visits, fit_values, fit_visits

_YEAR_WEEKS = 52.0
_CENTS = 100.0


@dataclass(frozen=True, slots=True)
class Extras:
    """What each shopper who agreed gets on top of the floor."""

    by_shopper: dict[int, frozenset[Service]]

    def of(self, shopper: int) -> frozenset[Service]:
        """Return the extras of a shopper; none for one who is unknown or did not agree."""
        return self.by_shopper.get(shopper, frozenset())

    def counts(self) -> dict[Service, int]:
        """Return how many shoppers get each extra."""
        found = Counter(service for services in self.by_shopper.values() for service in services)
        return {service: found[service] for service in Service if service not in FLOOR}


def extras_of(history: pl.DataFrame) -> Extras:
    """Estimate the year ahead of every shopper who agreed, and return the extras. Raises FitProblem.

    `history` is what `read_history` returns, which leaves out whoever did not agree; one day's purchases are one visit.
    """
    shoppers = _by_shopper(history)
    repeats, mean_value = shoppers["repeats"].to_numpy().astype(np.float64), shoppers["mean_value"].to_numpy()
    visits = Visits(repeats, shoppers["last_week"].to_numpy(), shoppers["weeks"].to_numpy())
    ahead = fit_visits(visits).expected_visits(visits, _YEAR_WEEKS)
    cents = _CENTS * ahead * fit_values(repeats, mean_value).expected_value(repeats, mean_value)
    numbers = shoppers["household_id"].to_list()
    return Extras({number: services_for(float(one)) - FLOOR for number, one in zip(numbers, cents, strict=True)})


def _by_shopper(agreed: pl.DataFrame) -> pl.DataFrame:
    """Return repeats, the week of the last visit, the weeks watched and the mean value of a repeat, by shopper."""
    days = agreed.group_by("household_id", pl.col("ts").dt.date().alias("day")).agg(pl.col("sales_value").sum())
    end, first = pl.lit(days["day"].max()), pl.col("day").min().over("household_id")
    days = days.with_columns(first=first, is_repeat=pl.col("day") > first)
    return (
        days.group_by("household_id")
        .agg(
            repeats=pl.col("is_repeat").sum(),
            last_week=(pl.col("day").max() - pl.col("first").first()).dt.total_days() / 7.0,
            weeks=(end - pl.col("first").first()).dt.total_days() / 7.0,
            mean_value=pl.col("sales_value").filter("is_repeat").mean().fill_null(0.0),
        )
        .sort("household_id")
    )
