from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.purchases.table import days_since_epoch
from aisle_inference.purchases.weeks import WeekProblem, Weeks
from tests.inference.purchases.rows import START, history

DAY = days_since_epoch(START)


def rows_of(weeks: list[tuple[float, int]]) -> pl.DataFrame:
    """Return a purchase so many days after START in each numbered week."""
    rows = history((1, 7, 24.0 * day, 10) for day, _ in weeks)
    return rows.with_columns(pl.Series("week", [week for _, week in weeks], dtype=pl.Int64))


@given(days=st.lists(st.integers(0, 60), min_size=1), begins=st.floats(0, 6.9))
def test_every_purchase_lies_in_its_own_week(days: list[int], begins: float) -> None:
    numbered = [(float(day), int((day + begins) // 7) + 3) for day in days]
    weeks = Weeks.of(rows_of(numbered))
    at_d = np.array([DAY + day for day, _ in numbered])
    assert weeks.at(at_d).tolist() == [week for _, week in numbered]


def test_a_week_goes_on_for_seven_days_beyond_the_last_purchase() -> None:
    weeks = Weeks.of(rows_of([(0.0, 9), (6.9, 9), (7.0, 10), (13.9, 10)]))
    assert weeks.number_of(DAY + 0.1) == 9
    assert weeks.number_of(DAY + 14.1) == 11
    assert weeks.number_of(DAY + 700.1) == 109


def test_purchases_without_week_numbers_say_what_to_do() -> None:
    with pytest.raises(WeekProblem, match="give them a column `week`"):
        Weeks.of(history([(1, 7, 0, 10)]))


def test_weeks_that_begin_anew_with_the_year_are_refused() -> None:
    with pytest.raises(WeekProblem, match=r"one number spans 70\.0 days, at most 7"):
        Weeks.of(rows_of([(0.0, 51), (7.0, 52), (70.0, 51)]))


def test_clocks_put_back_by_an_hour_do_no_harm() -> None:
    rows = rows_of([(0.0, 9), (6.99, 9)]).with_columns(
        pl.when(pl.int_range(pl.len()) == 1).then(pl.col("ts") + timedelta(hours=1)).otherwise(pl.col("ts")).alias("ts")
    )
    assert Weeks.of(rows).number_of(DAY + 3.0) == 9
