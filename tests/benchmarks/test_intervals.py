"""The interval around a share that was counted, against figures from the literature."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.intervals import wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_of_the_literature_get_their_published_interval(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_nothing_tried_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 5000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_the_share_is_inside_and_failures_mirror_successes(counted: tuple[int, int]) -> None:
    successes, trials = counted
    low, high = wilson(successes, trials)
    assert 0.0 <= low <= high <= 1.0
    assert low - 1e-12 <= successes / trials <= high + 1e-12
    assert wilson(trials - successes, trials) == pytest.approx((1.0 - high, 1.0 - low), abs=1e-12)


@given(st.integers(1, 200), st.integers(2, 50))
def test_more_trials_with_the_same_share_say_it_more_closely(trials: int, times: int) -> None:
    few, many = wilson(trials // 2, trials), wilson(times * (trials // 2), times * trials)
    assert many[1] - many[0] < few[1] - few[0]
