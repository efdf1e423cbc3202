"""The MuJoCo model of a world: what stands still, the light, and the robot, all as the SDF files say.

Geom groups say what sees what: 0 is solid and seen by the laser (structure), 1 is seen by the laser only (legs),
2 is for pictures only, 3 is solid and not seen by the laser (the robot, and the discs people occupy).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import mujoco

from sim.scene.mjcf_robot import add_robot
from sim.scene.mjcf_shapes import HIDDEN, LEGS, PICTURE, STRUCTURE, add_picture, add_shape
from sim.scene.scene import Scene
from sim.scene.sdf_store import STEP_S
from sim.scene.solids import convex_parts
from sim.sdf.description import Collision, Colour, Light, Link, Model, Plane, Polyline, Visual
from sim.sdf.markup import SdfError
from sim.sdf.placement import Placement, placement

__all__ = ["HIDDEN", "LEGS", "PICTURE", "STEP_S", "STRUCTURE", "Colour", "add_picture", "world_spec"]

_GREY: Colour = (0.6, 0.6, 0.6, 1.0)
_LARGEST_PLANE_M = 1000.0


def world_spec(scene: Scene) -> mujoco.MjSpec:
    """Return the model of a world with its robot.

    Raises SdfError for a world with another physics step than `STEP_S`, or with what does not fit the simulator.
    """
    if not math.isclose(scene.world.step_s, STEP_S):
        raise SdfError(
            f"world {scene.world.name!r}: its physics step is {scene.world.step_s:g} s; it must be {STEP_S} s"
        )
    spec = mujoco.MjSpec()
    _set_options(spec)
    for light in scene.world.lights:
        _add_light(spec, light)
    for model in scene.standing:
        _add_standing(spec, model)
    add_robot(spec, scene)
    return spec


def _set_options(spec: mujoco.MjSpec) -> None:
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


def _add_light(spec: mujoco.MjSpec, light: Light) -> None:
    pose = light.pose
    spec.worldbody.add_light(
        name=light.name, type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL, pos=[pose.x_m, pose.y_m, pose.z_m],
        dir=light.direction, diffuse=light.diffuse[:3], specular=light.specular[:3], castshadow=light.cast_shadows,
    )  # fmt: skip


def _add_standing(spec: mujoco.MjSpec, model: Model) -> None:
    """Add a model that does not move; its shapes are called `model/number`, a floor like the model."""
    numbers = itertools.count()
    for link in model.links:
        map_from_link = placement(model.pose) @ placement(link.pose)
        for collision in link.collisions:
            _add_solid(spec, model.name, numbers, collision, map_from_link, _colour_of(collision, link))
        for visual in _only_seen(link):
            add_shape(
                spec.worldbody, visual.geometry, map_from_link @ placement(visual.pose), group=PICTURE,
                rgba=visual.colour or _GREY, contype=0, conaffinity=0,
            )  # fmt: skip


def _add_solid(
    spec: mujoco.MjSpec,
    name: str,
    numbers: Iterator[int],
    collision: Collision,
    map_from_link: Placement,
    paint: Colour,
) -> None:
    geometry, place = collision.geometry, map_from_link @ placement(collision.pose)
    friction = {} if collision.friction is None else {"friction": [collision.friction, 0.005, 0.0001]}
    if isinstance(geometry, Plane):
        _add_floor(spec, name, geometry, place, rgba=paint, **friction)
    elif isinstance(geometry, Polyline):
        for part in convex_parts(geometry.points_m):
            label = f"{name}/{next(numbers)}"
            mesh = spec.add_mesh(name=label, uservert=_prism_vertices(part, geometry.height_m))
            spec.worldbody.add_geom(
                name=label, type=mujoco.mjtGeom.mjGEOM_MESH, meshname=mesh.name, pos=place.position_m,
                quat=place.quaternion, rgba=paint, group=STRUCTURE, **friction,
            )  # fmt: skip
    else:
        label = f"{name}/{next(numbers)}"
        add_shape(spec.worldbody, geometry, place, name=label, group=STRUCTURE, rgba=paint, **friction)


def _add_floor(spec: mujoco.MjSpec, name: str, plane: Plane, place: Placement, **settings: object) -> None:
    if plane.normal != (0.0, 0.0, 1.0) or place.quaternion != (1.0, 0.0, 0.0, 0.0):
        raise SdfError(f"model {name!r}: a plane must lie flat")
    half_size = [0.5 * min(side_m, _LARGEST_PLANE_M) for side_m in plane.size_m]
    spec.worldbody.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_PLANE, size=[*half_size, 0.1], pos=place.position_m, group=PICTURE,
        contype=1, conaffinity=1, **settings,
    )  # fmt: skip
    spec.stat.extent = math.hypot(*half_size)
    spec.stat.center = [*place.position_m[:2], 0.5]


def _colour_of(collision: Collision, link: Link) -> Colour:
    """Return the colour of the visual that covers a collision."""
    covers = (visual.colour for visual in link.visuals if _is_same(visual, collision))
    return next((colour for colour in covers if colour is not None), _GREY)


def _only_seen(link: Link) -> list[Visual]:
    """Return the visuals that cover no collision."""
    return [visual for visual in link.visuals if not any(_is_same(visual, solid) for solid in link.collisions)]


def _is_same(visual: Visual, collision: Collision) -> bool:
    return visual.geometry == collision.geometry and visual.pose == collision.pose


def _prism_vertices(corners: Sequence[tuple[float, float]], height_m: float) -> list[float]:
    return [value for z in (0.0, height_m) for x, y in corners for value in (x, y, z)]
