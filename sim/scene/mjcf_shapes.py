"""Shapes of SDF as geoms of MuJoCo, and the groups that say what sees them."""

from __future__ import annotations

from collections.abc import Sequence

import mujoco

from sim.sdf.description import Box, Capsule, Colour, Cylinder, Geometry, Sphere
from sim.sdf.markup import SdfError
from sim.sdf.placement import Placement

STRUCTURE, LEGS, PICTURE, HIDDEN = 0, 1, 2, 3


def add_shape(body: mujoco.MjsBody, geometry: Geometry, place: Placement, **settings: object) -> None:
    """Add a shape to a body at a place in the body's frame. Raises SdfError for planes and polylines."""
    kind, size = _kind_and_size(geometry)
    body.add_geom(type=kind, size=size, pos=place.position_m, quat=place.quaternion, **settings)


def _kind_and_size(geometry: Geometry) -> tuple[mujoco.mjtGeom, list[float]]:
    match geometry:
        case Box(size_m):
            return mujoco.mjtGeom.mjGEOM_BOX, [0.5 * side_m for side_m in size_m]
        case Cylinder(radius_m, length_m):
            return mujoco.mjtGeom.mjGEOM_CYLINDER, [radius_m, 0.5 * length_m, 0.0]
        case Capsule(radius_m, length_m):
            return mujoco.mjtGeom.mjGEOM_CAPSULE, [radius_m, 0.5 * length_m, 0.0]
        case Sphere(radius_m):
            return mujoco.mjtGeom.mjGEOM_SPHERE, [radius_m, 0.0, 0.0]
    raise SdfError(f"a {type(geometry).__name__.lower()} is supported as a solid that stands still, and not here")


def add_picture(
    body: mujoco.MjsBody,
    kind: mujoco.mjtGeom,
    size: Sequence[float],
    pos: Sequence[float],
    colour: Colour,
    quat: Sequence[float] = (1.0, 0.0, 0.0, 0.0),
) -> None:
    """Add a geom that is only seen in pictures."""
    body.add_geom(
        type=kind, size=size, pos=pos, quat=quat, rgba=colour, group=PICTURE, contype=0, conaffinity=0, mass=0.0
    )
