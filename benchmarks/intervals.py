"""Intervals around a share that was counted."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054


def wilson(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """Return the score interval of a share (E. B. Wilson, 1927, JASA 22:209); (0, 1) without trials."""
    if trials == 0:
        return 0.0, 1.0
    share, spread = successes / trials, z * z / trials
    middle = (share + 0.5 * spread) / (1.0 + spread)
    half = z * math.sqrt(share * (1.0 - share) / trials + 0.25 * spread / trials) / (1.0 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
