"""Who caused a contact between the robot and a person: the definition, as pure functions over a short history.

A contact is *caused by the robot* if in the 0.5 s before the touch the robot moved towards the person faster than
0.05 m/s, or if it had entered the path of someone who could no longer stop. Every other contact is caused by
others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

APPROACH_WINDOW_S = 0.5
APPROACH_SPEED_MPS = 0.05
PATH_WINDOW_S = 3.0
REACTION_S = 0.3
BRAKING_MPS2 = 2.0
TOUCH_GAP_M = 0.005
RELEASE_GAP_M = 0.05


class Cause(StrEnum):
    """Whose doing a contact was, and by which half of the definition."""

    ROBOT_APPROACHED = "robot_approached"
    ROBOT_ENTERED_PATH = "robot_entered_path"
    OTHERS = "others"

    @property
    def is_robot(self) -> bool:
        return self is not Cause.OTHERS


@dataclass(frozen=True, slots=True)
class Body:
    """A disc that moves, in the map frame."""

    x_m: float
    y_m: float
    vx_mps: float
    vy_mps: float
    radius_m: float

    @property
    def speed_mps(self) -> float:
        return math.hypot(self.vx_mps, self.vy_mps)


@dataclass(frozen=True, slots=True)
class Encounter:
    """The robot and one person at one moment."""

    now_s: float
    robot: Body
    person: Body

    @property
    def gap_m(self) -> float:
        """Return the distance between the two surfaces; negative when they overlap."""
        distance_m = math.hypot(self.robot.x_m - self.person.x_m, self.robot.y_m - self.person.y_m)
        return distance_m - self.robot.radius_m - self.person.radius_m


def touches(encounters: Sequence[Encounter]) -> list[int]:
    """Return the index of the first moment of each touch of one person; a touch ends at `RELEASE_GAP_M`."""
    starts, touching = [], False
    for index, encounter in enumerate(encounters):
        if not touching and encounter.gap_m <= TOUCH_GAP_M:
            starts.append(index)
            touching = True
        elif encounter.gap_m > RELEASE_GAP_M:
            touching = False
    return starts


def cause_of(encounters: Sequence[Encounter], touch: int) -> Cause:
    """Say who caused the touch at that index of one person's encounters, which are in order of time."""
    if _robot_approached(encounters, touch):
        return Cause.ROBOT_APPROACHED
    if _robot_entered_path(encounters, touch):
        return Cause.ROBOT_ENTERED_PATH
    return Cause.OTHERS


def _robot_approached(encounters: Sequence[Encounter], touch: int) -> bool:
    return any(
        _speed_towards(encounter.robot, encounter.person) > APPROACH_SPEED_MPS
        for encounter in _before(encounters, touch, APPROACH_WINDOW_S)
    )


def _robot_entered_path(encounters: Sequence[Encounter], touch: int) -> bool:
    """Look for the last moment at which the robot's own movement took it into the person's straight way ahead."""
    recent = _before(encounters, touch, PATH_WINDOW_S)
    for before, now in zip(recent[-2::-1], recent[:0:-1], strict=True):
        if _is_in_path(now.robot, now.person) and not _is_in_path(before.robot, now.person):
            return _room_ahead_m(now.robot, now.person) < stopping_distance_m(now.person.speed_mps)
    return False


def stopping_distance_m(speed_mps: float) -> float:
    """Return how far a person still goes after seeing something in the way, in metres."""
    return speed_mps * REACTION_S + speed_mps**2 / (2.0 * BRAKING_MPS2)


def _is_in_path(robot: Body, person: Body) -> bool:
    if person.speed_mps < APPROACH_SPEED_MPS:
        return False
    along_m, across_m = _along_and_across(robot, person)
    return along_m > 0.0 and across_m < robot.radius_m + person.radius_m


def _room_ahead_m(robot: Body, person: Body) -> float:
    """Return how far the person could walk if the robot stood right in the middle of the way."""
    return _along_and_across(robot, person)[0] - robot.radius_m - person.radius_m


def _along_and_across(robot: Body, person: Body) -> tuple[float, float]:
    dx, dy = robot.x_m - person.x_m, robot.y_m - person.y_m
    along_m = (dx * person.vx_mps + dy * person.vy_mps) / person.speed_mps
    return along_m, abs(dx * person.vy_mps - dy * person.vx_mps) / person.speed_mps


def _speed_towards(robot: Body, person: Body) -> float:
    dx, dy = person.x_m - robot.x_m, person.y_m - robot.y_m
    distance_m = math.hypot(dx, dy)
    if distance_m < 1e-9:
        return robot.speed_mps
    return (robot.vx_mps * dx + robot.vy_mps * dy) / distance_m


def _before(encounters: Sequence[Encounter], touch: int, window_s: float) -> Sequence[Encounter]:
    start_s = encounters[touch].now_s - window_s - 1e-9
    first = touch
    while first > 0 and encounters[first - 1].now_s >= start_s:
        first -= 1
    return encounters[first : touch + 1]
