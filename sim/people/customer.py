"""The scripted customer of the demo: walks to the screen, asks, follows the robot, leaves.

The plan is a table of what a real customer does when something can be seen: the robot, and what is on its
screen. How the screen state arrives is not its business: somebody calls `Customer.observe`.
"""

from __future__ import annotations

import logging
import math
from collections import deque
from dataclasses import dataclass
from enum import Enum

from aisle.geometry import Pose2
from aisle.messages.visit import Screen, ScreenState
from sim.people.crowd import Intent, Walker
from sim.people.journey import Journey, stand
from sim.people.roles import View, next_state
from sim.people.settings import CustomerScript
from sim.scene.floor import Floor, Point

logger = logging.getLogger(__name__)

ARM_LENGTH_M = 0.45
FOLLOW_DISTANCE_M = 1.05
TOO_NEAR_M = 1.0
STEP_ASIDE_M = 1.0
_AT_PLACE_M, _CAUGHT_UP_M = 0.12, 0.5
_TRAIL_STEP_M = 0.1


class Phase(Enum):
    """Where the customer is in the visit."""

    APPROACHING = "approaching"
    ASKING = "asking"
    FOLLOWING = "following"
    AT_SHELF = "at_shelf"
    LEAVING = "leaving"
    GONE = "gone"
    PAUSING = "pausing"
    WALKED_AWAY = "walked_away"
    RETURNING = "returning"


class Event(Enum):
    """What the customer can notice."""

    NOTHING = "nothing"
    REACHED_PLACE = "reached_place"
    ROBOT_LEADS = "robot_leads"
    ROBOT_ARRIVED = "robot_arrived"
    SCREEN_ASKS = "screen_asks"
    SCREEN_IDLE = "screen_idle"
    PAUSES = "pauses"
    HAS_PAUSED = "has_paused"
    WALKS_AWAY = "walks_away"
    COMES_BACK = "comes_back"
    LEFT_STORE = "left_store"


TRANSITIONS: dict[tuple[Phase, Event], Phase] = {
    (Phase.APPROACHING, Event.REACHED_PLACE): Phase.ASKING,
    (Phase.APPROACHING, Event.ROBOT_LEADS): Phase.FOLLOWING,
    (Phase.ASKING, Event.ROBOT_LEADS): Phase.FOLLOWING,
    (Phase.ASKING, Event.ROBOT_ARRIVED): Phase.AT_SHELF,
    (Phase.FOLLOWING, Event.ROBOT_ARRIVED): Phase.AT_SHELF,
    (Phase.FOLLOWING, Event.SCREEN_ASKS): Phase.ASKING,
    (Phase.FOLLOWING, Event.SCREEN_IDLE): Phase.LEAVING,
    (Phase.AT_SHELF, Event.ROBOT_LEADS): Phase.FOLLOWING,
    (Phase.AT_SHELF, Event.SCREEN_IDLE): Phase.LEAVING,
    (Phase.LEAVING, Event.REACHED_PLACE): Phase.GONE,
    (Phase.LEAVING, Event.SCREEN_ASKS): Phase.APPROACHING,
    (Phase.GONE, Event.SCREEN_ASKS): Phase.APPROACHING,
    (Phase.FOLLOWING, Event.PAUSES): Phase.PAUSING,
    (Phase.PAUSING, Event.HAS_PAUSED): Phase.RETURNING,
    (Phase.FOLLOWING, Event.WALKS_AWAY): Phase.WALKED_AWAY,
    (Phase.PAUSING, Event.WALKS_AWAY): Phase.WALKED_AWAY,
    (Phase.WALKED_AWAY, Event.COMES_BACK): Phase.RETURNING,
    (Phase.WALKED_AWAY, Event.LEFT_STORE): Phase.GONE,
    (Phase.RETURNING, Event.REACHED_PLACE): Phase.FOLLOWING,
    (Phase.RETURNING, Event.ROBOT_ARRIVED): Phase.AT_SHELF,
    (Phase.RETURNING, Event.SCREEN_ASKS): Phase.APPROACHING,
    (Phase.RETURNING, Event.SCREEN_IDLE): Phase.LEAVING,
}

