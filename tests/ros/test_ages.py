"""Ages: quantiles of the newest ones."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from aisle_ros.ages import Ages


def test_without_an_age_there_is_no_quantile() -> None:
    ages = Ages()
    ages.note(math.nan)
    assert ages.quantile_s(0.5) is None


@given(st.lists(st.floats(0.0, 10.0), min_size=1, max_size=100), st.floats(0.0, 1.0))
def test_a_quantile_is_one_of_the_ages_and_grows_with_its_share(values: list[float], share: float) -> None:
    ages = Ages()
    for value in values:
        ages.note(value)
    middle = ages.quantile_s(share)
    lowest, highest = ages.quantile_s(0.0), ages.quantile_s(1.0)
    assert lowest == min(values)
    assert highest == max(values)
    assert middle in values


def test_old_ages_are_forgotten() -> None:
    ages = Ages()
    for _ in range(300):
        ages.note(9.0)
    for _ in range(200):
        ages.note(1.0)
    assert ages.quantile_s(1.0) == 1.0
