"""The last half metre: straight onto the goal, then the right heading, without fussing."""

from __future__ import annotations

import math

from aisle.geometry import Pose2, Twist2, wrap_angle
from aisle.sensing import Person
from aisle_navigation.control.pace import AHEAD_RAD


def approach_speed(distance_m: float, braking_mps2: float = 0.4) -> float:
    """Return the speed from which a comfortable braking ends at the goal, in m/s."""
    return 0.10 + math.sqrt(2.0 * braking_mps2 * max(0.0, distance_m))


def last_stretch(pose_map: Pose2, goal_map: Pose2, limit_mps: float, limit_radps: float) -> Twist2:
    """Return the velocity that takes the base straight onto a goal that is near; backwards when it lies behind."""
    distance_m = pose_map.distance_to(goal_map)
    bearing_rad = pose_map.bearing_to(goal_map.x_m, goal_map.y_m)
    direction = 1.0
    if abs(bearing_rad) > 0.5 * math.pi:
        direction, bearing_rad = -1.0, wrap_angle(bearing_rad + math.pi)
    speed_mps = min(limit_mps, 0.05 + 0.8 * distance_m) * max(0.0, math.cos(bearing_rad)) ** 6
    turn_radps = max(-limit_radps, min(limit_radps, 2.0 * bearing_rad))
    return Twist2(direction * speed_mps, turn_radps)


def turn_rate(error_rad: float, limit_radps: float, gain: float = 1.8) -> float:
    """Return the turn rate that takes the heading error to zero."""
    return max(-limit_radps, min(limit_radps, gain * error_rad))


def is_ahead(pose_map: Pose2, person: Person) -> bool:
    """Tell whether a person is in front of the robot or beside it; those behind follow."""
    return person.is_ahead_of(pose_map, AHEAD_RAD)


def people_between(pose_map: Pose2, goal_map: Pose2, people: tuple[Person, ...], room_m: float = 0.9) -> bool:
    """Tell whether somebody stands so near to the last stretch that it must be planned around them."""
    middle_x, middle_y = 0.5 * (pose_map.x_m + goal_map.x_m), 0.5 * (pose_map.y_m + goal_map.y_m)
    ahead = (person for person in people if is_ahead(pose_map, person))
    return any(math.hypot(p.x_m - middle_x, p.y_m - middle_y) < room_m for p in ahead)
