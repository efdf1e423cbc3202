"""The MuJoCo model of a store: prisms for walls and fixtures, and the reference robot.

Geom groups say what sees what: 0 is solid and seen by the laser (structure), 1 is seen by the laser only (legs),
2 is for pictures only, 3 is solid and not seen by the laser (the robot, and the discs people occupy).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
import shapely

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel

Point = tuple[float, float]
Colour = tuple[float, float, float, float]

STEP_S = 0.005
STRUCTURE, LEGS, PICTURE, HIDDEN = 0, 1, 2, 3
_WHEEL_MASS_KG = 1.5
_WHEEL_TORQUE_NM = 6.0
_WHEEL_GAIN = 10.0
_WHEEL_ARMATURE_KGM2 = 0.05
_CASTER_RADIUS_M = 0.03
_CASTER_LIFT_M = 0.0005
_BODY_LIFT_M = 0.03
_FLOOR_COLOUR = (0.86, 0.85, 0.82, 1.0)


@dataclass(frozen=True, slots=True)
class Solid:
    """Something that stands on the floor: its outline in the map frame, its height and its colour."""

    name: str
    outline: tuple[Point, ...]
    height_m: float
    colour: Colour


def store_spec(size_m: tuple[float, float], solids: Sequence[Solid], robot: RobotModel, start: Pose2) -> mujoco.MjSpec:
    """Return the model of the whole store with the robot at `start`."""
    spec = mujoco.MjSpec()
    _set_options(spec, size_m)
    spec.worldbody.add_geom(
        name="floor", type=mujoco.mjtGeom.mjGEOM_PLANE, size=[*(0.5 * s + 2.0 for s in size_m), 0.1],
        pos=[0.5 * size_m[0], 0.5 * size_m[1], 0.0], rgba=_FLOOR_COLOUR, group=PICTURE,
        contype=1, conaffinity=1, friction=[0.9, 0.005, 0.0001],
    )  # fmt: skip
    for solid in solids:
        _add_solid(spec, solid)
    _add_robot(spec, robot, start)
    return spec


def _set_options(spec: mujoco.MjSpec, size_m: tuple[float, float]) -> None:
    option = spec.option
    option.timestep = STEP_S
    # Pyramidal cones and equal stiffness of friction and normal contact make turning wheels creep sideways.
    option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    option.impratio = 20.0
    # An implicit integrator damps the driven wheels after the contact solver has pushed the body with them, and
    # the robot then gains about 6 cm for each m/s on every start.
    option.integrator = mujoco.mjtIntegrator.mjINT_EULER
    spec.visual.global_.offwidth, spec.visual.global_.offheight = 1920, 1080
    spec.visual.map.zfar = 60.0
    spec.stat.extent = 0.5 * math.hypot(*size_m)
    spec.stat.center = [0.5 * size_m[0], 0.5 * size_m[1], 0.5]


def convex_parts(outline: Sequence[Point]) -> list[list[Point]]:
    """Split a simple polygon into convex ones: itself if it is convex, else its triangles.

    Raises ValueError for an outline without area or that crosses itself.
    """
    polygon = shapely.Polygon(outline)
    if not polygon.is_valid or polygon.area < 1e-6:
        raise ValueError(f"outline {list(outline)} is no simple polygon with an area: correct the plan")
    if polygon.area > (1.0 - 1e-9) * polygon.convex_hull.area:
        return [_corners(polygon)]
    triangles = shapely.constrained_delaunay_triangles(polygon).geoms
    return [_corners(part) for part in triangles if isinstance(part, shapely.Polygon)]


def _corners(polygon: shapely.Polygon) -> list[Point]:
    return [(float(x), float(y)) for x, y in shapely.orient_polygons(polygon).exterior.coords[:-1]]


def _add_solid(spec: mujoco.MjSpec, solid: Solid) -> None:
    for number, part in enumerate(convex_parts(solid.outline)):
        name = f"{solid.name}/{number}"
        box = _as_box(part)
        if box is None:
            mesh = spec.add_mesh(name=name, uservert=_prism_vertices(part, solid.height_m))
            spec.worldbody.add_geom(
                name=name, type=mujoco.mjtGeom.mjGEOM_MESH, meshname=mesh.name, rgba=solid.colour, group=STRUCTURE
            )
            continue
        (x, y), (length, width), yaw_rad = box
        spec.worldbody.add_geom(
            name=name, type=mujoco.mjtGeom.mjGEOM_BOX, pos=[x, y, 0.5 * solid.height_m],
            size=[0.5 * length, 0.5 * width, 0.5 * solid.height_m],
            quat=[math.cos(0.5 * yaw_rad), 0.0, 0.0, math.sin(0.5 * yaw_rad)], rgba=solid.colour, group=STRUCTURE,
        )  # fmt: skip


def _as_box(corners: list[Point]) -> tuple[Point, tuple[float, float], float] | None:
    """Return centre, size and yaw of a rectangle in any direction, or None for another shape."""
    if len(corners) != 4:
        return None
    a, b, c, d = (np.array(corner) for corner in corners)
    length, width = float(np.hypot(*(b - a))), float(np.hypot(*(d - a)))
    is_rectangle = np.allclose(a + c, b + d, atol=1e-6) and abs(float(np.dot(b - a, d - a))) < 1e-6 * length * width
    if not is_rectangle:
        return None
    centre = 0.5 * (a + c)
    return (float(centre[0]), float(centre[1])), (length, width), float(np.arctan2(*(b - a)[::-1]))


def _prism_vertices(corners: list[Point], height_m: float) -> list[float]:
    return [value for z in (0.0, height_m) for x, y in corners for value in (x, y, z)]


def _add_robot(spec: mujoco.MjSpec, robot: RobotModel, start: Pose2) -> None:
    base, half_yaw = robot.base, 0.5 * start.yaw_rad
    body = spec.worldbody.add_body(
        name="robot", pos=[start.x_m, start.y_m, 0.0], quat=[math.cos(half_yaw), 0.0, 0.0, math.sin(half_yaw)]
    )
    body.add_freejoint(name="robot")
    half_height = 0.5 * (base.height_m - _BODY_LIFT_M)
    # The battery lies low, so the inertia is that of a shorter cylinder.
    height_m, mass_kg = 0.5 * base.height_m, base.mass_kg - 2 * _WHEEL_MASS_KG
    across = mass_kg * (3 * base.radius_m**2 + height_m**2) / 12
    body.explicitinertial = True
    body.mass, body.ipos = mass_kg, [0.0, 0.0, 0.5 * height_m]
    body.inertia = [across, across, 0.5 * mass_kg * base.radius_m**2]
    body.add_geom(
        name="body", type=mujoco.mjtGeom.mjGEOM_CYLINDER, size=[base.radius_m, half_height, 0.0],
        pos=[0.0, 0.0, _BODY_LIFT_M + half_height], group=HIDDEN, friction=[0.2, 0.005, 0.0001],
    )  # fmt: skip
    body.add_site(name="gyro", pos=[0.0, 0.0, 0.1])
    # The ring of bumpers: a little wider than the body, and clear of the floor under the casters.
    body.add_site(
        name="bumper", type=mujoco.mjtGeom.mjGEOM_CYLINDER, size=[base.radius_m + 0.01, half_height, 0.0],
        pos=[0.0, 0.0, _BODY_LIFT_M + half_height], group=5,
    )  # fmt: skip
    for name, kind in (("gyro", mujoco.mjtSensor.mjSENS_GYRO), ("bumper", mujoco.mjtSensor.mjSENS_TOUCH)):
        spec.add_sensor(name=name, type=kind, objtype=mujoco.mjtObj.mjOBJ_SITE, objname=name)
    caster_x_m = base.radius_m - 2 * _CASTER_RADIUS_M
    for name, x_m in (("caster_front", caster_x_m), ("caster_rear", -caster_x_m)):
        body.add_geom(
            name=name, type=mujoco.mjtGeom.mjGEOM_SPHERE, size=[_CASTER_RADIUS_M, 0.0, 0.0],
            pos=[x_m, 0.0, _CASTER_RADIUS_M + _CASTER_LIFT_M], condim=1, priority=1, group=HIDDEN,
        )  # fmt: skip
    for name, side in (("left", 1.0), ("right", -1.0)):
        _add_wheel(spec, body, name, robot, 0.5 * side * robot.wheels.track_m)
    _dress_robot(body, robot)


def _add_wheel(spec: mujoco.MjSpec, body: mujoco.MjsBody, name: str, robot: RobotModel, y_m: float) -> None:
    radius_m = robot.wheels.radius_m
    wheel = body.add_body(name=name, pos=[0.0, y_m, radius_m])
    wheel.add_joint(name=name, type=mujoco.mjtJoint.mjJNT_HINGE, axis=[0.0, 1.0, 0.0], armature=_WHEEL_ARMATURE_KGM2)
    # An ellipsoid touches the floor in one point, so the track width is what it says.
    wheel.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, size=[radius_m, 0.02, radius_m], mass=_WHEEL_MASS_KG,
        friction=[0.9, 0.005, 0.0001], solref=[0.008, 1.0], priority=1, condim=3, group=HIDDEN,
    )  # fmt: skip
    motor = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
    motor.set_to_velocity(kv=_WHEEL_GAIN)
    motor.forcelimited = True
    motor.forcerange = [-_WHEEL_TORQUE_NM, _WHEEL_TORQUE_NM]


def _dress_robot(body: mujoco.MjsBody, robot: RobotModel) -> None:
    """Add what is seen in pictures: a base, a slim column and the touchscreen."""
    radius_m, height_m, screen = robot.base.radius_m, robot.base.height_m, robot.screen
    white, dark = (0.95, 0.96, 0.97, 1.0), (0.10, 0.13, 0.18, 1.0)
    add_picture(body, mujoco.mjtGeom.mjGEOM_CYLINDER, [radius_m, 0.13, 0.0], [0.0, 0.0, 0.17], white)
    add_picture(body, mujoco.mjtGeom.mjGEOM_CYLINDER, [radius_m + 0.002, 0.012, 0.0], [0.0, 0.0, 0.20], dark)
    column = [0.09, 0.5 * (height_m - 0.5), 0.0]
    add_picture(body, mujoco.mjtGeom.mjGEOM_CAPSULE, column, [0.0, 0.0, 0.5 * height_m], white)
    direction = np.array([math.cos(screen.yaw_rad), math.sin(screen.yaw_rad), 0.0])
    half_yaw = 0.5 * screen.yaw_rad
    quat = [math.cos(half_yaw), 0.0, 0.0, math.sin(half_yaw)]
    box = mujoco.mjtGeom.mjGEOM_BOX
    add_picture(body, box, [0.02, 0.19, 0.12], [*(0.12 * direction)[:2], screen.z_m], dark, quat)
    lit = (0.25, 0.62, 0.75, 1.0)
    add_picture(body, box, [0.002, 0.172, 0.10], [*(0.142 * direction)[:2], screen.z_m], lit, quat)


def add_picture(
    body: mujoco.MjsBody,
    kind: mujoco.mjtGeom,
    size: Sequence[float],
    pos: Sequence[float],
    colour: Colour,
    quat: Sequence[float] = (1.0, 0.0, 0.0, 0.0),
) -> None:
    body.add_geom(
        type=kind, size=size, pos=pos, quat=quat, rgba=colour, group=PICTURE, contype=0, conaffinity=0, mass=0.0
    )
