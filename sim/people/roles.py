"""What all roles have in common: what a person can notice, and what it decides from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeVar

from aisle.geometry import Pose2
from sim.people.crowd import Disc, Intent, Walker

EXCUSE_GAP_M = 0.8
State = TypeVar("State", bound=Enum)
Event = TypeVar("Event", bound=Enum)


@dataclass(frozen=True, slots=True)
class View:
    """What everybody can see at a moment: the robot in the map frame, and who stands in somebody's way."""

    now_s: float
    robot: Pose2
    robot_disc: Disc
    in_the_way: frozenset[int]

    def robot_gap_m(self, walker: Walker) -> float:
        """Return the distance between the surfaces of a body and the robot."""
        return self.robot.distance_to(Pose2(walker.x_m, walker.y_m, 0.0)) - self.robot_disc.radius_m - walker.radius_m


class Role(Protocol):
    """Somebody with a plan; `think` is asked a few times a second and says where to go now."""

    walker: Walker

    def think(self, view: View) -> Intent: ...


def next_state(table: Mapping[tuple[State, Event], State], state: State, event: Event) -> State:
    """Return the state after an event; one that means nothing in this state changes nothing."""
    return table.get((state, event), state)


class Patience:
    """Tells when something has been going on for so long that one gives in."""

    def __init__(self, after_s: float) -> None:
        self._after_s = after_s
        self._since_s: float | None = None

    def is_over(self, is_going_on: bool, now_s: float) -> bool:
        """Take in whether it is going on now; tell whether it has been for `after_s`."""
        if not is_going_on:
            self._since_s = None
            return False
        if self._since_s is None:
            self._since_s = now_s
        return now_s - self._since_s >= self._after_s
