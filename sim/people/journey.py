"""A walk along a route around the fixtures, and the noticing that one gets nowhere."""

from __future__ import annotations

import math

from sim.people.crowd import Intent, Walker
from sim.scene.floor import ROUTE_CLEARANCE_M, Floor, Point

STUCK_AFTER_S = 4.0
STUCK_WITHIN_M = 0.3
WIDE_CLEARANCE_M = 0.65
ARRIVED_M = 0.20
_LONG_ARRIVED_M = 0.40
_LOOK_AHEAD_M = 2.5
_GOAL_MOVED_M = 0.4


class Journey:
    """Leads one walker to a goal that may move. Without a way to the goal the walker stays where it is."""

    def __init__(self, walker: Walker, floor: Floor) -> None:
        self._walker, self._floor = walker, floor
        self._goal: Point = walker.centre
        self._route: list[Point] = [self._goal]
        self._index = 0
        self._moved_s, self._moved_from = math.inf, self._goal
        shape = walker.shape
        self._reach_m = shape.crowd_radius_m
        self._arrived_m = _LONG_ARRIVED_M if shape.is_long else ARRIVED_M
        self._route_clearance_m = WIDE_CLEARANCE_M if shape.is_long else ROUTE_CLEARANCE_M

    @property
    def has_arrived(self) -> bool:
        """Tell whether the walker is at the goal."""
        return math.dist(self._walker.centre, self._goal) < self._arrived_m

    def set_out(self, goal: Point, now_s: float) -> bool:
        """Take a new goal; return False when no way leads there, and stay."""
        here = self._walker.centre
        route = self._floor.route(here, goal, self._route_clearance_m)
        self._goal, self._route, self._index = (goal, route, 0) if route else (here, [here], 0)
        self._moved_s, self._moved_from = now_s, here
        return bool(route)

    def follow(self, goal: Point, speed_mps: float, now_s: float) -> Intent:
        """Go to a goal that moves: straight where nothing is between, otherwise by a route."""
        here = self._walker.centre
        if self._floor.sees(here, goal, self._reach_m):
            self._goal, self._route, self._index = goal, [goal], 0
        elif math.dist(goal, self._goal) > _GOAL_MOVED_M:
            self.set_out(goal, now_s)
        return self.intent(speed_mps)

    def intent(self, speed_mps: float) -> Intent:
        """Go on towards the farthest waypoint that can be reached straight."""
        here = self._walker.centre
        while self._index + 1 < len(self._route):
            following = self._route[self._index + 1]
            is_there = math.dist(here, self._route[self._index]) < ARRIVED_M
            is_far = math.dist(here, following) > _LOOK_AHEAD_M
            if not is_there and (is_far or not self._floor.sees(here, following, self._reach_m)):
                break
            self._index += 1
        return Intent(*self._route[self._index], speed_mps)

    def is_stuck(self, now_s: float) -> bool:
        """Tell whether there was no progress for `STUCK_AFTER_S`. Ask all the time while walking."""
        here = self._walker.centre
        if math.dist(here, self._moved_from) > STUCK_WITHIN_M:
            self._moved_s, self._moved_from = now_s, here
        return now_s - self._moved_s > STUCK_AFTER_S


def stand(walker: Walker, face_rad: float | None = None, *, gives_way: bool = True) -> Intent:
    """Return the intent to stay, perhaps turning to a direction."""
    return Intent(*walker.centre, 0.0, face_rad, gives_way)
