"""How old what a node acts on is, as figures for its diagnostics."""

from __future__ import annotations

import math
from collections import deque

_KEPT = 200


class Ages:
    """The newest ages of one kind, in seconds."""

    def __init__(self) -> None:
        self._ages_s: deque[float] = deque(maxlen=_KEPT)

    def note(self, age_s: float) -> None:
        """Take one age; what is no number is left out."""
        if math.isfinite(age_s):
            self._ages_s.append(age_s)

    def quantile_s(self, share: float) -> float | None:
        """Return the age that this share of the newest ones does not exceed; None before there is one."""
        if not self._ages_s:
            return None
        ordered = sorted(self._ages_s)
        return ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))]
