"""Who belongs to somebody: a partner who walks beside, a child who stays near and sometimes runs ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from sim.people.crowd import Intent, Walker
from sim.people.journey import Journey, stand
from sim.people.roles import View, next_state
from sim.people.settings import Range
from sim.scene.floor import Floor, Point

_STRAYED_M = 4.0


class Tie(Enum):
    """What a companion is busy with."""

    BESIDE = "beside"
    AHEAD = "ahead"
    COMING_BACK = "coming_back"


class Event(Enum):
    """What happens to a companion."""

    NOTHING = "nothing"
    BORED = "bored"
    STRAYED = "strayed"
    NEAR_AGAIN = "near_again"


TRANSITIONS: dict[tuple[Tie, Event], Tie] = {
    (Tie.BESIDE, Event.BORED): Tie.AHEAD,
    (Tie.AHEAD, Event.STRAYED): Tie.COMING_BACK,
    (Tie.AHEAD, Event.NEAR_AGAIN): Tie.BESIDE,
    (Tie.COMING_BACK, Event.NEAR_AGAIN): Tie.BESIDE,
}


@dataclass(frozen=True, slots=True)
class Leash:
    """How a companion keeps to the leader: at what distance beside, and for a child when it runs ahead.

    `bored_s` is the time between two runs, None for an adult; a run takes `run_s` and `hurry` times the speed.
    """

    beside_m: float
    bored_s: Range | None = None
    run_s: Range | None = None
    hurry: float = 1.0


PARTNER = Leash(beside_m=0.70)
CHILD = Leash(0.60, bored_s=Range(least=8.0, most=30.0), run_s=Range(least=1.5, most=4.0), hurry=1.5)


class Companion:
    """Somebody who goes where their leader goes."""

    def __init__(self, walker: Walker, leader: Walker, leash: Leash, floor: Floor, rng: np.random.Generator) -> None:
        self.walker = walker
        self.tie = Tie.BESIDE
        self._leader, self._leash, self._floor, self._rng = leader, leash, floor, rng
        self._journey = Journey(walker, floor)
        self._side = 1.0 if rng.random() < 0.5 else -1.0
        self._until_s = self._drawn(leash.bored_s)
        self._run_to: Point = walker.centre

    def think(self, view: View) -> Intent:
        """Keep beside the leader; a bored child runs off and comes back."""
        tie = next_state(TRANSITIONS, self.tie, self._notice(view.now_s))
        if tie is not self.tie:
            self._begin(tie, view.now_s)
        self.tie = tie
        speed_mps = self.walker.preferred_speed_mps
        if tie is Tie.AHEAD:
            return self._journey.follow(self._run_to, self._leash.hurry * speed_mps, view.now_s)
        place = self._place_beside()
        if math.dist(self.walker.centre, place) < 0.25:
            return stand(self.walker, self._leader.yaw_rad)
        # Who has fallen behind hurries a little.
        return self._journey.follow(place, max(speed_mps, 1.15 * self._leader.speed_mps), view.now_s)

    def _notice(self, now_s: float) -> Event:
        apart_m = math.dist(self.walker.centre, self._leader.centre)
        if self.tie is Tie.BESIDE:
            return Event.BORED if now_s >= self._until_s else Event.NOTHING
        if self.tie is Tie.AHEAD and (now_s >= self._until_s or apart_m > _STRAYED_M):
            return Event.STRAYED
        is_near = self.tie is Tie.COMING_BACK and apart_m < 2.0 * self._leash.beside_m
        return Event.NEAR_AGAIN if is_near else Event.NOTHING

    def _begin(self, tie: Tie, now_s: float) -> None:
        if tie is Tie.BESIDE:
            self._until_s = now_s + self._drawn(self._leash.bored_s)
        elif tie is Tie.AHEAD:
            self._until_s = now_s + self._drawn(self._leash.run_s)
            self._run_to = self._somewhere_ahead()

    def _somewhere_ahead(self) -> Point:
        """Return a place two to three metres away, most often ahead of the leader."""
        direction = self._leader.yaw_rad + float(self._rng.normal(0.0, 0.6))
        distance_m = float(self._rng.uniform(2.0, 3.0))
        x_m, y_m = self._leader.centre
        return self._floor.nearest_walkable(
            x_m + distance_m * math.cos(direction), y_m + distance_m * math.sin(direction)
        )

    def _place_beside(self) -> Point:
        """Return the place beside the leader on the own side, else on the other, else behind."""
        x_m, y_m = self._leader.centre
        beside_m = self._leash.beside_m + self._leader.shape.crowd_radius_m - self._leader.radius_m
        for turn in (self._side * 0.5, -self._side * 0.5, 1.0):
            direction = self._leader.yaw_rad + turn * math.pi
            place = x_m + beside_m * math.cos(direction), y_m + beside_m * math.sin(direction)
            if self._floor.clearance(*place) >= self.walker.radius_m + 0.05:
                return place
        return self.walker.centre

    def _drawn(self, span: Range | None) -> float:
        return math.inf if span is None else float(self._rng.uniform(span.least, span.most))
