"""What the host knows about the base's clock: enough to stamp measurements and to set deadlines."""

from __future__ import annotations

SHARED_WITHIN_S = 0.1
JUMP_S = 1.0
CREEP = 2e-4


class BaseClock:
    """The offset between the base's clock and the host's, from when status messages arrive.

    The smallest delay seen is closest to the truth (as in NTP's clock filter), so the offset follows down at
    once, upwards only as fast as crystals drift, and jumps when it is more than JUMP_S off. Clocks that
    agree within SHARED_WITHIN_S are taken as one and the same.
    """

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._updated_s = 0.0

    def update(self, clock_us: int, received_s: float) -> None:
        """Take in one status message's clock and when it arrived on the host's clock."""
        seen_s = received_s - clock_us * 1e-6
        held_s = self._offset_s
        if held_s is None or seen_s < held_s or seen_s > held_s + JUMP_S:
            self._offset_s = seen_s
        else:
            self._offset_s = min(seen_s, held_s + CREEP * max(0.0, received_s - self._updated_s))
        self._updated_s = received_s

    @property
    def _base_to_host_s(self) -> float:
        offset_s = self._offset_s or 0.0
        return 0.0 if abs(offset_s) < SHARED_WITHIN_S else offset_s

    def host_time_s(self, clock_us: int) -> float:
        """Return when, on the host's clock, the base's clock showed this."""
        return clock_us * 1e-6 + self._base_to_host_s

    def base_time_us(self, now_s: float) -> int:
        """Return what the base's clock shows now: ahead of the truth by less than SHARED_WITHIN_S."""
        return max(0, round((now_s - self._base_to_host_s) * 1e6))
