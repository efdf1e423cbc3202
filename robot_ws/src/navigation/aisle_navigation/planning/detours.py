"""When somebody blocks the way: whether they do, and whether to wait for them politely or to go round.

How long somebody goes on standing nobody knows. Whoever has stood for a while is expected to stand about as long again,
and so the robot waits until waiting has cost as much as the detour would, and then goes round: never more than twice
what it would have cost to know it beforehand (the ski rental problem; A. R. Karlin et al., "Competitive snoopy
caching", 1988). Things do not step aside, so nobody waits for them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from aisle.geometry import FloatArray
from aisle_navigation.planning.kernels.hulls import distances_from
from aisle_navigation.planning.planner import NO_PLAN, Plan, Planner, PlanOutcome, Point
from aisle_navigation.planning.standing import Kind, Standing, usable

_NEARER_M = 0.01


class Choice(Enum):
    """What to do about a way that somebody blocks."""

    GO_ON = "nothing is in the way"
    WAIT = "wait for them to step aside"
    GO_ROUND = "take the detour"


@dataclass(frozen=True, slots=True)
class Blockage:
    """The first place where a path leads too near to something: how far along the path, in metres, and what it is."""

    distance_m: float
    by: Standing


@dataclass(frozen=True, slots=True)
class DetourSettings:
    """Times in seconds.

    At first somebody is expected to stand for `first_guess_s`, so a detour shorter than that is taken at once.
    """

    cruise_mps: float = 0.8
    first_guess_s: float = 15.0
    look_ahead_m: float = 4.0
    gap_m: float = 0.10


@dataclass(frozen=True, slots=True)
class Decision:
    """The choice and what it weighed: what the detour costs more, and how long waiting is expected to last, in seconds.

    Either is inf where there is none: no way round, or something that does not step aside. `route` is the plan to
    follow: for WAIT the one through them, for GO_ROUND the detour, for GO_ON none, which means the present one.
    """

    choice: Choice
    extra_s: float
    expected_wait_s: float
    route: Plan


def first_blockage(
    path: FloatArray,
    standing: Sequence[Standing],
    robot_m: float,
    within_m: float = DetourSettings().look_ahead_m,
    gap_m: float = DetourSettings().gap_m,
) -> Blockage | None:
    """Return where a path, shape (n, 2) from the robot on, first comes nearer than `gap_m` to what stands; or None.

    `robot_m` is the robot's radius. Only the first `within_m` metres of the path count. Somebody whom the robot already
    stands beside is in the way only if the path comes nearer still.
    """
    ahead, along_m = _beginning(path, within_m)
    found = []
    for one in usable(standing) if len(ahead) else []:
        distances = distances_from(one.corners_map, ahead)
        too_near = distances < min(robot_m + one.radius_m + gap_m, distances[0] - _NEARER_M)
        if too_near.any():
            found.append(Blockage(float(along_m[too_near.argmax()]), one))
    return min(found, key=lambda blockage: blockage.distance_m, default=None)


@dataclass(frozen=True, slots=True)
class Leg:
    """Where the robot is and wants to go, in the map frame, the path it follows, and for how long it has waited."""

    start: Point
    goal: Point
    path: FloatArray
    waited_s: float


def weigh(
    planner: Planner,
    leg: Leg,
    standing: Sequence[Standing],
    robot_m: float,
    settings: DetourSettings = DetourSettings(),
) -> Decision:
    """Look at the way ahead and decide; plans twice more, but only if the way is blocked."""
    blockage = first_blockage(leg.path, standing, robot_m, settings.look_ahead_m, settings.gap_m)
    if blockage is None:
        return decide(None, NO_PLAN, NO_PLAN, leg.waited_s, settings)
    others = [one for one in standing if one is not blockage.by]
    through = planner.plan(leg.start, leg.goal, others)
    around = planner.plan(leg.start, leg.goal, others, walls=[blockage.by])
    return decide(blockage, through, around, leg.waited_s, settings)


def decide(
    blockage: Blockage | None, through: Plan, around: Plan, waited_s: float, settings: DetourSettings = DetourSettings()
) -> Decision:
    """Choose between waiting and going round.

    `through` is the plan as if nobody stood there, `around` the one that takes them for a wall, `waited_s` how long the
    robot has waited already.
    """
    if blockage is None:
        return Decision(Choice.GO_ON, 0.0, 0.0, NO_PLAN)
    wait_s = math.inf if blockage.by.kind is Kind.THING else max(settings.first_guess_s, waited_s)
    extra_s = extra_cost_m(through, around) / settings.cruise_mps
    if around.outcome is PlanOutcome.FOUND and extra_s <= wait_s:
        return Decision(Choice.GO_ROUND, extra_s, wait_s, around)
    return Decision(Choice.WAIT, extra_s, wait_s, through)


def extra_cost_m(through: Plan, around: Plan) -> float:
    """Return what the second plan costs more than the first, in metres of open floor; inf where there is no second."""
    if around.outcome is not PlanOutcome.FOUND:
        return math.inf
    return max(0.0, around.cost_m - through.cost_m) if through.outcome is PlanOutcome.FOUND else 0.0


def _beginning(path: FloatArray, within_m: float) -> tuple[FloatArray, FloatArray]:
    """Return the points of the first metres of a path, and how far along it each is."""
    if len(path) == 0:
        return path.reshape(0, 2), np.zeros(0)
    along_m = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))))
    return np.ascontiguousarray(path[along_m <= within_m]), along_m
