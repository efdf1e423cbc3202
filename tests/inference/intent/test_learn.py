from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aisle_inference.intent.category import EVIDENCE
from aisle_inference.intent.events import INTENTS, Intent
from aisle_inference.intent.features import FEATURES
from aisle_inference.intent.learn import LearningSettings, examples_of, learn
from aisle_inference.intent.mixing import HELD_OUT, TRAINING
from aisle_inference.intent.model import NEVER
from aisle_inference.intent.practice import practise, sessions_to_judge_by
from aisle_inference.intent.sessions import Labelled
from tests.catalogue.samples import CATEGORIES
from tests.inference.intent.worlds import SETTINGS, ground, model, search, session

SEARCHES = tuple(
    Labelled(session(search(text)), intent, category_id)
    for text, intent, category_id in (("milk price", Intent.KNOW, "milk"), ("return", Intent.DO, None))
)


def test_examples_have_a_row_a_session_and_no_category_is_minus_one() -> None:
    examples = examples_of(SEARCHES, ground().vocabulary)
    assert examples.features.shape == (2, len(FEATURES))
    assert examples.evidence.shape == (2, len(CATEGORIES), len(EVIDENCE))
    assert [INTENTS[one] for one in examples.intents] == [Intent.KNOW, Intent.DO]
    assert examples.categories.tolist() == [ground().vocabulary.column_of["milk"], -1]
    assert [len(part) for part in examples.of_category()] == [1, 1]


def test_no_sessions_are_refused() -> None:
    with pytest.raises(ValueError, match="no sessions"):
        examples_of([], ground().vocabulary)


def test_practice_gives_the_same_model_again() -> None:
    again = practise(ground(), SETTINGS)
    assert np.array_equal(again.linear.weights, model().linear.weights)
    assert again.limits == model().limits


def test_a_precision_that_cannot_be_reached_means_that_nothing_is_answered() -> None:
    examples = examples_of(sessions_to_judge_by(ground(), HELD_OUT, SETTINGS), ground().vocabulary)
    found = learn(examples, examples, examples, LearningSettings(precision=1.0, category_precision=1.0))
    assert found.limits.intent == found.limits.category == NEVER


def test_asking_for_more_precision_raises_the_limits() -> None:
    examples = examples_of(sessions_to_judge_by(ground(), HELD_OUT, SETTINGS), ground().vocabulary)
    low, high = (learn(examples, examples, examples, LearningSettings(precision=share)) for share in (0.6, 0.85))
    assert low.limits.intent < high.limits.intent


def test_calibration_on_noisier_sessions_makes_the_model_less_sure() -> None:
    plain, noisy = (
        examples_of(sessions_to_judge_by(ground(), mixing, SETTINGS), ground().vocabulary)
        for mixing in (replace(TRAINING, stray=0.0, elsewhere=0.0), replace(TRAINING, stray=0.5, elsewhere=0.5))
    )
    sure, unsure = (learn(plain, one, plain, LearningSettings()) for one in (plain, noisy))
    assert np.abs(unsure.linear.weights).sum() < 0.8 * np.abs(sure.linear.weights).sum()
    assert np.abs(unsure.category_weights).sum() < 0.8 * np.abs(sure.category_weights).sum()
