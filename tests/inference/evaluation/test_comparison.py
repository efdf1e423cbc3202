from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.evaluation.comparison import (
    Finding,
    PilotSettings,
    arms_difference,
    pilot_result,
    split_p,
    visits_needed,
)
from aisle_inference.evaluation.visits import Outcomes

SETTINGS = PilotSettings(worth_share=0.2, resamples=400)


def outcomes(control: float, ranking: float, visits: int = 4000, of_ranking: int | None = None) -> Outcomes:
    """Return visits of which such shares took something."""
    others = visits if of_ranking is None else of_ranking
    return Outcomes(
        (np.arange(visits) < control * visits).astype(np.float64),
        (np.arange(others) < ranking * others).astype(np.float64),
    )


@pytest.mark.parametrize(
    ("ranking", "finding"), [(0.3, Finding.BETTER), (0.1, Finding.WORSE), (0.205, Finding.NO_DIFFERENCE)]
)
def test_enough_visits_are_read_as_they_are(ranking: float, finding: Finding) -> None:
    assert pilot_result(outcomes(0.2, ranking), SETTINGS).finding is finding


def test_few_visits_are_not_read_however_good_they_look() -> None:
    result = pilot_result(outcomes(0.2, 0.9, visits=100), SETTINGS)
    assert result.difference is not None
    assert result.difference.is_above_zero
    assert result.finding is Finding.NOT_ENOUGH


def test_a_wrong_split_voids_everything() -> None:
    assert pilot_result(outcomes(0.2, 0.3, 4000, of_ranking=3000), SETTINGS).finding is Finding.MISMATCH
    planned = replace(SETTINGS, control_share=4 / 7)
    assert pilot_result(outcomes(0.2, 0.3, 4000, of_ranking=3000), planned).finding is Finding.BETTER


def test_no_visits_are_not_enough() -> None:
    result = pilot_result(Outcomes(np.empty(0), np.empty(0)), SETTINGS)
    assert (result.finding, result.control, result.needed) == (Finding.NOT_ENOUGH, None, None)


def test_the_interval_is_that_of_the_normal_theory() -> None:
    rng = np.random.default_rng(1)
    control, ranking = rng.normal(1.0, 1.0, 900), rng.normal(1.2, 1.0, 400)
    half = 1.96 * np.sqrt(control.var() / 900 + ranking.var() / 400)
    interval = arms_difference(control, ranking, PilotSettings(resamples=4000))
    assert interval.high - interval.low == pytest.approx(2 * half, rel=0.05)
    assert interval.mean == pytest.approx(ranking.mean() - control.mean())


def test_half_the_effect_needs_four_times_the_visits() -> None:
    control = outcomes(0.2, 0.2).control
    needed, more = visits_needed(control, 0.2), visits_needed(control, 0.1)
    assert needed == 1601
    assert more is not None
    assert more == pytest.approx(4 * needed, rel=0.001)
    assert visits_needed(np.zeros(50), 0.2) is None


def test_the_split_is_judged_by_chi_square() -> None:
    assert split_p(50, 50, 0.5) == 1.0
    assert split_p(60, 40, 0.5) == pytest.approx(0.0455, abs=1e-4)
    assert split_p(0, 0, 0.5) == 1.0
