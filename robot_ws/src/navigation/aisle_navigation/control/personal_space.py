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
    """How near the robot drives to anybody, from surface to surface in metres; speeds in m/s and times in seconds.

    It brakes comfortably, with `braking_mps2`, so that it only creeps where its way enters the space of somebody;
    into that of the shopper who is served it comes with `served_mps`. Whoever comes nearer by walking, faster than
    `coming_mps`, is given `yield_m`, now and where they will be in `ahead_s`: the robot lets them pass.
    """

    keep_m: float = 0.6
    """A little more than the half metre that is promised: where somebody is, is known to about a hand's breadth."""
    yield_m: float = 1.2
    coming_mps: float = 0.3
    ahead_s: float = 0.8
    creep_mps: float = 0.04
    served_mps: float = 0.20
    braking_mps2: float = 0.5
    yield_for_s: float = 6.0
    insist_for_s: float = 4.0
    turn_within_m: float = 1.0
    turn_radps: float = 0.4
    """So fast, at most, it turns on the spot with somebody within `turn_within_m`."""

    def limit_mps(self, ahead_m: float, beside_m: float, reach_m: float, is_served: bool) -> float:
        """Return the largest speed with somebody's centre `ahead_m` before the robot's and `beside_m` beside its way.

        `reach_m` is how near the centres may come. Whoever is behind, or beside the way with room enough, limits
        nothing.
        """
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
    yields: bool = False,
) -> Twist2:
    """Return the wanted velocity, slowed so far that the robot only creeps when it comes into the space of somebody.

    With `yields` those who come nearer by walking have a larger space. The turn rate stays as it is, so that the robot
    can turn away from whom it waits for.
    """
    if wanted.linear_mps == 0.0:
        return wanted
    direction = math.copysign(1.0, wanted.linear_mps)
    limit_mps = abs(wanted.linear_mps)
    for person in people:
        is_served, bodies_m = person.track_id == served_id, person.radius_m + robot_radius_m
        has_priority = yields and not is_served and _comes(person, pose_map, space)
        for x_m, y_m, keep_m in _places(person, space, has_priority):
            apart_m, bearing_rad = math.hypot(x_m - pose_map.x_m, y_m - pose_map.y_m), pose_map.bearing_to(x_m, y_m)
            ahead_m, beside_m = direction * apart_m * math.cos(bearing_rad), apart_m * abs(math.sin(bearing_rad))
            limit_mps = min(limit_mps, space.limit_mps(ahead_m, beside_m, keep_m + bodies_m, is_served))
    return Twist2(direction * limit_mps, wanted.angular_radps)


def _comes(person: Person, pose_map: Pose2, space: PersonalSpace) -> bool:
    """Tell whether somebody comes nearer to the robot by walking."""
    away_x_m, away_y_m = person.x_m - pose_map.x_m, person.y_m - pose_map.y_m
    apart_m = max(math.hypot(away_x_m, away_y_m), 1e-6)
    return -(away_x_m * person.vx_mps + away_y_m * person.vy_mps) / apart_m > space.coming_mps


def _places(person: Person, space: PersonalSpace, has_priority: bool) -> list[tuple[float, float, float]]:
    """Return where somebody counts, as (x, y) in the map frame, and how much space they are given there."""
    if not has_priority:
        return [(person.x_m, person.y_m, space.keep_m)]
    soon = person.x_m + space.ahead_s * person.vx_mps, person.y_m + space.ahead_s * person.vy_mps
    return [(person.x_m, person.y_m, space.yield_m), (*soon, space.yield_m)]
