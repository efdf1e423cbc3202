"""The wish for motion: who asked, and which request brings the base closer to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from aisle_firmware_bridge.messages import Arm, Mode, Release
from aisle_firmware_bridge.requests import RequestLine

ARM_WITHIN_S = 2.0
MOVING_MODES = (Mode.READY, Mode.DRIVING)


@dataclass(frozen=True, slots=True)
class _Wish:
    """Somebody asked for motion; `since_s` is when the base first heard of it."""

    release: bool
    since_s: float | None = None


class Arming:
    """Holds one wish for motion until the base may move, refuses, or ARM_WITHIN_S is over."""

    def __init__(self) -> None:
        self._wish: _Wish | None = None

    def ask(self, *, release: bool) -> None:
        """Wish for motion; with `release`, staff also clear a latched stop."""
        self._wish = _Wish(release)

    def drop(self) -> None:
        """Wish for nothing any more."""
        self._wish = None

    def pursue(self, mode: Mode, now_s: float, line: RequestLine) -> None:
        """Ask the base for the next step towards motion, if there is one and nothing else is being asked."""
        wish = self._wish
        if wish is None:
            return
        if mode in MOVING_MODES:
            self._wish = None
            return
        if wish.since_s is None:
            self._wish = _Wish(wish.release, now_s)
        if not line.is_idle:
            return
        if mode is Mode.DISARMED:
            line.ask(Arm())
        elif wish.release:
            line.ask(Release())

    def is_overdue(self, mode: Mode, now_s: float) -> bool:
        """Return whether the base did not get moving in time, and drop the wish if so."""
        wish = self._wish
        if wish is None or wish.since_s is None or mode in MOVING_MODES or now_s - wish.since_s <= ARM_WITHIN_S:
            return False
        self._wish = None
        return True
