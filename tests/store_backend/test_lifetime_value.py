"""The models against the figures that their authors published for the CDNOW sample.

data/cdnow_sample.csv: the 2,357 shoppers of the 1/10 sample of CDNOW that Bruce Hardie publishes
(http://www.brucehardie.com/datasets/), as the PyPI package `lifetimes` 0.11.3 (MIT licence) carries it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from store_backend.lifetime_value import (
    FitProblem,
    Numbers,
    ValueModel,
    VisitModel,
    Visits,
    fit_values,
    fit_visits,
)

# "Counting your customers the easy way", table 1; the value model from "The gamma-gamma model of monetary value".
PUBLISHED = VisitModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
PUBLISHED_LOG_LIKELIHOOD = -9582.4
PUBLISHED_VALUES = ValueModel(p=6.25, q=3.74, gamma=15.44)


def sample() -> tuple[Visits, Numbers]:
    path = Path(__file__).parent / "data" / "cdnow_sample.csv"
    x, last, weeks, value = np.loadtxt(path, delimiter=",", skiprows=1).T
    return Visits(x, last, weeks), value


def test_the_sample_is_the_published_one() -> None:
    visits, value = sample()
    assert len(visits.repeats) == 2357
    assert (visits.repeats > 0).sum() == (value > 0).sum() == 946


def test_the_published_parameters_have_the_published_likelihood() -> None:
    assert PUBLISHED.log_likelihood(sample()[0]) == pytest.approx(PUBLISHED_LOG_LIKELIHOOD, abs=0.05)


def test_the_fit_to_visits_finds_the_published_parameters() -> None:
    found = fit_visits(sample()[0])
    for name in ("r", "alpha", "a", "b"):
        assert getattr(found, name) == pytest.approx(getattr(PUBLISHED, name), abs=0.001), name


def test_the_fit_to_values_finds_the_published_parameters() -> None:
    visits, value = sample()
    found = fit_values(visits.repeats, value)
    assert (found.p, found.q, found.gamma) == pytest.approx((6.25, 3.74, 15.44), abs=0.01)


def test_the_first_shopper_of_the_sample_comes_as_often_as_published() -> None:
    """x = 2, t_x = 30.43, T = 38.86: 1.226 in 39 weeks (Fader, Hardie, Lee, "BG/NBD in Excel", 2005)."""
    one = Visits(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert PUBLISHED.expected_visits(one, 39.0)[0] == pytest.approx(1.226, abs=0.001)


def test_who_was_here_lately_is_expected_more_often_than_who_was_not() -> None:
    two = Visits(np.array([3.0, 3.0]), np.array([5.0, 38.0]), np.array([39.0, 39.0]))
    long_ago, lately = PUBLISHED.expected_visits(two, 10.0)
    assert lately > long_ago > 0.0


def test_the_more_visits_the_less_the_mean_of_all_counts() -> None:
    few, many = PUBLISHED_VALUES.expected_value(np.array([1.0, 50.0]), np.array([100.0, 100.0]))
    of_all = 6.25 * 15.44 / (3.74 - 1)
    assert of_all < few < many < 100.0


def test_where_nobody_came_again_there_is_nothing_to_fit() -> None:
    once = np.zeros(3)
    with pytest.raises(FitProblem, match="second time"):
        fit_visits(Visits(once, once, np.ones(3)))
    with pytest.raises(FitProblem, match="second time"):
        fit_values(once, once)
