"""Where the robot stands before a shelf."""

from __future__ import annotations

import math

import shapely

from aisle.geometry import Pose2, wrap_angle
from store_model.plan import Bay, StorePlan

STAND_OFF_M = 0.7
LOOK_AHEAD_M = 5.0
_SKIN_M = 0.01


class UnknownBayError(KeyError):
    """A bay that the plan does not have; the message names it."""


def shelf_pose(plan: StorePlan, bay_id: str) -> Pose2:
    """Return the pose of the robot's base before a bay, in the map frame, facing it.

    It stands 0.7 m before the shelf front, or in the middle of the aisle where that is nearer. Raises UnknownBayError.
    """
    bay = plan.bays.get(bay_id)
    if bay is None:
        raise UnknownBayError(f"bay '{bay_id}' is not in the plan '{plan.name}' ({len(plan.bays)} bays)")
    distance_m = min(STAND_OFF_M, 0.5 * free_depth(plan, bay))
    return Pose2(
        bay.front_x_m + distance_m * math.cos(bay.normal_yaw_rad),
        bay.front_y_m + distance_m * math.sin(bay.normal_yaw_rad),
        wrap_angle(bay.normal_yaw_rad + math.pi),
    )


def free_depth(plan: StorePlan, bay: Bay) -> float:
    """Return how far the floor is free straight out of a bay front, in metres, at most LOOK_AHEAD_M."""
    front = shapely.Point(bay.front_x_m, bay.front_y_m)
    ray = shapely.LineString([_along(bay, _SKIN_M), _along(bay, LOOK_AHEAD_M)])
    index = plan.obstacle_index
    hits = shapely.intersection(ray, index.geometries[index.query(ray, predicate="intersects")])
    return float(shapely.distance(front, hits).min(initial=LOOK_AHEAD_M))


def _along(bay: Bay, distance_m: float) -> tuple[float, float]:
    return (
        bay.front_x_m + distance_m * math.cos(bay.normal_yaw_rad),
        bay.front_y_m + distance_m * math.sin(bay.normal_yaw_rad),
    )
