"""Compares how the wheels and the gyro say that the robot turns. Pure."""

from __future__ import annotations

import math

# A wheel that slips over a wet patch, a track that is not calibrated, and the smoothing of the wheels' speed are over,
# or small, by then: what is left after a second is worth a look.
LASTS_S = 1.0
TOLERATED_RADPS = 0.2
TOLERATED_SHARE = 0.3


class TurnCheck:
    """Tells once when wheels and gyro differ for LASTS_S, and is ready to tell again after they agreed that long.

    It stops nothing. The wheels of a robot that slips, is held or is lifted say the same as a broken encoder does, and
    stopping for that would stop a sound robot; the firmware itself stops for the faults that nothing else explains: an
    encoder that stands although its wheel is driven, a gyro whose reading does not change by a bit.
    """

    def __init__(self) -> None:
        self._differs = False
        self._since_s: float | None = None

    @property
    def differs(self) -> bool:
        """Whether they differ now, and have for a while."""
        return self._differs

    def update(self, wheels_radps: float, gyro_radps: float, stamp_s: float) -> bool:
        """Take both turns, counter-clockwise; return whether they have just been found to differ.

        A gyro that reads no finite number counts as agreeing: the firmware has a fault for that.
        """
        off_radps = abs(wheels_radps - gyro_radps)
        most_radps = TOLERATED_RADPS + TOLERATED_SHARE * max(abs(wheels_radps), abs(gyro_radps))
        differs = math.isfinite(off_radps) and off_radps > most_radps
        if differs == self._differs:
            self._since_s = None
            return False
        if self._since_s is None or stamp_s < self._since_s:
            self._since_s = stamp_s
        if stamp_s - self._since_s < LASTS_S:
            return False
        self._differs, self._since_s = differs, None
        return differs
