from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.evaluation.shift import (
    counts_between,
    index_by_chance,
    limits_of,
    shannon_distance,
    stability_index,
)

COUNTS = st.lists(st.integers(0, 1000), min_size=4, max_size=4).map(np.array)


@given(COUNTS, COUNTS)
def test_both_measures_are_the_same_both_ways_and_never_below_zero(before: np.ndarray, now: np.ndarray) -> None:
    for measure in (stability_index, shannon_distance):
        assert measure(before, now) == pytest.approx(measure(now, before), abs=1e-9)
        assert measure(before, now) >= 0.0
        assert measure(before, before) == pytest.approx(0.0, abs=1e-6)


def test_a_moved_half_has_the_index_of_the_formula() -> None:
    many = 10**9
    index = stability_index(np.array([many, many]), np.array([3 * many, many]))
    assert index == pytest.approx(0.25 * np.log(1.5) - 0.25 * np.log(0.5), rel=1e-6)


def test_nothing_in_common_is_a_distance_of_one() -> None:
    assert shannon_distance(np.array([5, 0]), np.array([0, 7])) == pytest.approx(1.0)
    assert shannon_distance(np.array([0, 0]), np.array([0, 7])) == 0.0


def test_chance_alone_is_exceeded_once_in_a_hundred_times() -> None:
    rng = np.random.default_rng(5)
    shares = np.full(20, 0.05)
    samples = [(rng.multinomial(3000, shares), rng.multinomial(1000, shares)) for _ in range(2000)]
    above = [stability_index(*pair) > index_by_chance(*pair, 3000, 1000) for pair in samples]
    assert 0.003 < np.mean(above) < 0.025


def test_classes_hold_equal_parts_and_equal_limits_are_one() -> None:
    values = np.arange(100.0)
    assert counts_between(values, limits_of(values)).tolist() == [10] * 10
    assert len(limits_of(np.ones(50))) == 1
    assert counts_between(np.array([2.0, 7.0]), limits_of(np.empty(0))).tolist() == [2]
