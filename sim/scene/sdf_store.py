"""The store as an SDF world: every solid a model, the floor, the light, and the robot included at its start."""

from __future__ import annotations

from collections.abc import Sequence

from aisle.geometry import Pose2
from sim.scene.sdf_systems import world_systems
from sim.scene.solids import Rectangle, Solid, as_rectangle, convex_parts
from sim.sdf.description import (
    Box,
    Collision,
    Colour,
    Geometry,
    Include,
    Light,
    Link,
    Model,
    Plane,
    Polyline,
    Pose,
    Visual,
    World,
)
from sim.sdf.write import Flavour

STEP_S = 0.005
FLOOR_NAME, ROBOT_NAME = "floor", "robot"
FLOOR_MARGIN_M = 2.0
_FLOOR_FRICTION = 0.9
_FLOOR_COLOUR: Colour = (0.86, 0.85, 0.82, 1.0)


def store_world(
    size_m: tuple[float, float], solids: Sequence[Solid], robot_uri: str, start: Pose2, flavour: Flavour
) -> World:
    """Return the store with the robot of that URI at `start`.

    Raises ValueError for an outline that is no simple polygon and for two solids of one name.
    """
    names = [FLOOR_NAME, ROBOT_NAME, *(solid.name for solid in solids)]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise ValueError(f"two things in the store are called {double!r}: rename one in the plan")
    place = Pose(start.x_m, start.y_m, 0.0, 0.0, 0.0, start.yaw_rad)
    return World(
        "store",
        STEP_S,
        (_floor(size_m), *(_standing(solid) for solid in solids)),
        (Include(robot_uri, ROBOT_NAME, place),),
        (_daylight(size_m),),
        world_systems(flavour),
    )


def _floor(size_m: tuple[float, float]) -> Model:
    width_m, depth_m = size_m
    plane = Plane((0.0, 0.0, 1.0), (width_m + 2 * FLOOR_MARGIN_M, depth_m + 2 * FLOOR_MARGIN_M))
    return _static(FLOOR_NAME, Pose(0.5 * width_m, 0.5 * depth_m), plane, _FLOOR_COLOUR, _FLOOR_FRICTION)


def _standing(solid: Solid) -> Model:
    parts = convex_parts(solid.outline)
    rectangle = as_rectangle(parts[0]) if len(parts) == 1 else None
    pose, geometry = _prism(solid) if rectangle is None else _box(rectangle, solid.height_m)
    return _static(solid.name, pose, geometry, solid.colour)


def _box(rectangle: Rectangle, height_m: float) -> tuple[Pose, Box]:
    x_m, y_m = rectangle.centre
    pose = Pose(x_m, y_m, 0.5 * height_m, 0.0, 0.0, rectangle.yaw_rad)
    return pose, Box((rectangle.length_m, rectangle.width_m, height_m))


def _prism(solid: Solid) -> tuple[Pose, Polyline]:
    """Return the outline around its first corner, so that the model stands where it is drawn."""
    x_m, y_m = solid.outline[0]
    points = tuple((x - x_m, y - y_m) for x, y in solid.outline)
    return Pose(x_m, y_m), Polyline(points, solid.height_m)


def _static(name: str, pose: Pose, geometry: Geometry, colour: Colour, friction: float | None = None) -> Model:
    collision = Collision("body", geometry, friction=friction)
    link = Link("link", collisions=(collision,), visuals=(Visual("seen", geometry, colour=colour),))
    return Model(name, pose, static=True, links=(link,))


def _daylight(size_m: tuple[float, float]) -> Light:
    # No shadows: over 40 m the shadow map is too coarse and speckles the floor.
    width_m, depth_m = size_m
    overhead = Pose(0.5 * width_m, 0.5 * depth_m, 12.0)
    return Light("daylight", overhead, (0.25, 0.35, -1.0), (0.45, 0.45, 0.45, 1.0), (0.1, 0.1, 0.1, 1.0))
