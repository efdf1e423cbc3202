"""What is seen of the robot: a base, a slim column, the touchscreen and the wheels."""

from __future__ import annotations

import math

from aisle.robot_model import RobotModel
from sim.sdf.description import Box, Capsule, Colour, Cylinder, Geometry, Pose, Visual

WHEEL_WIDTH_M = 0.04
_WHITE: Colour = (0.95, 0.96, 0.97, 1.0)
_DARK: Colour = (0.10, 0.13, 0.18, 1.0)
_LIT: Colour = (0.25, 0.62, 0.75, 1.0)
_COLUMN_RADIUS_M = 0.09


def robot_visuals(robot: RobotModel, flags: int) -> tuple[Visual, ...]:
    """Return the shapes of the base link, seen only by sensors that look for `flags`."""
    radius_m, height_m, screen = robot.base.radius_m, robot.base.height_m, robot.screen
    shapes: tuple[tuple[str, Geometry, Pose, Colour], ...] = (
        ("base", Cylinder(radius_m, 0.26), Pose(z_m=0.17), _WHITE),
        ("ring", Cylinder(radius_m + 0.002, 0.024), Pose(z_m=0.20), _DARK),
        ("column", Capsule(_COLUMN_RADIUS_M, height_m - 0.5), Pose(z_m=0.5 * height_m), _WHITE),
        ("screen_back", Box((0.04, 0.38, 0.24)), _before(screen.yaw_rad, 0.12, screen.z_m), _DARK),
        ("screen", Box((0.004, 0.344, 0.20)), _before(screen.yaw_rad, 0.142, screen.z_m), _LIT),
    )
    return tuple(Visual(name, geometry, pose, colour, flags) for name, geometry, pose, colour in shapes)


def wheel_visual(radius_m: float, pose: Pose, flags: int) -> Visual:
    """Return what is seen of a wheel."""
    return Visual("tyre", Cylinder(radius_m, WHEEL_WIDTH_M), pose, _DARK, flags)


def _before(yaw_rad: float, distance_m: float, z_m: float) -> Pose:
    """Return the pose that far from the middle of the robot in a direction, turned that way."""
    return Pose(distance_m * math.cos(yaw_rad), distance_m * math.sin(yaw_rad), z_m, yaw_rad=yaw_rad)
