"""Learn the model from made-up sessions, as long as there are no real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from aisle_inference.intent.answer import TrainedModel
from aisle_inference.intent.learn import LearningSettings, examples_of, learn
from aisle_inference.intent.mixing import HELD_OUT, TRAINING, Mixing
from aisle_inference.intent.sessions import Labelled, made_up_sessions
from aisle_inference.intent.vocabulary import Vocabulary, vocabulary_of
from aisle_inference.intent.wares import Wares, wares_of
from catalogue.products import Category, Product

_TRAINING, _CALIBRATION, _VALIDATION, _TEST = range(4)
SEEDS_A_RUN = 100


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """How many sessions each step gets, how it learns, and the seed of all of them."""

    training: int = 6_000
    held_out: int = 3_000
    test: int = 3_000
    seed: int = 1
    learning: LearningSettings = field(default_factory=LearningSettings)


@dataclass(frozen=True, slots=True)
class Ground:
    """A catalogue as the model reads it and as made-up shoppers speak of it."""

    vocabulary: Vocabulary
    wares: Wares


def ground_of(products: Sequence[Product], categories: Sequence[Category], synonyms: Sequence[Sequence[str]]) -> Ground:
    """Prepare a catalogue. Raises ValueError for an empty one."""
    return Ground(vocabulary_of(products, categories, synonyms), wares_of(products, categories, synonyms))


def practise(ground: Ground, settings: PracticeSettings) -> TrainedModel:
    """Make sessions for training, calibration and limits, and learn from them."""
    parts = (
        (TRAINING, settings.training, _TRAINING),
        (HELD_OUT, settings.held_out, _CALIBRATION),
        (HELD_OUT, settings.held_out, _VALIDATION),
    )
    training, calibration, validation = (
        examples_of(made_up_sessions(ground.wares, mixing, count, _seed(settings, part)), ground.vocabulary)
        for mixing, count, part in parts
    )
    return learn(training, calibration, validation, settings.learning)


def sessions_to_judge_by(ground: Ground, mixing: Mixing, settings: PracticeSettings) -> tuple[Labelled, ...]:
    """Make the sessions of a test; their seed is none of those that `practise` uses."""
    return made_up_sessions(ground.wares, mixing, settings.test, _seed(settings, _TEST))


def _seed(settings: PracticeSettings, part: int) -> int:
    return SEEDS_A_RUN * settings.seed + part
