"""The collision guard: the last thing before the base. It needs only the scan, and stops on anything doubtful.

Four questions, in this order, and one answer: is a stop latched (`Contacts`, or the store's), is the scan to be
believed (`scan_health`), who may drive (`sources`), and how fast does the way allow (`zones`). The safety is in the
stop, not in the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aisle.geometry import STOP, FloatArray, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_navigation.collision_guard.reasons import LATCHED, PASSING, GuardDecision, GuardReason
from aisle_navigation.collision_guard.scan_health import ScanWatch
from aisle_navigation.collision_guard.settings import GuardSettings
from aisle_navigation.collision_guard.sources import NAVIGATOR, SOURCES, Source, Sources, Wish
from aisle_navigation.collision_guard.surroundings import obstacles
from aisle_navigation.collision_guard.zones import limit, zones_of

__all__ = ["LATCHED", "PASSING", "Contacts", "Guard", "GuardDecision", "GuardReason", "GuardSettings"]


@dataclass(frozen=True, slots=True)
class Contacts:
    """State of the bumper ring and of the emergency stop chain, which includes the base's own latch."""

    bumper: bool = False
    emergency_stop: bool = False


class Guard:
    """Holds the newest commands and scan, and the latch that only staff release."""

    def __init__(
        self, robot: RobotModel, settings: GuardSettings = GuardSettings(), sources: tuple[Source, ...] = SOURCES
    ) -> None:
        self.robot = robot
        self.settings = settings
        self.zones = zones_of(robot, settings)
        self._sources = Sources(sources)
        self._watch = ScanWatch(robot, settings)
        self._points: FloatArray = np.zeros((0, 2))
        self._latched: GuardReason | None = None
        self._is_stopped_by_store = False

    def command(self, twist: Twist2, now_s: float, source: str = NAVIGATOR) -> None:
        """Take the velocity that a source wants. Raises ValueError for a source that is not in the table."""
        self._sources.take(source, twist, now_s)

    def see(self, scan: LaserScan) -> None:
        """Take a scan."""
        if self._watch.see(scan):
            self._points = obstacles(scan, self.robot, self.settings.thinnest_m, self.zones.horizon_m)

    def feel(self, contacts: Contacts) -> None:
        """Take the state of bumpers and emergency stop; pressed latches until `release`.

        The first cause is kept: a bumper makes the base latch too, and what staff should read is the bumper.
        """
        if self._latched is None and contacts.bumper:
            self._latched = GuardReason.BUMPER
        elif self._latched is None and contacts.emergency_stop:
            self._latched = GuardReason.EMERGENCY_STOP

    def obey_store(self, is_stopped: bool) -> None:
        """Take the word of the store: its stop holds until its staff release it there, however long nothing is heard.

        Each stop ends by itself: the end of this one releases no contact, and `release` does not end this one.
        """
        self._is_stopped_by_store = is_stopped

    def release(self, contacts: Contacts = Contacts()) -> GuardReason | None:
        """Release the latch, on the word of staff. Return why the robot is held on: a contact, or the store's stop."""
        self._latched = None
        self.feel(contacts)
        return self._held()

    def step(self, now_s: float) -> GuardDecision:
        """Decide what may be sent to the base now."""
        wish = self._sources.winner(now_s)
        drives = wish is not None and wish.twist not in (None, STOP)
        doubt = self._watch.doubt(drives, now_s)
        decision = self._decide(wish, self._held() or doubt)
        self._watch.note_sent(decision.twist != STOP, now_s)
        return decision

    def _held(self) -> GuardReason | None:
        """Return the stop that only staff end; what was touched comes before what was told."""
        return self._latched or (GuardReason.STORE_STOP if self._is_stopped_by_store else None)

    def _decide(self, wish: Wish | None, doubt: GuardReason | None) -> GuardDecision:
        source = wish.source if wish is not None else ""
        if doubt is not None:
            return GuardDecision(STOP, doubt, source)
        if wish is None or wish.twist is None:
            return GuardDecision(STOP, GuardReason.COMMAND_STALE, source)
        if not wish.twist.is_finite:
            return GuardDecision(STOP, GuardReason.COMMAND_INVALID, source)
        verdict = limit(wish.twist, self._points, self.zones)
        return GuardDecision(verdict.twist, _reason(wish.twist, verdict.twist), source, verdict.zone)


def _reason(wanted: Twist2, passed: Twist2) -> GuardReason:
    if passed == wanted:
        return GuardReason.CLEAR
    is_held = passed == STOP or (wanted.linear_mps != 0.0 and passed.linear_mps == 0.0)
    return GuardReason.STOPPED if is_held else GuardReason.SLOWED
