"""Times of which only the day is kept, so that they tie nobody to a visit."""

from __future__ import annotations

DAY_S = 86_400.0


def day_of(unix_s: float) -> float:
    """Return when the day of a time began (UTC, Unix seconds)."""
    return unix_s // DAY_S * DAY_S
