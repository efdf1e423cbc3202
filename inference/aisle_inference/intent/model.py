"""A linear model of the intent: multinomial logistic regression, calibrated, with a limit under which it abstains.

Calibration: Guo et al., 2017, "On Calibration of Modern Neural Networks" (temperature scaling). Abstaining: Geifman and
El-Yaniv, 2017, "Selective Classification for Deep Neural Networks" (a limit whose precision is sure, not just seen).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax

from aisle_inference.intent.vocabulary import Floats

Classes = npt.NDArray[np.int64]
NEVER = 1.01
"""A limit that no probability reaches."""
_LOG_TEMPERATURES = (-3.0, 3.0)
_SURE_Z = 1.645


class Scorer(Protocol):
    """Turns the features of a session (F,) into probabilities (I,) and contributions to the log odds (F, I)."""

    def score(self, features: Floats) -> tuple[Floats, Floats]: ...


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights (F, I) and bias (I,); for each feature they sum to zero over the intents.

    So a contribution is log odds against the mean of all intents.
    """

    weights: Floats
    bias: Floats

    def logits(self, features: Floats) -> Floats:
        """Return log odds (..., I) of features (..., F)."""
        return np.asarray(features @ self.weights + self.bias, dtype=np.float64)

    def probabilities(self, features: Floats) -> Floats:
        """Return probabilities (..., I) of features (..., F)."""
        return np.asarray(softmax(self.logits(features), axis=-1), dtype=np.float64)

    def score(self, features: Floats) -> tuple[Floats, Floats]:
        """Return probabilities (I,) and contributions (F, I); these and the bias sum to the log odds."""
        return self.probabilities(features), features[:, None] * self.weights

    def tempered(self, temperature: float) -> LinearModel:
        """Return the model with its log odds divided by a temperature."""
        return LinearModel(self.weights / temperature, self.bias / temperature)


def fit_linear(features: Floats, classes: Classes, count: int, ridge: float) -> LinearModel:
    """Fit features (N, F) to classes (N,) out of `count`; `ridge` times the squared weights is added to the mean loss.

    The search starts at zero and every gradient sums to zero over the classes, so the weights it finds do, too. Raises
    ValueError without examples.
    """
    if not len(classes):
        raise ValueError("a model needs at least one example")
    width = features.shape[1]
    rows = np.arange(len(classes))
    truth = np.zeros((len(classes), count))
    truth[rows, classes] = 1.0
    with_one = np.hstack([features, np.ones((len(features), 1))])
    penalty = np.append(np.full(width, ridge), 0.0)[:, None]

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(width + 1, count)
        logs = log_softmax(with_one @ table, axis=1)
        gradient = with_one.T @ (np.exp(logs) - truth) / len(classes) + 2.0 * penalty * table
        return float(-logs[rows, classes].mean() + (penalty * table**2).sum()), gradient.ravel()

    found = minimize(loss, np.zeros((width + 1) * count), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    table = np.asarray(found.x, dtype=np.float64).reshape(width + 1, count)
    return LinearModel(table[:-1], table[-1])


def fit_temperature(logits: Floats, classes: Classes) -> float:
    """Return the temperature under which held-out classes (N,) are likeliest, given log odds (N, I)."""
    rows = np.arange(len(classes))

    def loss(log_temperature: float) -> float:
        return float(-log_softmax(logits / np.exp(log_temperature), axis=1)[rows, classes].mean())

    return float(np.exp(minimize_scalar(loss, bounds=_LOG_TEMPERATURES, method="bounded").x))


def answering_limit(confidence: Floats, is_right: npt.NDArray[np.bool_], precision: float) -> float:
    """Return the lowest confidence at which answers from there up are right at least so often; NEVER if none is.

    What is compared with `precision` is the lower end of the one-sided 95 % interval (Wilson, 1927), so that a limit is
    not chosen by luck. Takes confidence (N,) and whether each answer is right (N,).
    """
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    answered = np.arange(1, len(order) + 1)
    sure = _wilson_low(np.cumsum(is_right[order]) / answered, answered) >= precision
    # Equal confidences are answered together or not at all.
    sure &= np.append(ranked[1:] < ranked[:-1], True)[: len(ranked)]
    places = np.flatnonzero(sure)
    return float(ranked[places[-1]]) if len(places) else NEVER


def _wilson_low(share: Floats, count: npt.NDArray[np.int64]) -> Floats:
    z2 = _SURE_Z**2
    spread = _SURE_Z * np.sqrt(share * (1.0 - share) / count + z2 / (4.0 * count**2))
    return np.asarray((share + z2 / (2.0 * count) - spread) / (1.0 + z2 / count), dtype=np.float64)
