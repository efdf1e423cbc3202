"""Keeps the base disarmed from when its pack is empty until it is charged, as the firmware does by itself. Pure."""

from __future__ import annotations

RESUME_SHARE = 1.1
"""From this share of the minimum on an empty pack may drive again: FW_BATTERY_RESUME_SHARE of the firmware.

A pack whose load is switched off recovers by itself, by the drop over its resistance and more in the minutes after; at
3.3 V a cell (of 3.0 V minimum) something has been charged.
"""


class ChargeHold:
    """Remembers that the pack was under its minimum, also over a lost line and a base that restarted."""

    def __init__(self, minimum_mv: int) -> None:
        self._minimum_mv = minimum_mv
        self._read_mv: int | None = None

    @property
    def complaint(self) -> str:
        """Say why the base must not move; empty if its pack does not forbid it."""
        if self._read_mv is None:
            return ""
        return (
            f"the battery was under its minimum of {self._minimum_mv / 1000:.1f} V and has"
            f" {self._read_mv / 1000:.1f} V: charge it to {self._resume_mv / 1000:.1f} V, then staff must release"
            " the base"
        )

    @property
    def _resume_mv(self) -> float:
        return self._minimum_mv * RESUME_SHARE

    def see(self, battery_mv: int) -> None:
        """Take the pack's voltage at its terminals."""
        is_low = battery_mv < (self._minimum_mv if self._read_mv is None else self._resume_mv)
        self._read_mv = battery_mv if is_low else None
