"""Staff who stop every robot from the store in the middle of a tour, and the store that may fall silent afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.messages.robot import ReleaseStop, StopRobots
from apps.lockstep import Store
from sim.people.customer import Phase

STOPS, RELEASES = "staff stop the robots", "staff release the robots"
_AFTER_S = 5.0
_SILENT_AFTER_S = 1.0


@dataclass(slots=True)
class Staff:
    """Stop five seconds after the shopper began to follow; release `holds_s` later, infinite for never.

    With `falls_silent` the store is lost a second after the stop.
    """

    holds_s: float = math.inf
    falls_silent: bool = False
    _following_s: float | None = None
    _stopped_s: float | None = None
    _is_released: bool = False

    def look(self, store: Store) -> None:
        """Do what is due; called several times a second."""
        now_s, customer = store.world.now_s, store.world.customer
        if self._following_s is None and customer is not None and customer.phase is Phase.FOLLOWING:
            self._following_s = now_s
        if self._stopped_s is None:
            if self._following_s is not None and now_s - self._following_s >= _AFTER_S:
                self._stop(store)
        elif not self._is_released and now_s - self._stopped_s >= self.holds_s:
            self._release(store)

    def _stop(self, store: Store) -> None:
        stopped_s = self._stopped_s = store.world.now_s
        store.screen.backend.answer("admin", StopRobots(reason="a glass has broken"))
        store.recording.mark(STOPS, stopped_s)
        if self.falls_silent:
            store.screen.backend_is_lost = lambda now_s: now_s - stopped_s >= _SILENT_AFTER_S

    def _release(self, store: Store) -> None:
        self._is_released = True
        store.screen.backend.answer("admin", ReleaseStop())
        store.recording.mark(RELEASES, store.world.now_s)
