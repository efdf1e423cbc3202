"""Scoring: the only reader of ground truth. Records what really happened and says how good it was."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from aisle.geometry import Pose2
from sim.contacts import Body, Cause, Encounter, cause_of, touches
from sim.world import World

GOAL_DISTANCE_M = 1.0
GOAL_ANGLE_DEG = 20.0
CUSTOMER_ID = 0
RECORD_PERIOD_S = 0.02
MAX_RECORDING_BYTES = 1_000_000_000
Entry = TypeVar("Entry")


class Person(msgspec.Struct, frozen=True, array_like=True):
    """A person at one moment, in the map frame."""

    person_id: int
    x_m: float
    y_m: float
    vx_mps: float
    vy_mps: float
    radius_m: float


class Moment(msgspec.Struct, frozen=True, tag=True):
    """What was the case at one moment, in the map frame."""

    now_s: float
    x_m: float
    y_m: float
    yaw_rad: float
    speed_mps: float
    people: tuple[Person, ...]

    @property
    def robot(self) -> Pose2:
        return Pose2(self.x_m, self.y_m, self.yaw_rad)


class Step(msgspec.Struct, frozen=True, tag=True):
    """A step of the visit that began at that time."""

    now_s: float
    name: Annotated[str, Meta(max_length=64)]


class Header(msgspec.Struct, frozen=True, tag=True):
    """The first line of a recording file."""

    robot_radius_m: float


class Goal(msgspec.Struct, frozen=True):
    """The right bay: the centre of its front in the map frame, and the step at which the robot says it is there."""

    bay_id: str
    x_m: float
    y_m: float
    step: str = "at_shelf"


class Arrival(msgspec.Struct, frozen=True):
    """How the robot stood when it said that it had arrived."""

    bay_id: str
    now_s: float
    distance_m: float
    angle_deg: float

    @property
    def is_good(self) -> bool:
        return self.distance_m <= GOAL_DISTANCE_M and self.angle_deg <= GOAL_ANGLE_DEG


class Contact(msgspec.Struct, frozen=True):
    """The robot and a person touched."""

    now_s: float
    person_id: int
    cause: Cause


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What a visit was worth, for report.json. Distances to people are from surface to surface.

    `nearest_person_m` is infinite (null in JSON) when nobody was there; `arrival` is None when the robot never
    said that it had arrived.
    """

    sim_time_s: float
    wall_time_s: float
    real_time_factor: float
    distance_m: float
    nearest_person_m: float
    nearest_bystander_m: float
    contacts_by_robot: int
    contacts_by_others: int
    contacts: tuple[Contact, ...]
    arrival: Arrival | None
    steps: tuple[Step, ...]
    success: bool


class Recording:
    """Everything that scoring needs of one run, in order of time."""

    def __init__(self, robot_radius_m: float) -> None:
        self.robot_radius_m = robot_radius_m
        self.moments: list[Moment] = []
        self.steps: list[Step] = []
        self._phase = ""

    def observe(self, world: World) -> None:
        """Record the present moment, if `RECORD_PERIOD_S` has passed since the last one.

        Each new phase of the scripted customer is marked as a step of the visit.
        """
        if not self.moments or world.now_s - self.moments[-1].now_s >= RECORD_PERIOD_S - 1e-9:
            self.moments.append(moment_of(world))
        if world.customer is not None and world.customer.phase.value != self._phase:
            self._phase = world.customer.phase.value
            self.mark(self._phase, world.now_s)

    def mark(self, name: str, now_s: float) -> None:
        """Note that a step of the visit begins."""
        self.steps.append(Step(now_s, name))


def score(recording: Recording, goal: Goal | None, wall_time_s: float) -> Score:
    """Judge a recorded run. Without a goal, success means no contact caused by the robot."""
    moments = recording.moments
    contacts = tuple(_contacts(recording))
    by_robot = sum(contact.cause.is_robot for contact in contacts)
    arrival = _arrival(recording, goal) if goal else None
    sim_time_s = moments[-1].now_s - moments[0].now_s if moments else 0.0
    return Score(
        sim_time_s=round(sim_time_s, 3),
        wall_time_s=round(wall_time_s, 3),
        real_time_factor=round(sim_time_s / wall_time_s, 2) if wall_time_s > 0.0 else 0.0,
        distance_m=distance_driven_m(moments),
        nearest_person_m=nearest_person_m(recording),
        nearest_bystander_m=nearest_person_m(recording, without=CUSTOMER_ID),
        contacts_by_robot=by_robot,
        contacts_by_others=len(contacts) - by_robot,
        contacts=contacts,
        arrival=arrival,
        steps=tuple(recording.steps),
        success=by_robot == 0 and (goal is None or (arrival is not None and arrival.is_good)),
    )


