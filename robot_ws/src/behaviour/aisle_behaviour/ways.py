"""How long ways are, as a planner has answered: known at once where it was asked before, else asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from aisle.geometry import Pose2

WAY_FACTOR = 2.0
"""How much longer a way is than the straight line when nobody has planned it.

Among shelves it is root 2 times as long where aisles cross at right angles, and longer around one that is blocked.
"""

WayLength = Callable[[Pose2, Pose2], float | None]
"""The planned length of a way between two places of the map in metres; None while it is not known, or there is none."""

Take = Callable[[float | None], None]
Ask = Callable[[Pose2, Pose2, Take], None]
"""Plan a way and hand over its length in metres, None where there is none; at once or later, once."""


def nowhere_planned(_start_map: Pose2, _goal_map: Pose2) -> float | None:
    """Know no way: where no planner is at hand."""
    return None


@dataclass(slots=True)
class _Way:
    start_map: Pose2
    goal_map: Pose2
    length_m: float


@dataclass(slots=True)
class _Question:
    asked_s: float
    start_map: Pose2
    goal_map: Pose2
    is_answered: bool = False


@dataclass(slots=True)
class Surveyor:
    """Remembers the newest answers, and asks again when the ends have moved by `fresh_m`.

    Until the new answer comes the old one counts, with the pieces at both ends that nobody has planned added as
    WAY_FACTOR times their straight lines, up to `reach_m` of them. The same question is asked again after `pause_s` at
    the earliest: a planner that finds no way, or is silent, is not asked ten times a second.
    """

    ask: Ask
    fresh_m: float = 1.0
    reach_m: float = 5.0
    pause_s: float = 5.0
    answers_within_s: float = 2.0
    most: int = 32
    now_s: float = 0.0
    _ways: list[_Way] = field(default_factory=list)
    _asked: list[_Question] = field(default_factory=list)

    def tell_time(self, now_s: float) -> None:
        """Set the time for the questions of this instant."""
        self.now_s = now_s

    def knows(self, start_map: Pose2, goal_map: Pose2) -> bool:
        """Tell whether there is an answer about these very places, or some that are hardly off."""
        return self._off_m(start_map, goal_map) <= self.fresh_m

    def is_open(self, start_map: Pose2, goal_map: Pose2) -> bool:
        """Tell whether this was asked a moment ago and the answer may still come."""
        return any(
            _apart_m(one, start_map, goal_map) <= self.fresh_m
            and not one.is_answered
            and self.now_s - one.asked_s < self.answers_within_s
            for one in self._asked
        )

    def length_m(self, start_map: Pose2, goal_map: Pose2) -> float | None:
        """Return what is known of a way (a `WayLength`), and ask when that is nothing, or of places too far off."""
        if not self.knows(start_map, goal_map):
            self._ask_for(start_map, goal_map)
        near = [way for way in self._ways if _apart_m(way, start_map, goal_map) <= self.reach_m]
        lengths = [way.length_m + WAY_FACTOR * _apart_m(way, start_map, goal_map) for way in near]
        return min(lengths, default=None)

    def _off_m(self, start_map: Pose2, goal_map: Pose2) -> float:
        return min((_apart_m(way, start_map, goal_map) for way in self._ways), default=math.inf)

    def _ask_for(self, start_map: Pose2, goal_map: Pose2) -> None:
        self._asked = [one for one in self._asked if self.now_s - one.asked_s < self.pause_s]
        if any(_apart_m(one, start_map, goal_map) <= self.fresh_m for one in self._asked):
            return
        question = _Question(self.now_s, start_map, goal_map)
        self._asked.append(question)
        self.ask(start_map, goal_map, lambda length_m: self._take(question, length_m))

    def _take(self, question: _Question, length_m: float | None) -> None:
        """Keep an answer in the place of an older one about the same way."""
        question.is_answered = True
        if length_m is None:
            return
        start_map, goal_map = question.start_map, question.goal_map
        self._ways = [way for way in self._ways if _apart_m(way, start_map, goal_map) > self.fresh_m]
        self._ways = [*self._ways[1 - self.most :], _Way(start_map, goal_map, length_m)]


def _apart_m(one: _Way | _Question, start_map: Pose2, goal_map: Pose2) -> float:
    return one.start_map.distance_to(start_map) + one.goal_map.distance_to(goal_map)
