from __future__ import annotations

import numpy as np
import pytest

from aisle_inference.harness import bootstrap
from aisle_inference.harness.bootstrap import difference_interval, mean_interval

FIGURES = np.random.default_rng(1).normal(0.3, 1.0, size=900)


def test_the_interval_is_that_of_the_normal_theory_for_many_queries() -> None:
    interval = mean_interval(FIGURES, seed=1)
    half = 1.96 * FIGURES.std() / 30
    assert interval.mean == pytest.approx(FIGURES.mean())
    assert interval.low == pytest.approx(FIGURES.mean() - half, abs=0.005)
    assert interval.high == pytest.approx(FIGURES.mean() + half, abs=0.005)


def test_equal_figures_leave_no_doubt() -> None:
    interval = mean_interval(np.full(5, 0.25), seed=1)
    assert (interval.low, interval.mean, interval.high) == (0.25, 0.25, 0.25)


def test_pairing_takes_out_what_both_share() -> None:
    better = difference_interval(FIGURES + 0.01, FIGURES, seed=1)
    assert better.is_above_zero
    assert better.high == pytest.approx(0.01)
    assert not difference_interval(FIGURES, FIGURES, seed=1).is_above_zero


def test_blocks_do_not_change_how_many_means_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = mean_interval(FIGURES, seed=1, resamples=100)
    monkeypatch.setattr(bootstrap, "_BLOCK", 7 * len(FIGURES))
    assert mean_interval(FIGURES, seed=1, resamples=100) == whole


def test_no_queries_and_unpaired_queries_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one query"):
        mean_interval(np.empty(0), seed=1)
    with pytest.raises(ValueError, match="2 and 3 queries"):
        difference_interval(np.zeros(2), np.zeros(3), seed=1)
