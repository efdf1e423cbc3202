"""The checklist of care: points in three layers, each scored 0 to 1 from what was recorded, by channel. Pure.

The layers are leadership goals, the policies that enable them, and the journey that shoppers take. The points
themselves are the table in `store_backend/touch_points.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from aisle.messages.care import Channel, Stage


class Layer(StrEnum):
    """What a point belongs to."""

    GOALS = "leadership goals"
    POLICIES = "enabling policies"
    JOURNEY = "customer journey"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Share of good ones among good and bad outcomes."""

    good: frozenset[str]
    bad: frozenset[str]


@dataclass(frozen=True, slots=True)
class Effort:
    """Share of visits whose effort in a stage is at most a limit."""

    stage: Stage
    what: Literal["taps", "seconds", "metres"]
    at_most: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """A share that other records hold, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Point:
    """One question to the store, and what answers it."""

    name: str
    layer: Layer
    question: str
    measure: Outcomes | Effort | Recorded


@dataclass(frozen=True, slots=True)
class Share:
    """`good` of `n` in a channel; None is all channels or none."""

    channel: Channel | None
    good: float
    n: int

    @property
    def score(self) -> float | None:
        """Return the share, None where nothing was observed."""
        return self.good / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Observed:
    """What a period has to say: outcomes with their counts, and shares by the name of an effort point or record."""

    outcomes: Sequence[tuple[Channel, str, int]]
    shares: Mapping[str, Sequence[Share]]


def score_point(point: Point, observed: Observed) -> tuple[Share, ...]:
    """Return the share over all channels, then that of each channel that was observed."""
    if isinstance(point.measure, Outcomes):
        shares = _outcome_shares(point.measure, observed.outcomes)
    else:
        name = point.measure.name if isinstance(point.measure, Recorded) else point.name
        shares = list(observed.shares.get(name, ()))
    of_channels = sorted((one for one in shares if one.channel is not None), key=lambda one: str(one.channel))
    return (Share(None, sum(one.good for one in shares), sum(one.n for one in shares)), *of_channels)


def _outcome_shares(measure: Outcomes, counts: Iterable[tuple[Channel, str, int]]) -> list[Share]:
    good: dict[Channel, int] = defaultdict(int)
    all_of: dict[Channel, int] = defaultdict(int)
    for channel, outcome, n in counts:
        if outcome in measure.good or outcome in measure.bad:
            all_of[channel] += n
            good[channel] += n if outcome in measure.good else 0
    return [Share(channel, good[channel], n) for channel, n in all_of.items()]
