"""Messages about robots: how they do, who may command them, stops, and what they shall do next."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from aisle.messages.base import FreeText, Identifier, Message, Text
from aisle.messages.visit import VisitState

LeaseNumber = Annotated[int, Meta(ge=0, le=2**53)]


def robot_name(text: str) -> str:
    """Return a robot's name. Raises ValueError, one sentence, for one that no message can bear."""
    try:
        return msgspec.convert(text, Identifier)
    except msgspec.ValidationError:
        limit = "it must have 1 to 64 characters, and no other robot of the store may have the same"
        raise ValueError(f"robot_id is {text[:80]!r}, but {limit}") from None


class RobotStatus(Message, frozen=True):
    """Where a robot is and how it does, once a second; the pose is in the map frame.

    `battery_fraction` is None while the robot does not know it. `lease_number` is that of the lease under which its
    gateway reports, 0 without one.
    """

    robot_id: Identifier
    sent_unix_s: float
    visit: VisitState
    x_m: float
    y_m: float
    yaw_rad: float
    battery_fraction: Annotated[float, Meta(ge=0.0, le=1.0)] | None
    localized: bool
    problem: Text = ""
    lease_number: LeaseNumber = 0


class TakeLease(Message, frozen=True):
    """Ask to be the one who commands a robot, or to stay it; `owner` names the console or program."""

    robot_id: Identifier
    owner: Identifier
    lease_s: Annotated[float, Meta(ge=1.0, le=600.0)] = 10.0


class ReturnLease(Message, frozen=True):
    """Give a robot free again."""

    robot_id: Identifier
    owner: Identifier


class LeaseQuery(Message, frozen=True):
    """Ask who commands a robot."""

    robot_id: Identifier


class Lease(Message, frozen=True):
    """Who commands a robot; `owner` is empty when nobody does.

    `number` grows with every new owner: a command that bears an older number comes from somebody who was replaced.
    """

    robot_id: Identifier
    owner: Annotated[str, Meta(max_length=64)]
    number: LeaseNumber
    expires_unix_s: float


class StopRobots(Message, frozen=True):
    """Stop one robot, or all when `robot_id` is empty, until staff release it. Comes beside the button on the robot."""

    robot_id: Annotated[str, Meta(max_length=64)] = ""
    reason: FreeText = ""


class ReleaseStop(Message, frozen=True):
    """Staff end the stop of one robot, or the stop of all when `robot_id` is empty; each ends only its own."""

    robot_id: Annotated[str, Meta(max_length=64)] = ""


class StopQuery(Message, frozen=True):
    """Ask whether a robot is stopped."""

    robot_id: Identifier


class StopState(Message, frozen=True):
    """Whether a robot (or all, for an empty name) must stand still, since when and why."""

    robot_id: Annotated[str, Meta(max_length=64)]
    is_stopped: bool
    since_unix_s: float | None = None
    reason: Text = ""


class TaskKind(StrEnum):
    """What a robot can be sent to do."""

    VISIT = "visit"
    PATROL = "patrol"
    CHARGE = "charge"


class TaskState(StrEnum):
    """OPEN waits for a robot, GIVEN has one, which has BEGUN; REFUSED waits for staff; the others are ends."""

    OPEN = "open"
    GIVEN = "given"
    BEGUN = "begun"
    REFUSED = "refused"
    DONE = "done"
    CANCELLED = "cancelled"


class AddTask(Message, frozen=True):
    """Something is to be done at a place on the map. `task_id` is made once by the sender."""

    task_id: Identifier
    kind: TaskKind
    x_m: float
    y_m: float
    yaw_rad: float = 0.0


class NextTask(Message, frozen=True):
    """A robot's gateway asks what the robot shall do; it asks again at least once a minute while it does it."""

    robot_id: Identifier
    lease_number: LeaseNumber = 0


GIVEN_FOR_S = 120.0
"""So long after a robot has asked the store leaves it its task; then another robot may get it."""
MINE_FOR_S = 100.0
"""So long after it has asked a robot's gateway keeps the task. What is left of the time above is for gateway and
behaviour to notice that one of them is gone, and for the robot to stand."""


class TaskProgress(StrEnum):
    """What a robot says of its task."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"


class ReportTask(Message, frozen=True):
    """How a robot gets on with its task; the reason says why it refuses."""

    robot_id: Identifier
    task_id: Identifier
    progress: TaskProgress
    reason: FreeText = ""
    lease_number: LeaseNumber = 0


class EndTask(Message, frozen=True):
    """Staff say that a task is done, or not wanted any more."""

    task_id: Identifier
    is_done: bool = True


class TasksQuery(Message, frozen=True):
    """Ask for the tasks that are not over, oldest first."""


class Task(Message, frozen=True):
    """One task; `robot_id` is empty until a robot has it, `reason` says why a robot refused it."""

    task_id: Identifier
    kind: TaskKind
    x_m: float
    y_m: float
    yaw_rad: float
    state: TaskState
    robot_id: Annotated[str, Meta(max_length=64)] = ""
    reason: Text = ""


class NoTask(Message, frozen=True):
    """There is nothing to do for this robot now."""


class Tasks(Message, frozen=True):
    """The tasks that are not over."""

    tasks: tuple[Task, ...]
