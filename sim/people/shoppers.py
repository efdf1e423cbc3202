"""Seeded shoppers: they walk from shelf to shelf, browse, pay, and keep out of each other's way."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from sim.people.crowd import Disc, Intent, Walker
from sim.scene.floor import Floor, Point
from sim.scene.spots import Spot

STUCK_AFTER_S = 4.0
STUCK_WITHIN_M = 0.3
EXCUSE_GAP_M = 0.8
EXCUSE_AFTER_S = 1.5
_LOOK_AHEAD_M = 2.5
_ARRIVED_M = 0.20


class Doing(Enum):
    """What a shopper is busy with."""

    WALKING = "walking"
    BROWSING = "browsing"


@dataclass(slots=True)
class Trip:
    """A walk along waypoints; `index` is the one being headed for."""

    route: list[Point]
    index: int = 0


@dataclass(slots=True)
class Shopper:
    """A walker with an errand. `until_s` ends the browsing, `moved_*` remember the last real progress."""

    walker: Walker
    spot: Spot
    trip: Trip
    doing: Doing = Doing.WALKING
    until_s: float = 0.0
    visits_left: int = 5
    moved_s: float = 0.0
    moved_from: Point = (0.0, 0.0)
    disturbed_s: float = field(default=math.inf)


def head_for(trip: Trip, walker: Walker, floor: Floor) -> Point:
    """Return the farthest waypoint that the walker can go to straight, and remember it in the trip."""
    here = (walker.x_m, walker.y_m)
    while trip.index + 1 < len(trip.route):
        following = trip.route[trip.index + 1]
        is_there = math.dist(here, trip.route[trip.index]) < _ARRIVED_M
        is_far = math.dist(here, following) > _LOOK_AHEAD_M
        if not is_there and (is_far or not floor.sees(here, following, walker.radius_m)):
            break
        trip.index += 1
    return trip.route[trip.index]


class Shoppers:
    """A fixed number of people who shop for as long as the simulation runs.

    All their choices come from one seeded generator, so the same seed and the same robot give the same walks.
    """

    def __init__(self, count: int, spots: list[Spot], floor: Floor, keep_free: list[Disc], seed: int) -> None:
        if count and len(spots) < count + 1:
            raise ValueError(f"{count} shoppers need at least {count + 1} places to stand, the plan has {len(spots)}")
        self._rng = np.random.default_rng((seed, 0x5A0B))
        self._shelves = [spot for spot in spots if not spot.is_till]
        self._tills = [spot for spot in spots if spot.is_till] or self._shelves
        self._floor = floor
        self._shoppers: list[Shopper] = []
        for person_id in range(1, count + 1):
            self._shoppers.append(self._enter(person_id, keep_free))

    @property
    def walkers(self) -> list[Walker]:
        """Return the bodies, in order of person id."""
        return [shopper.walker for shopper in self._shoppers]

    def intents(self, now_s: float, robot: Disc) -> list[Intent]:
        """Return what each shopper wants to do now, in the order of `walkers`."""
        return [self._intent(shopper, now_s, robot) for shopper in self._shoppers]

    def _intent(self, shopper: Shopper, now_s: float, robot: Disc) -> Intent:
        if shopper.doing is Doing.BROWSING:
            if now_s < shopper.until_s and not _asked_to_move(shopper, now_s, robot):
                return Intent(shopper.walker.x_m, shopper.walker.y_m, 0.0, shopper.spot.face_rad)
            self._go_on(shopper, now_s)
        walker, spot = shopper.walker, shopper.spot
        if math.hypot(spot.x_m - walker.x_m, spot.y_m - walker.y_m) < _ARRIVED_M:
            shopper.doing, shopper.until_s = Doing.BROWSING, now_s + float(self._rng.uniform(4.0, 15.0))
        elif _is_stuck(shopper, now_s):
            self._go_on(shopper, now_s)
        x_m, y_m = head_for(shopper.trip, walker, self._floor)
        return Intent(x_m, y_m, walker.preferred_speed_mps)

    def _go_on(self, shopper: Shopper, now_s: float) -> None:
        """Choose the next shelf, or a till after the last one."""
        shopper.doing, shopper.disturbed_s = Doing.WALKING, math.inf
        shopper.visits_left -= 1
        if shopper.visits_left < 0:
            shopper.visits_left = int(self._rng.integers(4, 9))
        choices = self._tills if shopper.visits_left == 0 else self._shelves
        here = (shopper.walker.x_m, shopper.walker.y_m)
        shopper.spot, shopper.trip = self._choose(choices, here)
        shopper.moved_s, shopper.moved_from = now_s, here

    def _choose(self, choices: list[Spot], here: Point) -> tuple[Spot, Trip]:
        taken = [shopper.spot for shopper in self._shoppers]
        for _ in range(100):
            spot = choices[int(self._rng.integers(len(choices)))]
            if any(math.hypot(spot.x_m - other.x_m, spot.y_m - other.y_m) < 1.0 for other in taken):
                continue
            route = self._floor.route(here, (spot.x_m, spot.y_m))
            if route:
                return spot, Trip(route)
        # Everything within reach is taken: stay here and try again when this errand ends.
        return Spot(here[0], here[1], 0.0), Trip([here])

    def _enter(self, person_id: int, keep_free: list[Disc]) -> Shopper:
        radius_m = float(self._rng.uniform(0.20, 0.28))
        occupied = [*keep_free, *(Disc(s.walker.x_m, s.walker.y_m, s.walker.radius_m) for s in self._shoppers)]
        for _ in range(1000):
            start = self._shelves[int(self._rng.integers(len(self._shelves)))]
            if all(math.hypot(start.x_m - o.x_m, start.y_m - o.y_m) > o.radius_m + radius_m + 0.5 for o in occupied):
                break
        else:
            raise ValueError(f"no free place for shopper {person_id}: ask for fewer shoppers than {person_id}")
        speed_mps = float(self._rng.uniform(0.8, 1.4))
        walker = Walker(person_id, start.x_m, start.y_m, radius_m, speed_mps, start.face_rad)
        shopper = Shopper(walker, start, Trip([(start.x_m, start.y_m)]), Doing.BROWSING)
        shopper.until_s = float(self._rng.uniform(0.0, 8.0))
        shopper.visits_left = int(self._rng.integers(2, 9))
        return shopper


def _asked_to_move(shopper: Shopper, now_s: float, robot: Disc) -> bool:
    """Tell whether the robot has been standing close by for so long that the shopper lets it pass."""
    walker = shopper.walker
    gap = math.hypot(robot.x_m - walker.x_m, robot.y_m - walker.y_m) - robot.radius_m - walker.radius_m
    shopper.disturbed_s = min(shopper.disturbed_s, now_s) if gap < EXCUSE_GAP_M else math.inf
    return now_s - shopper.disturbed_s >= EXCUSE_AFTER_S


def _is_stuck(shopper: Shopper, now_s: float) -> bool:
    here = (shopper.walker.x_m, shopper.walker.y_m)
    if math.dist(here, shopper.moved_from) > STUCK_WITHIN_M:
        shopper.moved_s, shopper.moved_from = now_s, here
    return now_s - shopper.moved_s > STUCK_AFTER_S
