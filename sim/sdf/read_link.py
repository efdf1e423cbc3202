"""Read links: shapes, masses and sensors."""

from __future__ import annotations

import math
from collections.abc import Callable

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
    Inertial,
    Lidar,
    Link,
    Plane,
    Polyline,
    Sensor,
    Sphere,
    Visual,
)
from sim.sdf.fields import (
    colour,
    mask,
    name_of,
    needed,
    number,
    only,
    optional,
    pair,
    point,
    pose,
    positive,
    vector,
    whole,
    word,
)
from sim.sdf.markup import Element

_MAX_POINTS = 1000
_GREY = (0.6, 0.6, 0.6, 1.0)


def read_link(element: Element) -> Link:
    """Return a link with its shapes and sensors."""
    inertial = only(element, "inertial")
    return Link(
        name_of(element),
        pose(element),
        None if inertial is None else _inertial(inertial),
        tuple(_collision(child) for child in element.named("collision")),
        tuple(_visual(child) for child in element.named("visual")),
        tuple(_sensor(child) for child in element.named("sensor")),
    )


def _inertial(element: Element) -> Inertial:
    moments = needed(element, "inertia")
    products = (number(moments, tag, 0.0) for tag in ("ixy", "ixz", "iyz"))
    principal = (positive(moments, tag) for tag in ("ixx", "iyy", "izz"))
    return Inertial(positive(element, "mass"), pose(element), *principal, *products)


def _collision(element: Element) -> Collision:
    found: Element | None = element
    for tag in ("surface", "friction", "ode"):
        found = only(found, tag) if found is not None else None
    friction = optional(found, "mu") if found is not None else None
    if friction is not None and friction < 0.0:
        raise element.fault(f"has the friction {friction:g}; it must not be below zero")
    return Collision(name_of(element), _geometry(element), pose(element), friction)


def _visual(element: Element) -> Visual:
    material = only(element, "material")
    paint = None if material is None else colour(material, "diffuse", _GREY)
    return Visual(name_of(element), _geometry(element), pose(element), paint, mask(element, "visibility_flags"))


def _polyline(element: Element) -> Polyline:
    points = tuple(point(child) for child in element.named("point"))
    if not 3 <= len(points) <= _MAX_POINTS:
        raise element.fault(f"has {len(points)} points; an outline has 3 to {_MAX_POINTS}")
    return Polyline(points, positive(element, "height"))


def _box(element: Element) -> Box:
    size_m = vector(element, "size")
    if min(size_m) <= 0.0:
        raise element.fault(f"has the size {size_m}; every side must be above zero")
    return Box(size_m)


_SHAPES: dict[str, Callable[[Element], Geometry]] = {
    "box": _box,
    "cylinder": lambda element: Cylinder(positive(element, "radius"), positive(element, "length")),
    "capsule": lambda element: Capsule(positive(element, "radius"), positive(element, "length")),
    "sphere": lambda element: Sphere(positive(element, "radius")),
    "plane": lambda element: Plane(vector(element, "normal", (0.0, 0.0, 1.0)), pair(element, "size")),
    "polyline": _polyline,
}


def _geometry(element: Element) -> Geometry:
    geometry = needed(element, "geometry")
    if len(geometry.children) != 1 or geometry.children[0].tag not in _SHAPES:
        found = ", ".join(child.tag for child in geometry.children) or "nothing"
        raise geometry.fault(f"has {found}; it can have one of {', '.join(_SHAPES)}")
    shape = geometry.children[0]
    return _SHAPES[shape.tag](shape)


def _lidar(element: Element) -> Lidar:
    horizontal, reach = needed(needed(element, "scan"), "horizontal"), needed(element, "range")
    noise = only(element, "noise")
    return Lidar(
        whole(horizontal, "samples", 2, 7201),
        number(horizontal, "min_angle"),
        number(horizontal, "max_angle"),
        positive(reach, "min"),
        positive(reach, "max"),
        number(noise, "stddev", 0.0) if noise is not None else 0.0,
        mask(element, "visibility_mask"),
    )


def _camera(element: Element) -> Camera:
    image, clip = needed(element, "image"), needed(element, "clip")
    depth = only(element, "depth_camera")
    depth_clip = only(depth, "clip") if depth is not None else None
    return Camera(
        min(positive(element, "horizontal_fov"), math.tau),
        whole(image, "width", 1, 8192),
        whole(image, "height", 1, 8192),
        positive(clip, "near"),
        positive(clip, "far"),
        optional(depth_clip, "near") if depth_clip is not None else None,
        optional(depth_clip, "far") if depth_clip is not None else None,
    )


def _imu(element: Element) -> Imu:
    found: Element | None = element
    for tag in ("angular_velocity", "z", "noise"):
        found = only(found, tag) if found is not None else None
    return Imu(number(found, "stddev", 0.0) if found is not None else 0.0)


def _detail(element: Element) -> Lidar | Camera | Imu | Contact | None:
    kind = element.attributes.get("type", "")
    if kind in ("gpu_lidar", "lidar", "gpu_ray", "ray"):
        return _lidar(only(element, "lidar") or needed(element, "ray"))
    if kind in ("camera", "rgbd_camera", "depth_camera"):
        return _camera(needed(element, "camera"))
    if kind == "imu":
        imu = only(element, "imu")
        return Imu() if imu is None else _imu(imu)
    return Contact(word(needed(element, "contact"), "collision")) if kind == "contact" else None


def _sensor(element: Element) -> Sensor:
    frames = (word(element, f"{flavour}_frame_id", "") for flavour in ("gz", "ignition"))
    return Sensor(
        name_of(element),
        element.attributes.get("type", ""),
        pose(element) if only(element, "pose") is not None else ORIGIN,
        word(element, "topic", ""),
        number(element, "update_rate", 0.0),
        _detail(element),
        next((frame for frame in frames if frame), ""),
    )
