"""Turns the goal the mission wants into navigation requests: at most one goal under way, none left behind or lost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from aisle.geometry import Pose2
from aisle_behaviour.world import Travel


class Driver(Protocol):
    """Whoever drives: the Nav2 action client live, the navigator core in lockstep. Neither call blocks."""

    def go_to(self, goal_map: Pose2) -> None: ...

    def cancel(self) -> None: ...

    def travel(self) -> Travel: ...


@dataclass(slots=True)
class GoalKeeper:
    """Remembers which goal was sent, so that a goal is sent once and dropped when it is no longer wanted."""

    driver: Driver
    _sent: Pose2 | None = None

    def travel(self) -> Travel:
        """Return how the goal that was sent stands; IDLE when none was."""
        return self.driver.travel() if self._sent is not None else Travel.IDLE

    def want(self, goal_map: Pose2 | None) -> None:
        """Send, change or cancel, whatever makes the driver do what is wanted."""
        if goal_map == self._sent:
            return
        if goal_map is None:
            self.driver.cancel()
        else:
            self.driver.go_to(goal_map)
        self._sent = goal_map


class Next(Enum):
    """What to do about a goal that is under way."""

    KEEP = "keep"
    SEND_AGAIN = "send again"
    GIVE_UP = "give up"


@dataclass(slots=True)
class GoalWatch:
    """Whether the navigator still has the goal, from what is heard of it. All times in seconds of one clock.

    A navigator that falls silent has lost its goal, and gets it again when it is back. One that refuses is asked again
    every `try_again_s`, for `give_up_s` from the first wish or from its return: it may be starting.
    """

    silent_after_s: float = 1.5
    try_again_s: float = 1.0
    give_up_s: float = 30.0
    is_orphaned: bool = False
    _wanted_s: float = 0.0
    _heard_s: float = 0.0
    _again_s: float | None = None

    def wanted(self, now_s: float) -> None:
        """Note that a new goal is wanted."""
        self._wanted_s = now_s

    def sent(self, now_s: float) -> None:
        """Note that the goal was sent; silence counts from here."""
        self._heard_s, self._again_s, self.is_orphaned = now_s, None, False

    def heard(self, now_s: float) -> None:
        """Note a sign of life of the navigator."""
        self._heard_s = now_s

    def refused(self, now_s: float) -> None:
        """Note that the navigator did not take the goal."""
        self._again_s = now_s + self.try_again_s

    def look(self, now_s: float) -> Next:
        """Return what to do now."""
        if now_s - self._heard_s > self.silent_after_s:
            self.is_orphaned = True
            return Next.KEEP
        if self.is_orphaned:
            self._wanted_s = now_s
            return Next.SEND_AGAIN
        if self._again_s is None or now_s < self._again_s:
            return Next.KEEP
        return Next.GIVE_UP if now_s - self._wanted_s > self.give_up_s else Next.SEND_AGAIN
