"""How fast the robot may go now: near people slowly, in slow zones as they say, never more than staff allow."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.robot_model import RobotModel
from aisle_navigation.driving.arrival import is_ahead
from aisle_navigation.driving.situation import Situation


@dataclass(frozen=True, slots=True)
class SpeedSettings:
    """Speeds in m/s, distances from surface to surface in metres."""

    cruise_mps: float = 0.8
    near_people_mps: float = 0.5
    crowd_mps: float = 0.3
    near_people_m: float = 1.2
    crowd_m: float = 0.6


def speed_near_people(situation: Situation, robot: RobotModel, settings: SpeedSettings) -> float:
    """Return the speed that people allow; those behind do not count: they follow, and it would never end."""
    ahead = (person for person in situation.people if is_ahead(situation.pose_map, person))
    nearest_m = min((situation.gap_m(person, robot) for person in ahead), default=math.inf)
    if nearest_m < settings.crowd_m:
        return settings.crowd_mps
    return settings.near_people_mps if nearest_m < settings.near_people_m else settings.cruise_mps


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
