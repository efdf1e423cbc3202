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
    """Distances from surface to surface in metres, speeds in m/s: how fast the robot may come towards somebody.

    Within `keep_m` it is the creeping speed, `served_mps` towards the shopper who is served; farther off what
    `braking_mps2`, a comfortable braking, takes down to it by then.
    """

    keep_m: float = 0.6
    creep_mps: float = 0.04
    served_mps: float = 0.20
    braking_mps2: float = 0.5

    def approach_mps(self, gap_m: float, is_served: bool) -> float:
        """Return the largest speed towards somebody at that distance."""
        least_mps = self.served_mps if is_served else self.creep_mps
        return math.sqrt(least_mps**2 + 2.0 * self.braking_mps2 * max(0.0, gap_m - self.keep_m))


def held_back(
    wanted: Twist2,
    pose_map: Pose2,
    people: tuple[Person, ...],
    robot_radius_m: float,
    space: PersonalSpace,
    served_id: int | None = None,
) -> Twist2:
    """Return the wanted velocity, slowed so far that nobody is approached faster than their distance allows.

    The turn rate stays as it is, so that the robot can turn away from whom it waits for.
    """
    if wanted.linear_mps == 0.0:
        return wanted
    direction = math.copysign(1.0, wanted.linear_mps)
    limit_mps = abs(wanted.linear_mps)
    for person in people:
        bearing_rad = pose_map.bearing_to(person.x_m, person.y_m)
        towards = direction * math.cos(bearing_rad)
        if towards > 0.0:
            apart_m = math.hypot(person.x_m - pose_map.x_m, person.y_m - pose_map.y_m)
            gap_m = apart_m - person.radius_m - robot_radius_m
            limit_mps = min(limit_mps, space.approach_mps(gap_m, person.track_id == served_id) / towards)
    return Twist2(direction * limit_mps, wanted.angular_radps)
