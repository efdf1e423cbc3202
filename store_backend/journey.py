"""The journey score: a product over the stages of a visit, so that one broken stage sinks it. Pure.

A stage's score is the credit of its last outcome (`store_backend.outcomes.CREDITS`), times `per_failure` for each
failure before that one, times the ease of the stage. The ease is 1 within the stage's allowance of taps, seconds and
metres; beyond it, allowance over effort for the measure that is exceeded most. A stage without an outcome that has a
credit does not count. The blame of a stage is its share of the loss in log space: log(stage) / log(product).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from aisle.messages.care import Channel, Stage
from store_backend.outcomes import CLOSINGS, CREDITS, FAILURE_AT_MOST, RESOLVED

_CLOCKS_AGREE_S = 5.0
# The longest life of an outbox, as for kept replies.
_OLDEST_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a visit, as far as it says how the visit goes."""

    happened_unix_s: float
    stage: Stage
    touch_point: str
    channel: Channel
    outcome: str
    taps: int = 0
    seconds: float = 0.0
    metres: float = 0.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a stage may cost a shopper before it counts as effort."""

    taps: float
    seconds: float
    metres: float


_ALLOWANCES = MappingProxyType({
    Stage.ORIENTATION: Allowance(6.0, 60.0, 10.0),
    Stage.SELECTION: Allowance(6.0, 90.0, 10.0),
    Stage.PAYMENT: Allowance(6.0, 180.0, 30.0),
    Stage.DELIVERY: Allowance(4.0, 180.0, 80.0),
    Stage.CARE: Allowance(4.0, 120.0, 20.0),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """How much effort is free in each stage, what a failure on the way costs, and below which score blame ends."""

    allowances: Mapping[Stage, Allowance] = field(default_factory=lambda: _ALLOWANCES)
    per_failure: float = 0.8
    least: float = 0.01


@dataclass(frozen=True, slots=True)
class StageResult:
    """A stage's score, 0 to 1, and its share of the loss."""

    stage: Stage
    score: float
    blame: float


@dataclass(frozen=True, slots=True)
class JourneyResult:
    """The product of the stages' scores, None when no stage can be judged."""

    score: float | None
    stages: tuple[StageResult, ...]


def happened_at(sent_unix_s: float | None, now_unix_s: float) -> float:
    """Return when an event happened: the sender's time, or that of receipt when there is none that can be right.

    A time from the future, or from before any outbox, comes from a clock that was never set.
    """
    if sent_unix_s is None or not now_unix_s - _OLDEST_S <= sent_unix_s <= now_unix_s + _CLOCKS_AGREE_S:
        return now_unix_s
    return sent_unix_s


def score_visit(steps: Sequence[Step], settings: ScoreSettings | None = None) -> JourneyResult:
    """Score a visit from its steps, in their order."""
    settings = settings or ScoreSettings()
    judged = _without_harmless_closings(steps)
    scores = {stage: _stage_score([one for one in judged if one.stage is stage], settings) for stage in Stage}
    reached = {stage: score for stage, score in scores.items() if score is not None}
    if not reached:
        return JourneyResult(None, ())
    losses = {stage: abs(math.log(max(score, settings.least))) for stage, score in reached.items()}
    lost = sum(losses.values())
    stages = (StageResult(one, score, losses[one] / lost if lost else 0.0) for one, score in reached.items())
    return JourneyResult(math.prod(reached.values()), tuple(stages))


def _without_harmless_closings(steps: Sequence[Step]) -> list[Step]:
    kept: list[Step] = []
    met = False
    for step in steps:
        met = met or step.outcome in RESOLVED
        if not (met and step.outcome in CLOSINGS):
            kept.append(step)
    return kept


def _stage_score(steps: Sequence[Step], settings: ScoreSettings) -> float | None:
    credits = [CREDITS[step.outcome] for step in steps if step.outcome in CREDITS]
    if not credits:
        return None
    failures = sum(credit <= FAILURE_AT_MOST for credit in credits[:-1])
    return credits[-1] * settings.per_failure**failures * _ease(steps, settings.allowances[steps[0].stage])


def _ease(steps: Sequence[Step], allowance: Allowance) -> float:
    spent = (
        (allowance.taps, sum(step.taps for step in steps)),
        (allowance.seconds, sum(step.seconds for step in steps)),
        (allowance.metres, sum(step.metres for step in steps)),
    )
    return min(1.0, *(allowed / used for allowed, used in spent if used > allowed), 1.0)
