"""Learn the model of the intent: fit, then calibrate, then choose the limits, each on sessions of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_inference.intent.answer import Limits, TrainedModel
from aisle_inference.intent.category import category_probabilities, evidence_of, fit_category_weights
from aisle_inference.intent.events import INTENTS
from aisle_inference.intent.features import event_features
from aisle_inference.intent.model import Classes, answering_limit, fit_linear, fit_temperature
from aisle_inference.intent.sessions import Labelled
from aisle_inference.intent.vocabulary import Floats, Vocabulary, fits_of


@dataclass(frozen=True, slots=True)
class LearningSettings:
    """How strongly weights are held down, and how often answers must be right for the model to give them."""

    ridge: float = 1e-3
    precision: float = 0.90
    category_precision: float = 0.90


@dataclass(frozen=True, slots=True)
class Examples:
    """Sessions as numbers: features (N, F), evidence (N, C, K), intents (N,), categories (N,), -1 for none."""

    features: Floats
    evidence: npt.NDArray[np.float64]
    intents: Classes
    categories: Classes

    def of_category(self) -> tuple[Floats, Classes]:
        """Return evidence and category of the sessions that are about one."""
        known = self.categories >= 0
        return self.evidence[known], self.categories[known]


def examples_of(sessions: Sequence[Labelled], vocabulary: Vocabulary) -> Examples:
    """Turn labelled sessions into numbers. Raises ValueError without sessions."""
    if not sessions:
        raise ValueError("there are no sessions to learn from or to judge by")
    features, evidence = [], []
    for one in sessions:
        fits = fits_of(one.session, vocabulary)
        features.append(event_features(one.session, fits, vocabulary).sum(axis=0))
        evidence.append(evidence_of(one.session, fits, vocabulary))
    return Examples(
        np.array(features),
        np.array(evidence),
        np.array([INTENTS.index(one.intent) for one in sessions]),
        np.array([-1 if one.category_id is None else vocabulary.column_of[one.category_id] for one in sessions]),
    )


def learn(training: Examples, calibration: Examples, validation: Examples, settings: LearningSettings) -> TrainedModel:
    """Fit on the first, set the temperature on the second and choose the limits on the third."""
    fitted = fit_linear(training.features, training.intents, len(INTENTS), settings.ridge)
    linear = fitted.tempered(fit_temperature(fitted.logits(calibration.features), calibration.intents))
    weights = fit_category_weights(*training.of_category())
    evidence, categories = calibration.of_category()
    weights = weights / fit_temperature(evidence @ weights, categories)
    probabilities = linear.probabilities(validation.features)
    of_category = category_probabilities(validation.evidence, weights)
    limits = Limits(
        _limit(probabilities, validation.intents, settings.precision),
        _limit(of_category, validation.categories, settings.category_precision),
    )
    return TrainedModel(linear, weights, limits, linear)


def _limit(probabilities: Floats, truths: Classes, precision: float) -> float:
    """Return the limit for the best class; a session whose truth is -1 has no right answer."""
    return answering_limit(probabilities.max(axis=1), probabilities.argmax(axis=1) == truths, precision)
