"""A second shopper who comes to the screen while the first is served, touches it, and goes."""

from __future__ import annotations

import math
from enum import Enum

from sim.people.crowd import Intent, Walker
from sim.people.customer import Customer, Phase, Place, screen_place
from sim.people.journey import Journey, stand
from sim.people.roles import View, next_state
from sim.people.settings import SecondShopper as Settings
from sim.scene.floor import Floor, Point

BESIDE_FIRST_M = 0.55
TOUCH_EVERY_S = 1.0
_THERE_M = 0.15
_GIVES_UP_S = 25.0


class Step(Enum):
    """How far the second shopper has come."""

    WAITING = "waiting"
    COMING = "coming"
    TOUCHING = "touching"
    LEAVING = "leaving"
    GONE = "gone"


class Event(Enum):
    """What moves the second shopper on."""

    NOTHING = "nothing"
    DUE = "due"
    THERE = "there"
    ENOUGH = "enough"


TRANSITIONS: dict[tuple[Step, Event], Step] = {
    (Step.WAITING, Event.DUE): Step.COMING,
    (Step.COMING, Event.THERE): Step.TOUCHING,
    (Step.COMING, Event.ENOUGH): Step.LEAVING,
    (Step.TOUCHING, Event.ENOUGH): Step.LEAVING,
    (Step.LEAVING, Event.THERE): Step.GONE,
}


class SecondShopper:
    """Waits where they stand until the first shopper is in the phase of the settings."""

    def __init__(
        self, walker: Walker, first: Customer, settings: Settings, robot_radius_m: float, screen_yaw_rad: float,
        floor: Floor,
    ) -> None:  # fmt: skip
        self.walker = walker
        self.step = Step.WAITING
        self._first, self._settings, self._floor = first, settings, floor
        self._during = Phase(settings.during)
        self._robot_radius_m, self._screen_yaw_rad = robot_radius_m, screen_yaw_rad
        self._journey = Journey(walker, floor)
        self._home: Point = walker.centre
        self._since_s = 0.0
        self.touched, self._next_touch_s = 0, 0.0

    def think(self, view: View) -> Intent:
        """Wait, come to the screen beside the first shopper, touch, leave."""
        step = next_state(TRANSITIONS, self.step, self._notice(view))
        if step is not self.step:
            self.step, self._since_s, self._next_touch_s = step, view.now_s, view.now_s + TOUCH_EVERY_S
        if step in (Step.WAITING, Step.GONE):
            return stand(self.walker)
        if step is Step.LEAVING:
            return self._journey.follow(self._home, self.walker.preferred_speed_mps, view.now_s)
        place = self._place(view)
        if step is Step.TOUCHING:
            return stand(self.walker, place.face_rad)
        return self._journey.follow((place.x_m, place.y_m), self.walker.preferred_speed_mps, view.now_s)

    def takes_a_touch(self, now_s: float) -> bool:
        """Tell whether the hand touches the screen now, and count it in `touched`."""
        if self.step is not Step.TOUCHING or self._has_touched_enough or now_s < self._next_touch_s:
            return False
        self.touched += 1
        self._next_touch_s = now_s + TOUCH_EVERY_S
        return True

    def _notice(self, view: View) -> Event:
        match self.step:
            case Step.WAITING:
                if self._first.phase is not self._during:
                    self._since_s = view.now_s
                return Event.DUE if view.now_s - self._since_s > self._settings.after_s else Event.NOTHING
            case Step.COMING if view.now_s - self._since_s > _GIVES_UP_S:
                return Event.ENOUGH
            case Step.COMING:
                place = self._place(view)
                return self._there((place.x_m, place.y_m))
            case Step.TOUCHING:
                is_done = self._has_touched_enough and view.now_s >= self._next_touch_s
                return Event.ENOUGH if is_done else Event.NOTHING
            case Step.LEAVING:
                return self._there(self._home)
            case _:
                return Event.NOTHING

    @property
    def _has_touched_enough(self) -> bool:
        return self.touched >= self._settings.touches

    def _there(self, place: Point) -> Event:
        return Event.THERE if math.dist(self.walker.centre, place) < _THERE_M else Event.NOTHING

    def _place(self, view: View) -> Place:
        """Return the place beside the first shopper's, on the side where there is room."""
        front = screen_place(view.robot, self._robot_radius_m, self._screen_yaw_rad, self.walker.radius_m)
        for side in (1.0, -1.0):
            direction = front.face_rad + side * 0.5 * math.pi
            x_m = front.x_m + BESIDE_FIRST_M * math.cos(direction)
            y_m = front.y_m + BESIDE_FIRST_M * math.sin(direction)
            if self._floor.clearance(x_m, y_m) >= self.walker.radius_m + 0.05:
                return Place(x_m, y_m, math.atan2(view.robot.y_m - y_m, view.robot.x_m - x_m))
        return Place(*self._floor.nearest_walkable(front.x_m, front.y_m), front.face_rad)
