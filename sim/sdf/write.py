"""Write SDF files: the same description that the reader gives."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from sim.sdf.description import (
    ORIGIN,
    Box,
    Camera,
    Capsule,
    Collision,
    Contact,
    Cylinder,
    Geometry,
    Imu,
    Include,
    Inertial,
    Joint,
    Lidar,
    Light,
    Link,
    Model,
    Plane,
    Plugin,
    Polyline,
    Pose,
    Sensor,
    Sphere,
    Visual,
    World,
)
from sim.sdf.markup import Element, markup, render_markup

VERSION = "1.9"
_UNLIMITED_RAD = 1e16
_NOTHING = 1e-12


class Flavour(StrEnum):
    """How Gazebo calls its own: `ignition` up to Fortress, `gz` from Garden and Harmonic on."""

    FORTRESS = "fortress"
    HARMONIC = "harmonic"

    @property
    def prefix(self) -> str:
        """Return what names of settings begin with."""
        return "ignition" if self is Flavour.FORTRESS else "gz"


def world_text(world: World, flavour: Flavour, comment: str = "") -> str:
    """Return the world as an SDF text."""
    return render_markup(markup("sdf", _world(world, flavour), version=VERSION), comment)


def model_text(model: Model, flavour: Flavour, comment: str = "") -> str:
    """Return the model as an SDF text of its own."""
    return render_markup(markup("sdf", _model(model, flavour), version=VERSION), comment)


def _numbers(*values: float) -> str:
    """Return numbers to nine digits; what is read back is what everybody simulates."""
    return " ".join(f"{value if abs(value) > _NOTHING else 0.0:.9g}" for value in values)


def _leaf(tag: str, *values: float) -> Element:
    return markup(tag, text=_numbers(*values))


def _pose(pose: Pose) -> tuple[Element, ...]:
    if pose == ORIGIN:
        return ()
    return (_leaf("pose", pose.x_m, pose.y_m, pose.z_m, pose.roll_rad, pose.pitch_rad, pose.yaw_rad),)


def _world(world: World, flavour: Flavour) -> Element:
    pace = (_leaf("max_step_size", world.step_s), _leaf("real_time_factor", 1.0))
    return markup(
        "world",
        markup("physics", *pace, name="default", type="ode"),
        *(_plugin(plugin) for plugin in world.plugins),
        *(_light(light) for light in world.lights),
        *(_model(model, flavour) for model in world.models),
        *(_include(include) for include in world.includes),
        name=world.name,
    )


def _model(model: Model, flavour: Flavour) -> Element:
    return markup(
        "model",
        *((markup("static", text="true"),) if model.static else ()),
        *_pose(model.pose),
        *(_link(link, flavour) for link in model.links),
        *(_joint(joint) for joint in model.joints),
        *(_plugin(plugin) for plugin in model.plugins),
        name=model.name,
    )


def _include(include: Include) -> Element:
    return markup(
        "include", markup("uri", text=include.uri), markup("name", text=include.name), *_pose(include.pose)
    )  # fmt: skip


def _light(light: Light) -> Element:
    return markup(
        "light",
        *_pose(light.pose),
        markup("cast_shadows", text="true" if light.cast_shadows else "false"),
        _leaf("diffuse", *light.diffuse),
        _leaf("specular", *light.specular),
        _leaf("direction", *light.direction),
        name=light.name,
        type="directional",
    )


def _plugin(plugin: Plugin) -> Element:
    settings = (markup(tag, text=text) for tag, text in plugin.settings)
    return markup("plugin", *settings, filename=plugin.filename, name=plugin.name)


def _link(link: Link, flavour: Flavour) -> Element:
    return markup(
        "link",
        *_pose(link.pose),
        *((_inertial(link.inertial),) if link.inertial else ()),
        *(_collision(collision) for collision in link.collisions),
        *(_visual(visual) for visual in link.visuals),
        *(_sensor(sensor, flavour) for sensor in link.sensors),
        name=link.name,
    )


def _inertial(inertial: Inertial) -> Element:
    moments = ("ixx", "ixy", "ixz", "iyy", "iyz", "izz")
    inertia = markup("inertia", *(_leaf(moment, getattr(inertial, moment)) for moment in moments))
    return markup("inertial", _leaf("mass", inertial.mass_kg), *_pose(inertial.pose), inertia)


def _collision(collision: Collision) -> Element:
    parts = [*_pose(collision.pose), _geometry(collision.geometry)]
    if collision.friction is not None:
        ode = markup("ode", _leaf("mu", collision.friction), _leaf("mu2", collision.friction))
        parts.append(markup("surface", markup("friction", ode)))
    return markup("collision", *parts, name=collision.name)


def _visual(visual: Visual) -> Element:
    parts = [*_pose(visual.pose), _geometry(visual.geometry)]
    if visual.colour is not None:
        parts.append(markup("material", _leaf("ambient", *visual.colour), _leaf("diffuse", *visual.colour)))
    if visual.visibility_flags is not None:
        parts.append(markup("visibility_flags", text=str(visual.visibility_flags)))
    return markup("visual", *parts, name=visual.name)


def _geometry(geometry: Geometry) -> Element:
    return markup("geometry", markup(type(geometry).__name__.lower(), *_shape(geometry)))


def _shape(geometry: Geometry) -> Iterator[Element]:
    match geometry:
        case Box(size_m):
            yield _leaf("size", *size_m)
        case Cylinder(radius_m, length_m) | Capsule(radius_m, length_m):
            yield from (_leaf("radius", radius_m), _leaf("length", length_m))
        case Sphere(radius_m):
            yield _leaf("radius", radius_m)
        case Plane(normal, size_m):
            yield from (_leaf("normal", *normal), _leaf("size", *size_m))
        case Polyline(points_m, height_m):
            yield from (_leaf("point", *point) for point in points_m)
            yield _leaf("height", height_m)


def _sensor(sensor: Sensor, flavour: Flavour) -> Element:
    frame = (markup(f"{flavour.prefix}_frame_id", text=sensor.frame_id),) if sensor.frame_id else ()
    return markup(
        "sensor",
        *_pose(sensor.pose),
        *((markup("topic", text=sensor.topic),) if sensor.topic else ()),
        *((_leaf("update_rate", sensor.rate_hz),) if sensor.rate_hz else ()),
        markup("always_on", text="true"),
        *frame,
        *_detail(sensor.detail),
        name=sensor.name,
        type=sensor.kind,
    )


def _detail(detail: Lidar | Camera | Imu | Contact | None) -> Iterator[Element]:
    match detail:
        case Lidar():
            yield _lidar(detail)
        case Camera():
            yield _camera(detail)
        case Imu(noise):
            axes = (markup(axis, _noise(noise, type="gaussian")) for axis in ("x", "y", "z"))
            yield markup("imu", markup("angular_velocity", *axes))
        case Contact(collision):
            yield markup("contact", markup("collision", text=collision))


def _lidar(lidar: Lidar) -> Element:
    horizontal = markup(
        "horizontal",
        _leaf("samples", lidar.samples),
        _leaf("resolution", 1),
        _leaf("min_angle", lidar.min_angle_rad),
        _leaf("max_angle", lidar.max_angle_rad),
    )
    reach = markup("range", _leaf("min", lidar.range_min_m), _leaf("max", lidar.range_max_m))
    parts = [markup("scan", horizontal), reach]
    if lidar.noise_m:
        kind = markup("type", text="gaussian")
        parts.append(markup("noise", kind, _leaf("mean", 0.0), _leaf("stddev", lidar.noise_m)))
    if lidar.visibility_mask is not None:
        parts.append(markup("visibility_mask", text=str(lidar.visibility_mask)))
    return markup("lidar", *parts)


def _camera(camera: Camera) -> Element:
    image = markup("image", _leaf("width", camera.width_px), _leaf("height", camera.height_px))
    parts = [_leaf("horizontal_fov", camera.fov_rad), image, _clip(camera.near_m, camera.far_m)]
    if camera.depth_near_m is not None and camera.depth_far_m is not None:
        parts.append(markup("depth_camera", _clip(camera.depth_near_m, camera.depth_far_m)))
    return markup("camera", *parts)


def _clip(near_m: float, far_m: float) -> Element:
    return markup("clip", _leaf("near", near_m), _leaf("far", far_m))


def _noise(sigma: float, **attributes: str) -> Element:
    return markup("noise", _leaf("mean", 0.0), _leaf("stddev", sigma), **attributes)


def _joint(joint: Joint) -> Element:
    parts = [markup("parent", text=joint.parent), markup("child", text=joint.child)]
    if joint.kind != "fixed":
        effort = (_leaf("effort", joint.effort_nm),) if joint.effort_nm is not None else ()
        limit = markup("limit", _leaf("lower", -_UNLIMITED_RAD), _leaf("upper", _UNLIMITED_RAD), *effort)
        direction = markup("xyz", text=_numbers(*joint.axis), expressed_in="__model__")
        parts.append(markup("axis", direction, limit))
    return markup("joint", *parts, name=joint.name, type=joint.kind)
