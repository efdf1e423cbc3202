"""How fast the robot may go among the people who are around it now."""

from __future__ import annotations

import math

from aisle.geometry import Pose2
from aisle.sensing import Person
from aisle_navigation.control.profiles import Pace

AHEAD_RAD = math.radians(110.0)


def allowed_mps(pose_map: Pose2, people: tuple[Person, ...], robot_radius_m: float, pace: Pace) -> float:
    """Return the speed that people allow, in m/s.

    Those behind do not count: a shopper who follows is always near, and slowing down for them would never end.
    """
    gaps_m = [
        math.hypot(p.x_m - pose_map.x_m, p.y_m - pose_map.y_m) - p.radius_m - robot_radius_m
        for p in people
        if p.is_ahead_of(pose_map, AHEAD_RAD)
    ]
    nearest_m = min(gaps_m, default=math.inf)
    crowd = sum(gap_m <= pace.crowd_within_m for gap_m in gaps_m)
    if nearest_m < pace.close_m or (crowd >= pace.crowd_people and nearest_m < pace.near_people_m):
        return pace.crowd_mps
    return pace.near_people_mps if nearest_m < pace.near_people_m else pace.cruise_mps
