"""People whom the robot interests: who stands in its way on purpose, and who follows it, stops, turns off and asks."""

from __future__ import annotations

import math
from enum import Enum

import numpy as np

from aisle.geometry import Pose2
from sim.people.crowd import Intent, Walker
from sim.people.errands import Errands
from sim.people.journey import Journey, stand
from sim.people.roles import View, next_state
from sim.people.settings import Range, Robots
from sim.scene.floor import Floor, Point

SEES_ROBOT_M = 10.0
BLOCKING_GAP_M = 0.55
FOLLOWING_GAP_M = 0.9
ASKING_GAP_M = 0.6
_GOES_PAST_S = 12.0
_STOPS_S = Range(least=2.0, most=6.0)
_TURNS_OFF_S = Range(least=5.0, most=15.0)
_ASKS_S = Range(least=5.0, most=10.0)
_THERE_M = 0.25


class Whim(Enum):
    """What somebody whom the robot interests is busy with."""

    SHOPPING = "shopping"
    GOING_BEFORE = "going_before"
    BLOCKING = "blocking"
    FOLLOWING = "following"
    STOPPED = "stopped"
    TURNED_OFF = "turned_off"
    RETURNING = "returning"
    ASKING = "asking"


class Event(Enum):
    """What happens to them; the time of a whim ends with TIME_OVER."""

    NOTHING = "nothing"
    ROBOT_SEEN = "robot_seen"
    THERE = "there"
    TIME_OVER = "time_over"


Table = dict[tuple[Whim, Event], Whim]

BLOCKER: Table = {
    (Whim.SHOPPING, Event.ROBOT_SEEN): Whim.GOING_BEFORE,
    (Whim.GOING_BEFORE, Event.THERE): Whim.BLOCKING,
    (Whim.GOING_BEFORE, Event.TIME_OVER): Whim.SHOPPING,
    (Whim.BLOCKING, Event.TIME_OVER): Whim.SHOPPING,
}
FOLLOWER: Table = {
    (Whim.SHOPPING, Event.ROBOT_SEEN): Whim.FOLLOWING,
    (Whim.FOLLOWING, Event.TIME_OVER): Whim.STOPPED,
    (Whim.STOPPED, Event.TIME_OVER): Whim.TURNED_OFF,
    (Whim.TURNED_OFF, Event.TIME_OVER): Whim.RETURNING,
    (Whim.RETURNING, Event.THERE): Whim.ASKING,
    (Whim.RETURNING, Event.TIME_OVER): Whim.SHOPPING,
    (Whim.ASKING, Event.TIME_OVER): Whim.SHOPPING,
}


class Curious:
    """Somebody who shops, and now and then does with the robot what the table says.

    `screen_yaw_rad` is where the screen faces on the robot: those who ask stand before it and touch nothing.
    """

    def __init__(
        self, errands: Errands, table: Table, settings: Robots, screen_yaw_rad: float, floor: Floor,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        self.walker: Walker = errands.walker
        self.whim = Whim.SHOPPING
        self._errands, self._table, self._floor, self._rng = errands, table, floor, rng
        self._journey = Journey(self.walker, floor)
        self._screen_yaw_rad = screen_yaw_rad
        rests = settings.blocker_rests_s if table is BLOCKER else settings.follower_rests_s
        self._lasts = {
            Whim.SHOPPING: rests,
            Whim.GOING_BEFORE: Range(least=_GOES_PAST_S, most=_GOES_PAST_S),
            Whim.BLOCKING: settings.blocker_stands_s,
            Whim.FOLLOWING: settings.follower_follows_s,
            Whim.STOPPED: _STOPS_S,
            Whim.TURNED_OFF: _TURNS_OFF_S,
            Whim.RETURNING: Range(least=_GOES_PAST_S, most=_GOES_PAST_S),
            Whim.ASKING: _ASKS_S,
        }
        self._until_s = 0.5 * self._drawn(Whim.SHOPPING)

    def think(self, view: View) -> Intent:
        """Shop, or do with the robot what the whim is."""
        whim = next_state(self._table, self.whim, self._notice(view))
        if whim is not self.whim:
            self._until_s = view.now_s + self._drawn(whim)
            if whim in (Whim.SHOPPING, Whim.TURNED_OFF):
                self._errands.resume(view.now_s)
            self.whim = whim
        if whim in (Whim.SHOPPING, Whim.TURNED_OFF):
            return self._errands.think(view)
        return self._with_robot(view)

    def _notice(self, view: View) -> Event:
        is_over = view.now_s >= self._until_s
        if self.whim is Whim.SHOPPING:
            return Event.ROBOT_SEEN if is_over and view.robot_gap_m(self.walker) < SEES_ROBOT_M else Event.NOTHING
        if is_over:
            return Event.TIME_OVER
        place = self._place(view)
        is_there = place is not None and math.dist(self.walker.centre, place) < _THERE_M
        return Event.THERE if is_there else Event.NOTHING

    def _with_robot(self, view: View) -> Intent:
        place = self._place(view)
        face_rad = math.atan2(view.robot.y_m - self.walker.y_m, view.robot.x_m - self.walker.x_m)
        if place is None or math.dist(self.walker.centre, place) < _THERE_M:
            return stand(self.walker, face_rad, gives_way=self.whim is not Whim.BLOCKING)
        return self._journey.follow(place, self.walker.preferred_speed_mps, view.now_s)

    def _place(self, view: View) -> Point | None:
        """Return where the whim takes them; None where they stand."""
        match self.whim:
            case Whim.GOING_BEFORE:
                return self._beside_robot(view, view.robot.yaw_rad, BLOCKING_GAP_M)
            case Whim.FOLLOWING:
                # From where they come anyway: behind a robot that drives away.
                away = math.atan2(self.walker.y_m - view.robot.y_m, self.walker.x_m - view.robot.x_m)
                return self._beside_robot(view, away, FOLLOWING_GAP_M)
            case Whim.RETURNING:
                return self._beside_robot(view, view.robot.yaw_rad + self._screen_yaw_rad, ASKING_GAP_M)
            case _:
                return None

    def _beside_robot(self, view: View, direction_rad: float, gap_m: float) -> Point:
        """Return the free place nearest to a point so far from the robot's side."""
        robot: Pose2 = view.robot
        distance_m = view.robot_disc.radius_m + gap_m + self.walker.radius_m
        place = robot.x_m + distance_m * math.cos(direction_rad), robot.y_m + distance_m * math.sin(direction_rad)
        if self._floor.clearance(*place) >= self.walker.radius_m + 0.05:
            return place
        return self._floor.nearest_walkable(*place)

    def _drawn(self, whim: Whim) -> float:
        span = self._lasts[whim]
        return float(self._rng.uniform(span.least, span.most))
