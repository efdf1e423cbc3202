from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from store_backend.staging import StagingSettings, expected_units, to_stage

COUNTS = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), max_size=20)


def table(rows: list[list[int]]) -> NDArray[np.float64]:
    return np.array(rows, dtype=np.float64).reshape(len(rows), 3)


def test_what_goes_out_every_day_is_expected_every_day() -> None:
    assert np.allclose(expected_units(table([[2, 0, 1]] * 30)), [2.0, 0.0, 1.0])


def test_what_went_out_lately_is_expected_before_what_went_out_long_ago() -> None:
    expected = expected_units(table([[5, 0, 0]] * 40 + [[0, 5, 0]] * 40))
    assert expected[1] > expected[0] > expected[2]


def test_what_goes_out_on_this_day_of_the_week_is_expected_before_what_goes_out_as_often_on_others() -> None:
    rows = table([[0, 0, 0]] * 70)
    # The day that is forecast is day 70; days 0, 7, 14 are of its weekday.
    rows[0::7, 0], rows[1::7, 1] = 1.0, 1.0
    assert expected_units(rows)[0] > expected_units(rows, StagingSettings(weekday_weight=0.0))[0]
    assert expected_units(rows)[0] > expected_units(rows)[1]


@given(COUNTS)
def test_an_expectation_lies_between_the_least_and_the_most_of_a_day(rows: list[list[int]]) -> None:
    units, expected = table(rows), expected_units(table(rows))
    assert (expected >= 0.0).all()
    assert (expected <= (units.max(axis=0) if rows else 0.0) + 1e-9).all()


@given(COUNTS, st.lists(st.integers(0, 2), unique=True), st.integers(0, 3))
def test_what_is_ordered_comes_first_and_nothing_twice(rows: list[list[int]], ordered: list[int], most: int) -> None:
    staged = to_stage(expected_units(table(rows)), ordered, most)
    assert staged[: len(ordered)] == ordered[:most]
    assert len(set(staged)) == len(staged) <= most


def test_what_nobody_ever_took_is_not_staged() -> None:
    assert to_stage(expected_units(table([[1, 0, 0]] * 3)), [], 3) == [0]
