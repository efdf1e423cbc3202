"""How well intent and category are read, with intervals over sessions.

On made-up sessions these figures judge the model against its generator, not against people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.harness.bootstrap import Interval, mean_interval
from aisle_inference.intent.answer import IntentModel, TrainedModel, answer
from aisle_inference.intent.category import category_probabilities
from aisle_inference.intent.events import INTENTS, PRESSED, Session
from aisle_inference.intent.features import COLUMN
from aisle_inference.intent.learn import Examples
from aisle_inference.intent.model import Classes
from aisle_inference.intent.vocabulary import Floats, Vocabulary

BINS = 10
RESAMPLES = 2_000
_TAIL_PERCENT = 2.5


@dataclass(frozen=True, slots=True)
class Bin:
    """The sessions whose best probability falls into a tenth: how many, how sure on average, how often right."""

    low: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """Figures with 95 % intervals; those of an empty set of sessions are None.

    `accuracy` counts every session, `precision` only those that are answered, `coverage` is their share.
    `button_accuracy` is that of taking the button that was pressed, or the commonest intent where none was.
    `calibration_error` is the expected calibration error over ten bins (Naeini et al., 2015).
    """

    sessions: int
    accuracy: Interval
    button_accuracy: Interval
    coverage: Interval
    precision: Interval | None
    calibration_error: Interval
    category_top_1: Interval | None
    category_top_3: Interval | None
    category_coverage: Interval
    category_precision: Interval | None
    bins: tuple[Bin, ...]


def evaluate(examples: Examples, model: TrainedModel, seed: int) -> IntentFigures:
    """Judge a model on labelled sessions; the seed is that of the intervals."""
    confidence, right = _best(model.linear.probabilities(examples.features), examples.intents)
    of_category = category_probabilities(examples.evidence, model.category_weights)
    sure, category_right = _best(of_category, examples.categories)
    answered, category_answered = confidence >= model.limits.intent, sure >= model.limits.category
    has_category = examples.categories >= 0
    places = _places(of_category, examples.categories)[has_category]
    return IntentFigures(
        sessions=len(right),
        accuracy=mean_interval(right, seed, RESAMPLES),
        button_accuracy=mean_interval(_button_right(examples), seed, RESAMPLES),
        coverage=mean_interval(answered.astype(np.float64), seed, RESAMPLES),
        precision=mean_of(right[answered], seed),
        calibration_error=_calibration_interval(confidence, right, seed),
        category_top_1=mean_of((places < 1).astype(np.float64), seed),
        category_top_3=mean_of((places < 3).astype(np.float64), seed),
        category_coverage=mean_interval(category_answered.astype(np.float64), seed, RESAMPLES),
        category_precision=mean_of(category_right[category_answered], seed),
        bins=reliability(confidence, right),
    )


def reliability(confidence: Floats, right: Floats) -> tuple[Bin, ...]:
    """Return the bins that hold sessions, lowest first, from confidence (N,) and 1 or 0 for right answers (N,)."""
    number = _bin_of(confidence)
    return tuple(
        Bin(one / BINS, int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean()))
        for one in range(BINS)
        if (inside := number == one).any()
    )


def calibration_error(confidence: Floats, right: Floats) -> float:
    """Return the mean distance between how sure and how often right, over bins weighted by their sessions."""
    gaps = np.bincount(_bin_of(confidence), confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def mean_of(figures: Floats, seed: int) -> Interval | None:
    """Return the mean with its interval, None of no figures."""
    return mean_interval(figures, seed, RESAMPLES) if len(figures) else None


def _calibration_interval(confidence: Floats, right: Floats, seed: int) -> Interval:
    """Return the error with a percentile interval; resampling adds noise, so that its middle lies above the error."""
    rng = np.random.default_rng(seed)
    drawn = [
        calibration_error(confidence[rows], right[rows])
        for rows in (rng.integers(len(right), size=len(right)) for _ in range(RESAMPLES))
    ]
    low, high = np.percentile(drawn, [_TAIL_PERCENT, 100 - _TAIL_PERCENT])
    return Interval(calibration_error(confidence, right), float(low), float(high))


def _button_right(examples: Examples) -> Floats:
    pressed = examples.features[:, [COLUMN[PRESSED[intent]] for intent in INTENTS]]
    commonest = int(np.bincount(examples.intents).argmax())
    guess = np.where(pressed.any(axis=1), pressed.argmax(axis=1), commonest)
    return np.asarray(guess == examples.intents, dtype=np.float64)


def _best(probabilities: Floats, truths: Classes) -> tuple[Floats, Floats]:
    return probabilities.max(axis=1), (probabilities.argmax(axis=1) == truths).astype(np.float64)


def _places(probabilities: Floats, truths: Classes) -> npt.NDArray[np.int64]:
    """Return how many classes are likelier than the true one; rows without a truth mean nothing."""
    of_truth = probabilities[np.arange(len(truths)), truths]
    return np.asarray(np.count_nonzero(probabilities > of_truth[:, None], axis=1), dtype=np.int64)


def _bin_of(confidence: Floats) -> npt.NDArray[np.int64]:
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)


def causes_hold(sessions: Sequence[Session], vocabulary: Vocabulary, model: IntentModel) -> Floats:
    """Return 1 for each answer whose intent becomes less likely without its first cause, else 0.

    Sessions without an answer, of a single event, or without a cause are left out.
    """
    held: list[bool] = []
    for session in sessions:
        given = answer(session, vocabulary, model)
        if given.intent is not None and given.causes and len(session.events) > 1:
            rest = _without(session, given.causes[0].event)
            held.append(answer(rest, vocabulary, model).probabilities[given.best] < given.probability)
    return np.array(held, dtype=np.float64)


def _without(session: Session, event: int) -> Session:
    return Session(events=session.events[:event] + session.events[event + 1 :], language=session.language)
