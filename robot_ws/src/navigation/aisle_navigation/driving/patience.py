"""How long the robot has got no nearer to its goal, and what it does about it: wait, clear, back up, give up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum


class Recovery(Enum):
    """What the robot does when it cannot go on, in this order.

    There is no turning on the spot among them: beside a person it would frighten, and a laser that looks all around
    sees no more after it.
    """

    NONE = "driving"
    WAIT = "waiting for the way to clear"
    CLEAR = "looking afresh at what is in the way"
    BACK_UP = "backing up"
    GIVE_UP = "giving up"


@dataclass(frozen=True, slots=True)
class PatienceSettings:
    """Seconds without getting nearer after which each recovery begins; the last one counts all waiting for a goal."""

    wait_after_s: float = 3.0
    clear_after_s: float = 12.0
    back_up_after_s: float = 16.0
    give_up_after_s: float = 30.0
    give_up_in_all_s: float = 90.0
    progress_m: float = 0.10
    detour_m: float = 2.0


def recovery_for(waited_s: float, waited_in_all_s: float, settings: PatienceSettings = PatienceSettings()) -> Recovery:
    """Return the recovery whose time has come."""
    if waited_s > settings.give_up_after_s or waited_in_all_s > settings.give_up_in_all_s:
        return Recovery.GIVE_UP
    if waited_s > settings.back_up_after_s:
        return Recovery.BACK_UP
    if waited_s > settings.clear_after_s:
        return Recovery.CLEAR
    return Recovery.WAIT if waited_s > settings.wait_after_s else Recovery.NONE


@dataclass(slots=True)
class Patience:
    """Measures progress towards one goal; times in seconds, ways in metres."""

    settings: PatienceSettings = PatienceSettings()
    waited_s: float = 0.0
    waited_in_all_s: float = 0.0
    _best_left_m: float = math.inf
    _moved_s: float | None = None
    _noted_s: float | None = None

    def start_over(self, forget: bool) -> None:
        """Begin with a goal; with `forget` it is a new one, else one that is taken up again with its waiting so far."""
        self.waited_s, self._best_left_m, self._moved_s, self._noted_s = 0.0, math.inf, None, None
        if forget:
            self.waited_in_all_s = 0.0

    def note(self, left_m: float, now_s: float) -> Recovery:
        """Take in the length of the way left; a detour starts its own measure. Returns what is to be done."""
        settings = self.settings
        if self._moved_s is None or left_m < self._best_left_m - settings.progress_m:
            self._best_left_m, self._moved_s = left_m, now_s
        elif left_m > self._best_left_m + settings.detour_m:
            self._best_left_m = left_m
        self.waited_s = now_s - self._moved_s
        if self.waited_s > settings.wait_after_s and self._noted_s is not None:
            self.waited_in_all_s += max(0.0, now_s - self._noted_s)
        self._noted_s = now_s
        return recovery_for(self.waited_s, self.waited_in_all_s, settings)
