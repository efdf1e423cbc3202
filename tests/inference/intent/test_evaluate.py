from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.intent.answer import Limits
from aisle_inference.intent.evaluate import calibration_error, causes_hold, evaluate, reliability
from aisle_inference.intent.learn import Examples, examples_of
from aisle_inference.intent.mixing import HELD_OUT, SHIFTED
from aisle_inference.intent.model import NEVER
from aisle_inference.intent.practice import sessions_to_judge_by
from tests.inference.intent.worlds import SETTINGS, ground, model


def examples() -> Examples:
    return examples_of(sessions_to_judge_by(ground(), HELD_OUT, SETTINGS), ground().vocabulary)


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    confidence, right = np.array([0.95, 0.95, 0.95, 0.95, 0.55]), np.array([1.0, 1.0, 1.0, 0.0, 1.0])
    assert calibration_error(confidence, right) == pytest.approx((4 * 0.2 + 1 * 0.45) / 5)
    assert calibration_error(np.array([0.75] * 4), np.array([1.0, 1.0, 1.0, 0.0])) == pytest.approx(0.0)


def test_bins_hold_every_session_and_certainty_falls_into_the_last() -> None:
    bins = reliability(np.array([0.31, 0.39, 1.0]), np.array([1.0, 0.0, 1.0]))
    assert [(one.low, one.count, one.accuracy) for one in bins] == [(0.3, 2, 0.5), (0.9, 1, 1.0)]
    assert bins[0].confidence == pytest.approx(0.35)


def test_a_model_that_practised_reads_more_than_the_button_and_is_right_when_it_answers() -> None:
    figures = evaluate(examples(), model(), seed=1)
    assert figures.accuracy.low > figures.button_accuracy.high
    assert figures.precision is not None
    assert figures.precision.mean > figures.accuracy.mean
    assert 0.0 < figures.coverage.mean < 1.0
    assert figures.category_top_1 is not None
    assert figures.category_top_3 is not None
    assert figures.category_top_1.mean <= figures.category_top_3.mean
    assert sum(one.count for one in figures.bins) == figures.sessions == SETTINGS.test


def test_figures_of_nothing_are_none() -> None:
    silent = replace(model(), limits=Limits(NEVER, NEVER))
    without = replace(examples(), categories=np.full(SETTINGS.test, -1))
    figures = evaluate(without, silent, seed=1)
    assert figures.precision is figures.category_precision is figures.category_top_1 is figures.category_top_3 is None
    assert figures.coverage.mean == figures.category_coverage.mean == 0.0


def test_named_causes_are_causes() -> None:
    sessions = [labelled.session for labelled in sessions_to_judge_by(ground(), SHIFTED, SETTINGS)]
    held = causes_hold(sessions, ground().vocabulary, model())
    assert len(held) > 50
    assert held.mean() >= 0.95