def arrival_at(robot: Pose2, goal: Goal, now_s: float) -> Arrival:
    """Measure from the base centre to the centre of the bay's front, and from the heading to its direction."""
    distance_m = math.hypot(goal.x_m - robot.x_m, goal.y_m - robot.y_m)
    angle_deg = math.degrees(abs(robot.bearing_to(goal.x_m, goal.y_m)))
    return Arrival(goal.bay_id, now_s, distance_m, angle_deg)


def moment_at(recording: Recording, now_s: float) -> Moment:
    """Return the recorded moment nearest to a time. Raises ValueError for an empty recording."""
    return min(recording.moments, key=lambda moment: abs(moment.now_s - now_s))


def distance_driven_m(moments: Sequence[Moment]) -> float:
    """Return the length of the robot's path; steps under a tenth of a millimetre are trembling, not driving."""
    steps = (math.hypot(b.x_m - a.x_m, b.y_m - a.y_m) for a, b in pairwise(moments))
    return sum(step for step in steps if step > 1e-4)


def distance_driven_between_m(recording: Recording, begins: str, ends: str, settle_s: float) -> float:
    """Return how far the robot drove from `settle_s` after one step until another, or until the end without it."""
    start_s = next((step.now_s for step in recording.steps if step.name == begins), math.inf) + settle_s
    later = (step.now_s for step in recording.steps if step.name == ends and step.now_s >= start_s)
    end_s = next(later, math.inf)
    return distance_driven_m([moment for moment in recording.moments if start_s <= moment.now_s <= end_s])


def nearest_person_m(recording: Recording, without: int | None = None) -> float:
    """Return the smallest gap between the robot and anybody but one person; infinite if nobody was there."""
    return min(
        (
            math.hypot(person.x_m - moment.x_m, person.y_m - moment.y_m) - person.radius_m - recording.robot_radius_m
            for moment in recording.moments
            for person in moment.people
            if person.person_id != without
        ),
        default=math.inf,
    )


def write_recording(path: Path, recording: Recording) -> None:
    """Write a recording as JSON lines: the robot's radius, then moments and steps."""
    encode = msgspec.json.encode
    lines: Iterable[bytes] = (
        encode(Header(recording.robot_radius_m)),
        *(encode(step) for step in recording.steps),
        *(encode(moment) for moment in recording.moments),
    )
    path.write_bytes(b"\n".join(lines) + b"\n")


def read_recording(path: Path) -> Recording:
    """Read what `write_recording` wrote. Raises ValueError that names file and line for anything else."""
    if path.stat().st_size > MAX_RECORDING_BYTES:
        raise ValueError(f"{path}: is larger than {MAX_RECORDING_BYTES} bytes, so it is no recording of a visit")
    decoder = msgspec.json.Decoder(Moment | Step)
    with path.open("rb") as lines:
        header = _decoded(path, 1, msgspec.json.Decoder(Header), next(lines, b""))
        recording = Recording(header.robot_radius_m)
        for number, line in enumerate(lines, start=2):
            entry = _decoded(path, number, decoder, line)
            (recording.moments if isinstance(entry, Moment) else recording.steps).append(entry)
    return recording


def _decoded(path: Path, number: int, decoder: msgspec.json.Decoder[Entry], line: bytes) -> Entry:
    try:
        return decoder.decode(line)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path}: line {number} is no entry of a recording: {error}") from error


def _contacts(recording: Recording) -> Iterable[Contact]:
    encounters: dict[int, list[Encounter]] = {}
    for moment, robot in zip(recording.moments, _robot_bodies(recording), strict=True):
        for p in moment.people:
            body = Body(p.x_m, p.y_m, p.vx_mps, p.vy_mps, p.radius_m)
            encounters.setdefault(p.person_id, []).append(Encounter(moment.now_s, robot, body))
    found = [
        Contact(history[touch].now_s, person_id, cause_of(history, touch))
        for person_id, history in encounters.items()
        for touch in touches(history)
    ]
    return sorted(found, key=lambda contact: (contact.now_s, contact.person_id))


def _robot_bodies(recording: Recording) -> Iterable[Body]:
    for moment in recording.moments:
        vx, vy = moment.speed_mps * math.cos(moment.yaw_rad), moment.speed_mps * math.sin(moment.yaw_rad)
        yield Body(moment.x_m, moment.y_m, vx, vy, recording.robot_radius_m)


def _arrival(recording: Recording, goal: Goal) -> Arrival | None:
    at_s = next((step.now_s for step in reversed(recording.steps) if step.name == goal.step), None)
    if at_s is None:
        return None
    moment = moment_at(recording, at_s)
    return arrival_at(moment.robot, goal, moment.now_s)


def moment_of(world: World) -> Moment:
    """Return what is the case now; for measuring, never for driving."""
    truth = world.truth()
    people = tuple(Person(p.person_id, p.x_m, p.y_m, p.vx_mps, p.vy_mps, p.radius_m) for p in truth.people)
    robot = truth.robot
    return Moment(truth.now_s, robot.x_m, robot.y_m, robot.yaw_rad, truth.twist.linear_mps, people)
