"""A shop's numbered weeks: when each begins, found from transactions that say their week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from aisle_inference.purchases.columns import TableProblem
from aisle_inference.purchases.table import EPOCH

DAYS_OF_WEEK = 7
_DAY_US = 86_400_000_000
# Clocks are put forward and back, and a late shift may count into the day before.
_SLACK_D = 1.0


class WeekProblem(TableProblem):
    """Week numbers from which no calendar can be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weeks of seven days, numbered on without a gap: week 0 begins `origin_d` days from EPOCH."""

    origin_d: float

    @classmethod
    def of(cls, rows: pl.DataFrame) -> Weeks:
        """Find the weeks of rows with the columns of `read_history`; those of week -1 say nothing. Raises WeekProblem.

        No row may lie before its week or after it; of the beginnings that this leaves the middle is taken.
        """
        into_d = (pl.col("ts") - EPOCH).dt.total_microseconds() / _DAY_US - DAYS_OF_WEEK * pl.col("week")
        known = rows.lazy().filter(pl.col("week") >= 0)
        earliest_d, latest_d = known.select(into_d.min().alias("first"), into_d.max().alias("last")).collect().row(0)
        if earliest_d is None:
            raise WeekProblem(
                "promotions stand by week, and the purchases say no week; give them a column `week` with the same "
                "numbers, or name the one that they have in their mapping file"
            )
        if latest_d - earliest_d > DAYS_OF_WEEK + _SLACK_D:
            raise WeekProblem(
                f"the weeks of the purchases do not fit their times: one number spans {latest_d - earliest_d:.1f} days,"
                f" at most {DAYS_OF_WEEK} are a week; number the weeks on, also over the turn of a year"
            )
        return cls(float(earliest_d + latest_d - DAYS_OF_WEEK) / 2)

    def at(self, time_d: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return the weeks (n,) of times (n,), in days since EPOCH."""
        return np.floor((time_d - self.origin_d) / DAYS_OF_WEEK).astype(np.int64)

    def number_of(self, time_d: float) -> int:
        """Return the week of one time."""
        return int(self.at(np.array([time_d]))[0])
