"""The last word on personal space: towards somebody who is near, the robot only creeps.

The optimizer weighs; this decides. It looks at the robot's own motion only: who walks up to a standing robot, or past
it, is not held against it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.geometry import Pose2, Twist2
from aisle.sensing import Person


@dataclass(frozen=True, slots=True)
class PersonalSpace:
    """How near the robot drives to anybody, from surface to surface in metres, and speeds in m/s.

    It brakes comfortably, with `braking_mps2`, so that it only creeps where its way enters the space of somebody;
    into that of the shopper who is served it comes with `served_mps`.
    """

    keep_m: float = 0.5
    creep_mps: float = 0.04
    served_mps: float = 0.20
    braking_mps2: float = 0.5

    def limit_mps(self, ahead_m: float, beside_m: float, bodies_m: float, is_served: bool) -> float:
        """Return the largest speed with somebody's centre `ahead_m` before the robot's and `beside_m` beside its way.

        `bodies_m` is the sum of both radii. Whoever is behind, or beside the way with room enough, limits nothing.
        """
        reach_m = self.keep_m + bodies_m
        if ahead_m <= 0.0 or beside_m >= reach_m:
            return math.inf
        least_mps = self.served_mps if is_served else self.creep_mps
        free_m = ahead_m - math.sqrt(reach_m**2 - beside_m**2)
        if free_m <= 0.0:
            # Inside already: what counts is the part of the speed that leads towards them.
            return least_mps * math.hypot(ahead_m, beside_m) / ahead_m
        return math.sqrt(least_mps**2 + 2.0 * self.braking_mps2 * free_m)


def held_back(
    wanted: Twist2,
    pose_map: Pose2,
    people: tuple[Person, ...],
    robot_radius_m: float,
    space: PersonalSpace,
    served_id: int | None = None,
) -> Twist2:
    """Return the wanted velocity, slowed so far that the robot only creeps when it comes into the space of somebody.

    The turn rate stays as it is, so that the robot can turn away from whom it waits for.
    """
    if wanted.linear_mps == 0.0:
        return wanted
    direction = math.copysign(1.0, wanted.linear_mps)
    limit_mps = abs(wanted.linear_mps)
    for person in people:
        apart_m = math.hypot(person.x_m - pose_map.x_m, person.y_m - pose_map.y_m)
        bearing_rad = pose_map.bearing_to(person.x_m, person.y_m)
        ahead_m, beside_m = direction * apart_m * math.cos(bearing_rad), apart_m * abs(math.sin(bearing_rad))
        bodies_m = person.radius_m + robot_radius_m
        limit_mps = min(limit_mps, space.limit_mps(ahead_m, beside_m, bodies_m, person.track_id == served_id))
    return Twist2(direction * limit_mps, wanted.angular_radps)
