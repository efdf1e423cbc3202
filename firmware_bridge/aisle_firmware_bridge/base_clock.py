"""What the host knows about the base's clock: enough to stamp measurements and to set deadlines."""

from __future__ import annotations

from aisle_firmware_bridge.clock_fit import ClockEstimate, ClockFit, exchange
from aisle_firmware_bridge.messages import TimeReply

SHARED_WITHIN_S = 0.1
JUMP_S = 1.0
CREEP = 2e-4


class BaseClock:
    """The offset between the base's clock and the host's.

    Deadlines need a time that is never ahead of the base's own. That comes from when status messages arrive: the
    smallest delay seen is closest to the truth (as in NTP's clock filter), so the offset follows down at once, upwards
    only as fast as crystals drift, and jumps when it is more than JUMP_S off. Stamps need the likeliest time. That
    comes from questions and answers, where half of the line's delay cancels (`clock_fit`), once there is one. Clocks
    that agree within SHARED_WITHIN_S are taken as one and the same.
    """

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._updated_s = 0.0
        self._fit = ClockFit()

    def update(self, clock_us: int, received_s: float) -> None:
        """Take in one status message's clock and when it arrived on the host's clock."""
        seen_s = received_s - clock_us * 1e-6
        held_s = self._offset_s
        if held_s is None or seen_s < held_s or seen_s > held_s + JUMP_S:
            self._offset_s = seen_s
        else:
            self._offset_s = min(seen_s, held_s + CREEP * max(0.0, received_s - self._updated_s))
        self._updated_s = received_s

    def compare(self, reply: TimeReply, arrived_s: float) -> None:
        """Take in the answer to a question for the time; its `host_us` is when it was asked."""
        self._fit.add(exchange(reply.host_us * 1e-6, reply.received_us, reply.sent_us, arrived_s))

    @property
    def estimate(self) -> ClockEstimate | None:
        """Offset, drift and their error; None before the first answer."""
        return self._fit.estimate

    @property
    def _base_to_host_s(self) -> float:
        offset_s = self._offset_s or 0.0
        return 0.0 if abs(offset_s) < SHARED_WITHIN_S else offset_s

    def host_time_s(self, clock_us: int) -> float:
        """Return when, on the host's clock, the base's clock showed this."""
        coarse_s, fit = self._base_to_host_s, self._fit.estimate
        if fit is None or coarse_s == 0.0:
            return clock_us * 1e-6 + coarse_s
        fine_s = -fit.ahead_at_s(clock_us * 1e-6 + coarse_s)
        # After a jump the line's answers are old until the next question; the status is not.
        return clock_us * 1e-6 + (fine_s if abs(fine_s - coarse_s) < JUMP_S else coarse_s)

    def base_time_us(self, now_s: float) -> int:
        """Return what the base's clock shows now: ahead of the truth by less than SHARED_WITHIN_S."""
        return max(0, round((now_s - self._base_to_host_s) * 1e6))
