from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_inference.intent.model import NEVER, LinearModel, answering_limit, fit_linear, fit_temperature

WEIGHTS = np.array([[2.0, -1.0, -1.0], [-1.0, 1.5, -0.5]])
BIAS = np.array([0.5, 0.0, -0.5])


def drawn(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return features and the classes that the model above draws for them."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(count, 2))
    return features, (features @ WEIGHTS + BIAS + rng.gumbel(size=(count, 3))).argmax(axis=1)


def test_the_fit_finds_the_model_that_drew_the_classes() -> None:
    found = fit_linear(*drawn(20_000), 3, ridge=0.0)
    assert found.weights == pytest.approx(WEIGHTS, abs=0.1)
    assert found.bias == pytest.approx(BIAS, abs=0.1)


def test_weights_of_a_feature_sum_to_zero_so_that_contributions_are_against_the_mean() -> None:
    found = fit_linear(*drawn(200), 3, ridge=0.01)
    assert found.weights.sum(axis=1) == pytest.approx([0.0, 0.0])
    assert found.bias.sum() == pytest.approx(0.0)


def test_a_ridge_makes_weights_smaller() -> None:
    loose, tight = (np.abs(fit_linear(*drawn(200), 3, ridge).weights).sum() for ridge in (1e-4, 1.0))
    assert tight < loose / 2


def test_contributions_and_bias_sum_to_the_log_odds() -> None:
    model, features = LinearModel(WEIGHTS, BIAS), np.array([0.7, 0.2])
    probabilities, contributions = model.score(features)
    assert contributions.sum(axis=0) + model.bias == pytest.approx(model.logits(features))
    assert np.exp(model.logits(features)) / np.exp(model.logits(features)).sum() == pytest.approx(probabilities)


@pytest.mark.parametrize("excess", [0.4, 1.0, 2.5])
def test_the_temperature_undoes_what_log_odds_are_too_large_by(excess: float) -> None:
    features, classes = drawn(20_000)
    assert fit_temperature(excess * (features @ WEIGHTS + BIAS), classes) == pytest.approx(excess, rel=0.06)


def test_a_tempered_model_ranks_alike_but_is_less_sure() -> None:
    model, (features, _) = LinearModel(WEIGHTS, BIAS), drawn(50)
    sharp, soft = model.probabilities(features), model.tempered(2.0).probabilities(features)
    assert np.array_equal(sharp.argmax(axis=1), soft.argmax(axis=1))
    assert (soft.max(axis=1) <= sharp.max(axis=1)).all()


def test_the_limit_leaves_out_the_unsure_who_are_often_wrong() -> None:
    confidence = np.repeat([0.9, 0.6], 500)
    is_right = np.concatenate([np.arange(500) % 50 != 0, np.arange(500) % 2 == 0])
    assert answering_limit(confidence, is_right, precision=0.9) == 0.9
    assert answering_limit(confidence, is_right, precision=0.6) == 0.6


def test_no_limit_is_chosen_by_luck() -> None:
    assert answering_limit(np.full(3, 0.99), np.ones(3, dtype=bool), precision=0.9) == NEVER
    assert answering_limit(np.empty(0), np.empty(0, dtype=bool), precision=0.9) == NEVER


def test_no_examples_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one example"):
        fit_linear(np.empty((0, 2)), np.empty(0, dtype=np.int64), 3, ridge=0.1)


@given(
    answers=st.lists(st.tuples(st.sampled_from([0.3, 0.5, 0.7, 0.9]), st.booleans()), max_size=120),
    precision=st.floats(0.1, 0.95),
)
def test_answers_from_the_limit_up_are_right_often_enough(answers: list[tuple[float, bool]], precision: float) -> None:
    confidence = np.array([one for one, _ in answers], dtype=np.float64)
    is_right = np.array([right for _, right in answers], dtype=np.bool_)
    answered = confidence >= answering_limit(confidence, is_right, precision)
    assert not answered.any() or is_right[answered].mean() >= precision