_SCREEN_EVENTS = {
    Screen.GUIDING: Event.ROBOT_LEADS,
    Screen.ARRIVAL: Event.ROBOT_ARRIVED,
    Screen.HOME: Event.SCREEN_ASKS,
    Screen.SEARCH: Event.SCREEN_ASKS,
    Screen.PRODUCT: Event.SCREEN_ASKS,
    Screen.BASKET: Event.SCREEN_ASKS,
    Screen.MEMORY: Event.SCREEN_ASKS,
    Screen.ATTRACT: Event.SCREEN_IDLE,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the map and the direction to face there."""

    x_m: float
    y_m: float
    face_rad: float


def screen_place(robot: Pose2, robot_radius_m: float, screen_yaw_rad: float, radius_m: float) -> Place:
    """Return where a person of that radius stands, an arm's length before the screen and facing it."""
    direction = robot.yaw_rad + screen_yaw_rad
    distance = robot_radius_m + ARM_LENGTH_M + radius_m
    x, y = robot.x_m + distance * math.cos(direction), robot.y_m + distance * math.sin(direction)
    return Place(x, y, math.remainder(direction + math.pi, math.tau))


def is_in_the_way(robot: Pose2, x_m: float, y_m: float) -> bool:
    """Tell whether somebody near the robot stands in the half disc that it is about to drive into."""
    return math.hypot(x_m - robot.x_m, y_m - robot.y_m) < 1.6 and abs(robot.bearing_to(x_m, y_m)) < math.radians(80)


def step_aside(robot: Pose2, x_m: float, y_m: float, floor: Floor) -> Point:
    """Return a point beside the robot, out of its way: on the person's own side if the floor is free there."""
    own = 1.0 if robot.bearing_to(x_m, y_m) >= 0.0 else -1.0
    for side in (own, -own):
        direction = robot.yaw_rad + side * math.pi / 2
        point = robot.x_m + STEP_ASIDE_M * math.cos(direction), robot.y_m + STEP_ASIDE_M * math.sin(direction)
        if floor.clearance(*point) > 0.3:
            return point
    return x_m, y_m


class Trail:
    """The way that the robot has come, as far as somebody behind it remembers."""

    def __init__(self) -> None:
        self._points: deque[Point] = deque(maxlen=200)

    def see(self, x_m: float, y_m: float) -> None:
        """Add where the robot is now."""
        if not self._points or math.dist(self._points[-1], (x_m, y_m)) >= _TRAIL_STEP_M:
            self._points.append((x_m, y_m))

    def back(self, robot: Pose2, distance_m: float) -> Point | None:
        """Return the point that far back along the way from the robot; None while the trail is shorter."""
        left, here = distance_m, (robot.x_m, robot.y_m)
        for point in reversed(self._points):
            length = math.dist(here, point)
            if length >= left:
                share = left / length
                return here[0] + share * (point[0] - here[0]), here[1] + share * (point[1] - here[1])
            left, here = left - length, point
        return None


class Customer:
    """A person who carries the visit through; it starts where the walker is and leaves for `exit_point` in the map.

    The script says what it does besides: pause, walk away and perhaps come back, follow slowly.
    """

    def __init__(
        self,
        walker: Walker,
        exit_point: Point,
        robot_radius_m: float,
        screen_yaw_rad: float,
        floor: Floor,
        script: CustomerScript = CustomerScript(),
    ) -> None:
        self.walker = walker
        self.phase = Phase.APPROACHING
        self._exit = exit_point
        self._robot_radius_m, self._screen_yaw_rad = robot_radius_m, screen_yaw_rad
        self._floor, self._script = floor, script
        self._screen: Screen | None = None
        self._trail = Trail()
        self._journey = Journey(walker, floor)
        self._now_s = self._since_s = 0.0
        self._tour_since_s: float | None = None
        self._has_paused = self._has_walked_away = False

    def observe(self, screen: ScreenState) -> None:
        """See what is on the robot's screen."""
        self._screen = screen.screen

    def think(self, view: View) -> Intent:
        """Return what the customer wants to do now."""
        robot, self._now_s = view.robot, view.now_s
        self._advance(_SCREEN_EVENTS[self._screen] if self._screen else Event.NOTHING)
        self._advance(self._scripted())
        place = self._place(robot)
        if place is not None and self._distance(place.x_m, place.y_m) < self._arrived_m():
            self._advance(Event.REACHED_PLACE)
        if self.phase is Phase.FOLLOWING:
            self._trail.see(robot.x_m, robot.y_m)
            return self._follow(robot)
        self._trail = Trail()
        if self.phase in (Phase.GONE, Phase.PAUSING) or place is None:
            return stand(self.walker, self.walker.yaw_rad)
        if self._distance(place.x_m, place.y_m) < _AT_PLACE_M:
            return stand(self.walker, place.face_rad)
        return self._go((place.x_m, place.y_m))

    def _advance(self, event: Event) -> None:
        following = next_state(TRANSITIONS, self.phase, event)
        if following is not self.phase:
            logger.info("customer: %s -> %s on %s", self.phase.value, following.value, event.value)
            self.phase, self._since_s = following, self._now_s
            if following is Phase.FOLLOWING and self._tour_since_s is None:
                self._tour_since_s = self._now_s

    def _scripted(self) -> Event:
        """Return what the script lets happen now; each of its events happens once."""
        script = self._script
        if self.phase is Phase.PAUSING and self._now_s - self._since_s >= script.stops_for_s:
            return Event.HAS_PAUSED
        if self.phase is Phase.WALKED_AWAY:
            if script.stays_away_s is None:
                return Event.LEFT_STORE if self._distance(*self._exit) < _AT_PLACE_M else Event.NOTHING
            return Event.COMES_BACK if self._now_s - self._since_s >= script.stays_away_s else Event.NOTHING
        if self.phase is not Phase.FOLLOWING or self._tour_since_s is None:
            return Event.NOTHING
        toured_s = self._now_s - self._tour_since_s
        if not self._has_walked_away and _is_due(script.walks_away_after_s, toured_s):
            self._has_walked_away = True
            return Event.WALKS_AWAY
        if not self._has_paused and _is_due(script.stops_after_s, toured_s):
            self._has_paused = True
            return Event.PAUSES
        return Event.NOTHING

    def _arrived_m(self) -> float:
        """Return how near is there: who comes back to a robot that drives on only has to catch up with it."""
        return _CAUGHT_UP_M if self.phase is Phase.RETURNING else _AT_PLACE_M

    def _place(self, robot: Pose2) -> Place | None:
        """Return where this phase takes the customer, or None while it follows or pauses."""
        if self.phase in (Phase.LEAVING, Phase.GONE, Phase.WALKED_AWAY):
            return Place(*self._exit, 0.0)
        if self.phase in (Phase.FOLLOWING, Phase.PAUSING):
            return None
        place = screen_place(robot, self._robot_radius_m, self._screen_yaw_rad, self.walker.radius_m)
        if self._floor.clearance(place.x_m, place.y_m) >= self.walker.radius_m + 0.05:
            return place
        return Place(*self._floor.nearest_walkable(place.x_m, place.y_m), place.face_rad)

    def _follow(self, robot: Pose2) -> Intent:
        facing = math.atan2(robot.y_m - self.walker.y_m, robot.x_m - self.walker.x_m)
        if is_in_the_way(robot, self.walker.x_m, self.walker.y_m):
            return self._go(step_aside(robot, self.walker.x_m, self.walker.y_m, self._floor))
        target = self._trail.back(robot, FOLLOW_DISTANCE_M)
        too_near = self._distance(robot.x_m, robot.y_m) < TOO_NEAR_M
        if target is None or too_near or self._distance(*target) < _AT_PLACE_M:
            return stand(self.walker, facing)
        return self._go(target, self._script.pace_factor)

    def _go(self, goal: Point, pace_factor: float = 1.0) -> Intent:
        return self._journey.follow(goal, pace_factor * self.walker.preferred_speed_mps, self._now_s)

    def _distance(self, x_m: float, y_m: float) -> float:
        return math.hypot(x_m - self.walker.x_m, y_m - self.walker.y_m)


def _is_due(after_s: float | None, toured_s: float) -> bool:
    return after_s is not None and toured_s >= after_s
