"""How soon a touch is answered on the glass."""

from __future__ import annotations

import math
from collections import deque

_KEPT = 500


class Promptness:
    """Times from a touch that reached the window to the first frame that shows its effect, in seconds."""

    def __init__(self) -> None:
        self._touched_s: float | None = None
        self._is_painted = False
        self._answers_s: deque[float] = deque(maxlen=_KEPT)

    def touched(self, now_s: float) -> None:
        """Note that a control was touched."""
        self._touched_s, self._is_painted = now_s, False

    def painted(self) -> None:
        """Note that the canvas was changed; it is on the glass with the next frame."""
        self._is_painted = self._touched_s is not None

    def flipped(self, now_s: float) -> None:
        """Note that a frame was shown."""
        if self._touched_s is not None and self._is_painted:
            self._answers_s.append(now_s - self._touched_s)
            self._touched_s = None

    def sentence(self) -> str:
        """Return the figures for the log; empty when nothing was touched."""
        if not self._answers_s:
            return ""
        ordered = sorted(self._answers_s)
        p50, p95 = (1e3 * ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))] for share in (0.5, 0.95))
        return f"touch to frame: p50 {p50:.1f} ms, p95 {p95:.1f} ms over {len(ordered)} touches"
