"""Offset and drift of the base's clock from questions and answers, as in NTP (RFC 5905, section 8)."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

EXCHANGES = 64
# Exchanges that took longer than the quickest by this much say more about the line than about the clock.
SLOWER_BY_S = 0.002
JUMP_S = 0.5
# No crystal is farther off: NTP gives up disciplining one there too (RFC 5905, appendix A.1.1, MAXFREQ).
MOST_DRIFT_PPM = 500.0


class Exchange(NamedTuple):
    """One question: by how much the base's clock was ahead of the host's, when, and how long the line took."""

    host_s: float
    ahead_s: float
    delay_s: float


class ClockEstimate(NamedTuple):
    """Base time less host time at `host_s`, how fast that grows, and how far it can be off (half the line's delay)."""

    host_s: float
    ahead_s: float
    drift_ppm: float
    error_s: float

    def ahead_at_s(self, host_s: float) -> float:
        """Return by how much the base's clock is ahead at a time of the host's."""
        return self.ahead_s + self.drift_ppm * 1e-6 * (host_s - self.host_s)


def exchange(sent_s: float, received_us: int, answered_us: int, arrived_s: float) -> Exchange:
    """Compare both clocks by one question: sent and arrived on the host's clock, the others on the base's."""
    received_s, answered_s = received_us * 1e-6, answered_us * 1e-6
    ahead_s = 0.5 * ((received_s - sent_s) + (answered_s - arrived_s))
    return Exchange(arrived_s, ahead_s, max(0.0, (arrived_s - sent_s) - (answered_s - received_s)))


class ClockFit:
    """A straight line through the quick ones of the last EXCHANGES exchanges, by least squares."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=EXCHANGES)
        self.estimate: ClockEstimate | None = None

    def add(self, new: Exchange) -> None:
        """Take in an exchange; a clock that jumped, or runs as no crystal does, begins a new line."""
        held = self.estimate
        if held is not None and abs(new.ahead_s - held.ahead_at_s(new.host_s)) > JUMP_S:
            self._exchanges.clear()
        self._exchanges.append(new)
        quick = self._quick()
        line = _line(quick)
        if _is_impossible(line, quick):
            self._exchanges = deque([new], maxlen=EXCHANGES)
            line = _line([new])
        # Over a short time delays look like drift.
        self.estimate = line._replace(drift_ppm=min(MOST_DRIFT_PPM, max(-MOST_DRIFT_PPM, line.drift_ppm)))

    def _quick(self) -> list[Exchange]:
        """Return the exchanges that took little longer than the quickest."""
        quickest_s = min(known.delay_s for known in self._exchanges)
        return [known for known in self._exchanges if known.delay_s <= quickest_s + SLOWER_BY_S]


def _is_impossible(line: ClockEstimate, quick: list[Exchange]) -> bool:
    """Return whether these exchanges drift apart by more than the worst crystal and their own delays explain."""
    times_s = [known.host_s for known in quick]
    unexplained_s = 1e-6 * (abs(line.drift_ppm) - MOST_DRIFT_PPM) * (max(times_s) - min(times_s))
    return unexplained_s > 2.0 * line.error_s + SLOWER_BY_S


def _line(quick: list[Exchange]) -> ClockEstimate:
    """Return the line through these exchanges by least squares, level when they are of a single time."""
    middle_s = sum(known.host_s for known in quick) / len(quick)
    mean_s = sum(known.ahead_s for known in quick) / len(quick)
    spread = sum((known.host_s - middle_s) ** 2 for known in quick)
    together = sum((known.host_s - middle_s) * (known.ahead_s - mean_s) for known in quick)
    drift_ppm = 1e6 * together / spread if spread > 0.0 else 0.0
    return ClockEstimate(middle_s, mean_s, drift_ppm, 0.5 * min(known.delay_s for known in quick))
