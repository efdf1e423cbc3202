"""How politely the robot drove among people: personal space, stops and detours, from a recording.

Distances are from surface to surface. The robot *causes* a narrow gap if it moves towards the person.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from sim.scoring import Moment, Person, Recording, nearest_person_m

MOVING_MPS = 0.05
INTIMATE_M, PERSONAL_M = 0.5, 1.2
"""Within the first the robot shall not move towards anybody; within the second it shall seldom be.

The distances are Hall's (E. T. Hall, "The Hidden Dimension", 1966): intimate to 0.45 m, personal to 1.2 m.
"""
STOP_S = 1.0


class Manners(msgspec.Struct, frozen=True):
    """How long the robot moved, and how long of that it came towards somebody within each distance, in seconds.

    `near_share` is the share of the moving time in which anybody was within the personal distance, whoever caused it,
    such as people who walk behind the robot.
    """

    moving_s: float
    caused_intimate_s: float
    caused_personal_s: float
    near_share: float
    intimate_entries: int
    stops: int
    least_gap_m: float


def manners(recording: Recording, without: int | None = None) -> Manners:
    """Judge how the robot drove; `without` leaves out one person, such as the shopper it serves."""
    moving_s = intimate_s = personal_s = near_s = 0.0
    entries, was_intimate = 0, False
    for before, after in pairwise(recording.moments):
        if abs(after.speed_mps) <= MOVING_MPS:
            was_intimate = False
            continue
        dt_s = after.now_s - before.now_s
        gap_m, caused_gap_m = _nearest(after, recording.robot_radius_m, without)
        is_intimate = caused_gap_m < INTIMATE_M
        entries += is_intimate and not was_intimate
        was_intimate = is_intimate
        moving_s += dt_s
        intimate_s += dt_s * is_intimate
        personal_s += dt_s * (caused_gap_m < PERSONAL_M)
        near_s += dt_s * (gap_m < PERSONAL_M)
    return Manners(
        moving_s=round(moving_s, 3),
        caused_intimate_s=round(intimate_s, 3),
        caused_personal_s=round(personal_s, 3),
        near_share=near_s / moving_s if moving_s else 0.0,
        intimate_entries=entries,
        stops=stops(recording.moments),
        least_gap_m=nearest_person_m(recording, without),
    )


def _nearest(moment: Moment, radius_m: float, without: int | None) -> tuple[float, float]:
    """Return the least gap in metres to anybody, and to those towards whom the robot moves; inf for nobody."""
    people = [person for person in moment.people if person.person_id != without]
    gaps_m = [(_gap_m(moment, person, radius_m), _approach_mps(moment, person) > MOVING_MPS) for person in people]
    return min((gap_m for gap_m, _ in gaps_m), default=math.inf), min(
        (gap_m for gap_m, is_caused in gaps_m if is_caused), default=math.inf
    )


def stops(moments: Sequence[Moment]) -> int:
    """Count the times at which the robot, once it had moved, stood for at least `STOP_S` and then went on."""
    count, stood_s, has_moved = 0, 0.0, False
    for before, after in pairwise(moments):
        if abs(after.speed_mps) > MOVING_MPS:
            count += has_moved and stood_s >= STOP_S
            stood_s, has_moved = 0.0, True
        else:
            stood_s += after.now_s - before.now_s
    return count


def _gap_m(moment: Moment, person: Person, radius_m: float) -> float:
    apart_m = math.hypot(person.x_m - moment.x_m, person.y_m - moment.y_m)
    return apart_m - person.radius_m - radius_m


def _approach_mps(moment: Moment, person: Person) -> float:
    """Return how fast the robot itself moves towards the person."""
    bearing_rad = math.atan2(person.y_m - moment.y_m, person.x_m - moment.x_m)
    return moment.speed_mps * math.cos(bearing_rad - moment.yaw_rad)
