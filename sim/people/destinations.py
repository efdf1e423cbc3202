"""Where people go: the places before the shelves of a basket in the order of the planogram, tills, free places."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.people.crowd import Walker
from sim.people.journey import WIDE_CLEARANCE_M
from sim.scene.floor import Floor, Point
from sim.scene.spots import Spot

LEAST_APART_M = 1.0
_RANDOM_ITEMS = (3, 9)
_STEP_BACK_M, _STEPS_BACK = 0.1, 10


class Destinations:
    """The places of one store, and who is about to stand where."""

    def __init__(self, spots: Sequence[Spot], baskets: Sequence[Sequence[Spot]], floor: Floor) -> None:
        self._shelves = [spot for spot in spots if not spot.is_till]
        self._tills = [spot for spot in spots if spot.is_till] or self._shelves
        self._baskets = [basket for basket in baskets if basket]
        self._floor = floor
        self._claims: dict[int, Spot] = {}

    def shopping_list(self, rng: np.random.Generator) -> list[Spot]:
        """Return the shelves of a basket in the order of the planogram, for every other one backwards, then a till.

        Without baskets the shelves are drawn at random.
        """
        if self._baskets:
            stops = list(self._baskets[int(rng.integers(len(self._baskets)))])
        else:
            count = int(rng.integers(*_RANDOM_ITEMS))
            stops = [self._shelves[k] for k in sorted(rng.integers(len(self._shelves), size=count).tolist())]
        if rng.random() < 0.5:
            stops.reverse()
        return [*stops, self._tills[int(rng.integers(len(self._tills)))]]

    def any_shelf(self, rng: np.random.Generator) -> Spot:
        """Return some place before a shelf."""
        return self._shelves[int(rng.integers(len(self._shelves)))]

    def is_free(self, spot: Spot, person_id: int) -> bool:
        """Tell whether nobody else is, or is on the way to be, too near to a place."""
        return all(
            other == person_id or math.hypot(spot.x_m - claim.x_m, spot.y_m - claim.y_m) >= LEAST_APART_M
            for other, claim in self._claims.items()
        )

    def claim(self, spot: Spot, person_id: int) -> None:
        """Note who goes where; the person's former place is free again."""
        self._claims[person_id] = spot

    def standing_place(self, spot: Spot, walker: Walker) -> Point:
        """Return where the middle of somebody stands at a place: with a trolley farther from the shelf."""
        x_m, y_m = spot.x_m, spot.y_m
        if walker.shape.is_long:
            for _ in range(_STEPS_BACK):
                if self._floor.clearance(x_m, y_m) >= WIDE_CLEARANCE_M:
                    break
                x_m -= _STEP_BACK_M * math.cos(spot.face_rad)
                y_m -= _STEP_BACK_M * math.sin(spot.face_rad)
        return x_m, y_m

    def has_room(self, spot: Spot, walker: Walker) -> bool:
        """Tell whether somebody can stand there; a trolley does not go into a narrow aisle."""
        return not walker.shape.is_long or self._floor.clearance(*self.standing_place(spot, walker)) >= WIDE_CLEARANCE_M
