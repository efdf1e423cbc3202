"""Shopping: from shelf to shelf of a basket, browsing at each, to a till, and on with the next basket.

Staff with a pallet truck do the same more slowly: they park in an aisle for minutes and fill shelves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from sim.people.crowd import Intent, Walker
from sim.people.destinations import Destinations
from sim.people.journey import Journey, stand
from sim.people.roles import EXCUSE_GAP_M, Patience, View, next_state
from sim.people.settings import Range
from sim.scene.floor import Floor
from sim.scene.spots import Spot

_IN_THE_WAY_S = 1.0


class Doing(Enum):
    """What somebody on an errand is busy with."""

    WALKING = "walking"
    BROWSING = "browsing"


class Event(Enum):
    """What happens on an errand."""

    NOTHING = "nothing"
    ARRIVED = "arrived"
    DONE = "done"
    IN_THE_WAY = "in_the_way"


TRANSITIONS: dict[tuple[Doing, Event], Doing] = {
    (Doing.WALKING, Event.ARRIVED): Doing.BROWSING,
    (Doing.BROWSING, Event.DONE): Doing.WALKING,
    (Doing.BROWSING, Event.IN_THE_WAY): Doing.WALKING,
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody runs errands: the list that comes next, how long they stay, how soon they let the robot pass."""

    next_list: Callable[[np.random.Generator], list[Spot]]
    stay_s: Range
    till_s: Range
    excuse_after_s: float


class Errands:
    """One person who runs errands for as long as the simulation runs, beginning where they stand."""

    def __init__(
        self, walker: Walker, manner: Manner, destinations: Destinations, floor: Floor, rng: np.random.Generator
    ) -> None:
        self.walker = walker
        self.doing = Doing.BROWSING
        self._manner, self._destinations, self._rng = manner, destinations, rng
        self._journey = Journey(walker, floor)
        self._stops = manner.next_list(rng)
        self._spot = Spot(*walker.centre, walker.yaw_rad)
        self._until_s = float(rng.uniform(0.0, 8.0))
        self._robot_waits, self._somebody_waits = Patience(manner.excuse_after_s), Patience(_IN_THE_WAY_S)

    def think(self, view: View) -> Intent:
        """Walk on, or stay until done or in the way."""
        event = self._notice(view)
        doing = next_state(TRANSITIONS, self.doing, event)
        if doing is Doing.BROWSING and self.doing is Doing.WALKING:
            stay = self._manner.till_s if self._spot.is_till else self._manner.stay_s
            self._until_s = view.now_s + float(self._rng.uniform(stay.least, stay.most))
        elif doing is Doing.WALKING and (self.doing is Doing.BROWSING or self._journey.is_stuck(view.now_s)):
            self._go_on(view.now_s)
        self.doing = doing
        if doing is Doing.BROWSING:
            return stand(self.walker, self._spot.face_rad)
        return self._journey.intent(self.walker.preferred_speed_mps)

    def resume(self, now_s: float) -> None:
        """Go on with the list after something else."""
        self.doing = Doing.WALKING
        self._go_on(now_s)

    def _notice(self, view: View) -> Event:
        if self.doing is Doing.WALKING:
            return Event.ARRIVED if self._journey.has_arrived else Event.NOTHING
        waits = self._robot_waits.is_over(view.robot_gap_m(self.walker) < EXCUSE_GAP_M, view.now_s)
        blocks = self._somebody_waits.is_over(self.walker.person_id in view.in_the_way, view.now_s)
        if blocks or (waits and not self.walker.ignores_robot):
            return Event.IN_THE_WAY
        return Event.DONE if view.now_s >= self._until_s else Event.NOTHING

    def _go_on(self, now_s: float) -> None:
        """Set out for the next place on the list that is free and can be reached; the others come later."""
        for _ in range(12):
            if not self._stops:
                self._stops = self._manner.next_list(self._rng)
            spot = self._stops.pop(0)
            if not self._destinations.has_room(spot, self.walker):
                continue
            place = self._destinations.standing_place(spot, self.walker)
            if self._destinations.is_free(spot, self.walker.person_id) and self._journey.set_out(place, now_s):
                self._spot = spot
                self._destinations.claim(spot, self.walker.person_id)
                return
        self._journey.set_out(self.walker.centre, now_s)
        self._spot = Spot(*self.walker.centre, self.walker.yaw_rad)
