"""How made-up sessions are mixed: for training, for calibration and limits, and for the test."""

from __future__ import annotations

from dataclasses import dataclass

from aisle_inference.intent.phrases import Part


@dataclass(frozen=True, slots=True)
class Mixing:
    """How sessions are mixed; shares and rates are from 0 to 1.

    `intents` and `languages` are shares in the order of INTENTS and LANGUAGES. `pressed` is how often the shopper
    presses one of the four buttons first, `pressed_wrong` how often that is another's. `stray` is how often a step is
    that of another intent, `elsewhere` how often one is about another product. `phrase` is how often a search says more
    than the product's name. `mean_steps` is the mean length of a session.
    """

    intents: tuple[float, ...] = (0.25, 0.25, 0.3, 0.2)
    languages: tuple[float, ...] = (0.4, 0.2, 0.2, 0.2)
    pressed: float = 0.4
    pressed_wrong: float = 0.2
    stray: float = 0.2
    elsewhere: float = 0.15
    phrase: float = 0.35
    misspelt: float = 0.15
    mean_steps: float = 3.0
    mean_pause_s: float = 10.0
    phrases: Part = Part.TRAINING


TRAINING = Mixing()
HELD_OUT = Mixing(
    pressed=0.35,
    pressed_wrong=0.25,
    stray=0.25,
    elsewhere=0.2,
    phrase=0.3,
    misspelt=0.2,
    phrases=Part.HELD_OUT,
)
"""More noise than in training and other phrases, so that the limits allow for people unlike those learnt from."""
SHIFTED = Mixing(
    intents=(0.2, 0.35, 0.35, 0.1),
    languages=(0.7, 0.1, 0.1, 0.1),
    pressed=0.3,
    pressed_wrong=0.25,
    stray=0.25,
    elsewhere=0.25,
    phrase=0.25,
    misspelt=0.3,
    mean_steps=2.5,
    mean_pause_s=13.0,
    phrases=Part.TEST,
)
"""The test: shares, noise, lengths, pauses and phrases that neither training nor the limits have seen."""
