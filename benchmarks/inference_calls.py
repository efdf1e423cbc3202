"""What passes between the benchmark and its client over ROS, as JSON."""

from __future__ import annotations

import msgspec

from aisle.messages.advice import RecommendRequest


class Calls(msgspec.Struct, frozen=True):
    """What is asked one after another, and how long nothing is asked before all of it is asked again."""

    requests: list[RecommendRequest]
    idle_s: float


class Answered(msgspec.Struct, frozen=True):
    """Seconds until the node was active, milliseconds of each answer before and after idling, and what was wrong.

    `refused_ms` are those of questions that are refused at once: what ROS takes by itself.
    """

    ready_s: float
    refused_ms: list[float]
    busy_ms: list[float]
    idle_ms: list[float]
    fallbacks: int
    problems: list[str]
