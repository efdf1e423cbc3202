"""The speed that staff allow."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(slots=True)
class StaffLimit:
    """The limit that comes from outside (Nav2's SpeedLimit): a share of the robot's full speed, or m/s; 0 is none."""

    full_mps: float
    limit_mps: float = math.inf

    def set_share(self, percent: float) -> None:
        """Take a percentage of the full speed; 0 lifts the limit, as does a number that is none."""
        self.set_speed(0.01 * percent * self.full_mps)

    def set_speed(self, speed_mps: float) -> None:
        """Take a speed; 0 lifts the limit, as Nav2 defines it. What is no number or negative changes nothing."""
        if math.isfinite(speed_mps) and speed_mps >= 0.0:
            self.limit_mps = speed_mps if speed_mps > 0.0 else math.inf
