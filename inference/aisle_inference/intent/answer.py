"""What the shopper of a session wants, how sure that is, and which events say so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aisle_inference.intent.category import category_probabilities, evidence_of
from aisle_inference.intent.events import INTENTS, EventKind, Intent, Session, check_session
from aisle_inference.intent.features import FEATURES, event_features
from aisle_inference.intent.model import LinearModel, Scorer
from aisle_inference.intent.vocabulary import Floats, Vocabulary, fits_of

_MOST_CAUSES = 3
_MOST_CATEGORIES = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Below these probabilities the answer is "unknown"."""

    intent: float
    category: float


@dataclass(frozen=True, slots=True)
class IntentModel:
    """All that is learnt: the intents' scorer, the weights (K,) of the categories' evidence, and both limits."""

    scorer: Scorer
    category_weights: Floats
    limits: Limits


@dataclass(frozen=True, slots=True)
class TrainedModel(IntentModel):
    """A model whose weights are at hand, as it comes from training and goes into the graph."""

    linear: LinearModel


@dataclass(frozen=True, slots=True)
class Cause:
    """An event (its place in the session, from 0) and how much it added to the log odds of the best intent.

    Log odds are against the mean of the four intents. `features` are what of the event did it, strongest first.
    """

    event: int
    kind: EventKind
    log_odds: float
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The intent, or None for "unknown", with the probability of the best one and of all four.

    `categories` are the likeliest ones, best first; `category` is the first, or None when it is not sure enough.
    `causes` are the events that added most to the best intent, and none that speaks against it.
    """

    intent: Intent | None
    best: Intent
    probability: float
    probabilities: dict[Intent, float]
    category: str | None
    categories: tuple[tuple[str, float], ...]
    causes: tuple[Cause, ...]


def answer(session: Session, vocabulary: Vocabulary, model: IntentModel) -> Answer:
    """Read a session; one without events gets what is likely of anybody, which is "unknown". Raises EventProblem."""
    check_session(session, vocabulary.column_of)
    fits = fits_of(session, vocabulary)
    events = event_features(session, fits, vocabulary)
    probabilities, contributions = model.scorer.score(events.sum(axis=0))
    best = int(probabilities.argmax())
    probability = float(probabilities[best])
    of_category = category_probabilities(evidence_of(session, fits, vocabulary), model.category_weights)
    order = np.argsort(-of_category, kind="stable")[:_MOST_CATEGORIES]
    return Answer(
        intent=INTENTS[best] if session.events and probability >= model.limits.intent else None,
        best=INTENTS[best],
        probability=probability,
        probabilities={intent: float(share) for intent, share in zip(INTENTS, probabilities, strict=True)},
        category=vocabulary.category_ids[order[0]] if of_category[order[0]] >= model.limits.category else None,
        categories=tuple((vocabulary.category_ids[column], float(of_category[column])) for column in order),
        causes=_causes(session, event_contributions(events, contributions[:, best])),
    )


def event_contributions(events: Floats, contributions: Floats) -> Floats:
    """Split the contribution (F,) of each feature over the events (E, F) that it is the sum of; returns (E, F)."""
    total = events.sum(axis=0)
    return np.asarray(events * np.divide(contributions, total, out=np.zeros_like(total), where=total > 0.0))


def _causes(session: Session, table: Floats) -> tuple[Cause, ...]:
    of_event = table.sum(axis=1)
    order = np.argsort(-of_event, kind="stable")[:_MOST_CAUSES]
    return tuple(
        Cause(int(row), session.events[row].kind, float(of_event[row]), _features(table[row]))
        for row in order
        if of_event[row] > 0.0
    )


def _features(row: Floats) -> tuple[str, ...]:
    return tuple(FEATURES[column] for column in np.argsort(-row, kind="stable") if row[column] > 0.0)
