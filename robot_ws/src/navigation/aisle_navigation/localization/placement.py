"""What a person says about the robot's place: how exactly it is meant, and whether it can be right."""

from __future__ import annotations

import math

from aisle.geometry import Pose2
from aisle_navigation.localization.cloud import Spread
from store_model.clearance import ClearanceMap

_WIDEST = Spread(1.0, 0.6)
_NARROWEST = Spread(0.05, 0.04)


def placement_fault(grid: ClearanceMap, pose_map: Pose2) -> str:
    """Return why the robot cannot be at a pose, as a sentence; empty when it can."""
    x_m, y_m = pose_map.x_m, pose_map.y_m
    if not all(math.isfinite(value) for value in (x_m, y_m, pose_map.yaw_rad)):
        return "the pose is not a number; set it again"
    if not grid.contains(x_m, y_m):
        return f"({x_m:.2f}, {y_m:.2f}) m is not on the map; set the pose on the floor"
    if grid.clearance_m[grid.cell_of(x_m, y_m)] <= 0.0:
        return f"({x_m:.2f}, {y_m:.2f}) m is inside a fixture or wall; set the pose on the floor"
    return ""


def spread_of(x_variance: float, y_variance: float, yaw_variance: float) -> Spread | None:
    """Return the spread of a pose's covariance, in reasonable limits; None where it states none, as zeros do."""
    variances = (x_variance, y_variance, yaw_variance)
    if not all(math.isfinite(value) and value >= 0.0 for value in variances) or max(variances) == 0.0:
        return None
    position_m, yaw_rad = math.sqrt(max(x_variance, y_variance)), math.sqrt(yaw_variance)
    return Spread(
        min(_WIDEST.position_m, max(_NARROWEST.position_m, position_m)),
        min(_WIDEST.yaw_rad, max(_NARROWEST.yaw_rad, yaw_rad)),
    )
