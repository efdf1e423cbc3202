"""Turns the goal the mission wants into navigation requests: at most one goal under way, none left behind."""

from __future__ import annotations

from dataclasses import dataclass
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
