"""How a goal stands: the status, Nav2's error codes, and the result of one step of the navigator."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum

import numpy as np

from aisle.geometry import STOP, FloatArray, Twist2


class Status(Enum):
    """Where a goal stands."""

    IDLE = "idle"
    DRIVING = "driving"
    WAITING = "waiting for the way to clear"
    ARRIVED = "arrived"
    FAILED = "failed"


class ErrorCode(IntEnum):
    """Nav2's codes (navigation2, branch jazzy), as far as they can happen here; 0 is none.

    100s are FollowPath's, 200s ComputePathToPose's, 300s ComputePathThroughPoses', 600s FollowWaypoints', 700s Spin's,
    710s BackUp's, 720s DriveOnHeading's. NavigateToPose answers with those of the part that failed.
    """

    NONE = 0
    CONTROLLER_TF_ERROR = 102
    INVALID_PATH = 103
    PATIENCE_EXCEEDED = 104
    FAILED_TO_MAKE_PROGRESS = 105
    PLANNER_UNKNOWN = 200
    PLANNER_TF_ERROR = 202
    START_OUTSIDE_MAP = 203
    GOAL_OUTSIDE_MAP = 204
    START_OCCUPIED = 205
    GOAL_OCCUPIED = 206
    NO_VALID_PATH = 208
    NO_VIAPOINTS_GIVEN = 309
    WAYPOINTS_UNKNOWN = 600
    SPIN_UNKNOWN = 700
    SPIN_TIMEOUT = 701
    SPIN_COLLISION_AHEAD = 703
    BACKUP_TIMEOUT = 711
    BACKUP_INVALID_INPUT = 713
    BACKUP_COLLISION_AHEAD = 714
    DRIVE_TIMEOUT = 721
    DRIVE_COLLISION_AHEAD = 723
    DRIVE_INVALID_INPUT = 724


@dataclass(frozen=True, slots=True)
class Missed:
    """A waypoint that was given up: its index from 0, and the error code of the attempt."""

    index: int
    error_code: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The result of one step: what to send to the guard, and how the goal stands.

    `path` has shape (n, 2), in the map frame. `travelled` is what a manoeuvre has done so far: metres, for a turn
    radians. `passed` counts the goals of several that lie behind, and `missed` names those that were given up.
    """

    twist: Twist2
    status: Status
    distance_left_m: float = 0.0
    path: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))
    error_code: int = 0
    sentence: str = ""
    recoveries: int = 0
    travelled: float = 0.0
    passed: int = 0
    missed: tuple[Missed, ...] = ()

    @property
    def has_ended(self) -> bool:
        return self.status in (Status.ARRIVED, Status.FAILED)


def standing(status: Status = Status.IDLE) -> Progress:
    """Return the step of a robot that stands."""
    return Progress(STOP, status)


def failed(code: int, sentence: str, distance_left_m: float = 0.0) -> Progress:
    """Return the step that ends a goal in failure: the robot stands, and a sentence says why."""
    return Progress(STOP, Status.FAILED, distance_left_m, error_code=int(code), sentence=sentence)
