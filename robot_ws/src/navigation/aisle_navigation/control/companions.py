"""Who belongs together: people who stand or walk side by side for a while are one group, and nobody cuts through."""

from __future__ import annotations

import math
from itertools import combinations

from aisle.sensing import Person
from aisle_navigation.control.profiles import Companionship

Pair = tuple[int, int]
"""Two track ids, the smaller one first."""


class Companions:
    """Remembers since when each two people are together."""

    def __init__(self, settings: Companionship) -> None:
        self._settings = settings
        self._since_s: dict[Pair, float] = {}

    def step(self, people: tuple[Person, ...], now_s: float) -> frozenset[Pair]:
        """Take in the present moment and return the pairs that belong together; a group of three is three pairs."""
        close = {_pair(a, b) for a, b in combinations(people, 2) if self._are_together(a, b)}
        self._since_s = {pair: min(self._since_s.get(pair, now_s), now_s) for pair in close}
        return frozenset(pair for pair, since_s in self._since_s.items() if now_s - since_s >= self._settings.after_s)

    def _are_together(self, a: Person, b: Person) -> bool:
        apart_m = math.hypot(a.x_m - b.x_m, a.y_m - b.y_m)
        difference_mps = math.hypot(a.vx_mps - b.vx_mps, a.vy_mps - b.vy_mps)
        return apart_m <= self._settings.within_m and difference_mps <= self._settings.difference_mps


def _pair(a: Person, b: Person) -> Pair:
    return min(a.track_id, b.track_id), max(a.track_id, b.track_id)
