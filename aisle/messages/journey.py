"""Looking back at journeys: the replay of a visit, its score, the checklist, and the figures of a period."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Identifier, Message, Text
from aisle.messages.care import Channel, Stage

PAGE_STEPS = 1000
MOST_VISITS = 50
Count = Annotated[int, Meta(ge=0)]
UnixTime = Annotated[float, Meta(ge=0.0, le=1e11)]


class JourneyQuery(Message, frozen=True):
    """Replay a visit: its steps in the order in which they happened, from number `first` on."""

    session_id: Identifier
    first: Count = 0


class JourneyStep(Message, frozen=True, tag=False):
    """One step; it happened by the sender's clock and was received by the backend's."""

    event_id: int
    happened_unix_s: float
    recorded_unix_s: float
    stage: Stage
    touch_point: str
    channel: Channel
    outcome: str
    product_id: int | None
    taps: int
    seconds: float
    metres: float


class Journey(Message, frozen=True):
    """A visit and at most PAGE_STEPS of its `step_count` steps; `answer` is 0 to 10, None without one."""

    session_id: str
    robot_id: str
    language: str
    opened_unix_s: float
    step_count: int
    steps: tuple[JourneyStep, ...]
    answer: int | None


class VisitsQuery(Message, frozen=True):
    """List the newest visits."""


class ListedVisit(Message, frozen=True, tag=False):
    """One visit."""

    session_id: str
    robot_id: str
    opened_unix_s: float


class Visits(Message, frozen=True):
    """At most MOST_VISITS visits, newest first."""

    visits: tuple[ListedVisit, ...]


class ScoreQuery(Message, frozen=True):
    """Score a visit."""

    session_id: Identifier


class StageScore(Message, frozen=True, tag=False):
    """Score of one stage, 0 to 1, and its share of what the visit lost, which sum up to 1 (0 when nothing was lost)."""

    stage: Stage
    score: float
    blame: float


class Scored(Message, frozen=True):
    """The product over the stages that the visit reached; None when it reached none that can be judged."""

    session_id: str
    score: float | None
    stages: tuple[StageScore, ...]


class Period(Message, frozen=True, tag=False):
    """From a time until just before another, by the time at which things happened."""

    since_unix_s: UnixTime
    until_unix_s: UnixTime


class ChecklistQuery(Message, frozen=True):
    """Score every point of the checklist over a period."""

    period: Period


class PointScore(Message, frozen=True, tag=False):
    """Score 0 to 1 over `n` observations in one channel, or in all (None); None where nothing speaks to it."""

    channel: Channel | None
    score: float | None
    n: int


class CheckedPoint(Message, frozen=True, tag=False):
    """A point of the checklist with its score over all channels first, then by channel."""

    name: str
    layer: str
    question: str
    scores: tuple[PointScore, ...]


class Checklist(Message, frozen=True):
    """Every point of the checklist."""

    points: tuple[CheckedPoint, ...]


class ReportQuery(Message, frozen=True):
    """Depth of relationship, recommendation, time to a human, and value beside cost, over a period."""

    period: Period


class Figure(Message, frozen=True, tag=False):
    """A figure and how many observations it stands on; None where nothing speaks to it."""

    name: str
    value: float | None
    n: int
    unit: str


class Report(Message, frozen=True):
    """The figures of a period by chapter, and what was assumed to reach them."""

    depth: tuple[Figure, ...]
    recommendation: tuple[Figure, ...]
    care: tuple[Figure, ...]
    value: tuple[Figure, ...]
    assumptions: tuple[Text, ...]


class PromptScore(Message, frozen=True):
    """Ask whether the one question may be put in a visit; a second time is refused."""

    session_id: Identifier
    channel: Channel


class MayPrompt(Message, frozen=True):
    """The question may be put, once."""

    session_id: str
