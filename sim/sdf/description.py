"""What an SDF file says, as far as we use it: worlds, models, links, joints, sensors and plugins.

Units are SDF's own: metres, kilograms, seconds, radians. Names and meanings: http://sdformat.org/spec?ver=1.9
"""

from __future__ import annotations

from dataclasses import dataclass

Vector = tuple[float, float, float]
Colour = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pose:
    """Place and attitude in the frame around it; roll, pitch and yaw about fixed axes, in that order."""

    x_m: float = 0.0
    y_m: float = 0.0
    z_m: float = 0.0
    roll_rad: float = 0.0
    pitch_rad: float = 0.0
    yaw_rad: float = 0.0


ORIGIN = Pose()


@dataclass(frozen=True, slots=True)
class Box:
    """A box around its pose."""

    size_m: Vector


@dataclass(frozen=True, slots=True)
class Cylinder:
    """A cylinder around its pose, along z."""

    radius_m: float
    length_m: float


@dataclass(frozen=True, slots=True)
class Capsule:
    """A cylinder of that length along z with half a sphere on each end."""

    radius_m: float
    length_m: float


@dataclass(frozen=True, slots=True)
class Sphere:
    """A sphere around its pose."""

    radius_m: float


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane through its pose; the size is what is drawn of it."""

    normal: Vector
    size_m: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Polyline:
    """A closed outline in the xy plane of its pose, standing on it as a prism."""

    points_m: tuple[tuple[float, float], ...]
    height_m: float


Geometry = Box | Cylinder | Capsule | Sphere | Plane | Polyline


@dataclass(frozen=True, slots=True)
class Collision:
    """A shape that touches; `friction` is Coulomb's coefficient, SDF's own default where it is None."""

    name: str
    geometry: Geometry
    pose: Pose = ORIGIN
    friction: float | None = None


@dataclass(frozen=True, slots=True)
class Visual:
    """A shape that is seen; a lidar leaves it out if its mask and these flags have no bit in common."""

    name: str
    geometry: Geometry
    pose: Pose = ORIGIN
    colour: Colour | None = None
    visibility_flags: int | None = None


@dataclass(frozen=True, slots=True)
class Inertial:
    """Mass and moments of inertia about the pose, in kg m2."""

    mass_kg: float
    pose: Pose
    ixx: float
    iyy: float
    izz: float
    ixy: float = 0.0
    ixz: float = 0.0
    iyz: float = 0.0


@dataclass(frozen=True, slots=True)
class Lidar:
    """A planar scan; the first and the last ray point at the two angles."""

    samples: int
    min_angle_rad: float
    max_angle_rad: float
    range_min_m: float
    range_max_m: float
    noise_m: float = 0.0
    visibility_mask: int | None = None


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera that looks along x; the depth limits are None where it has no depth."""

    fov_rad: float
    width_px: int
    height_px: int
    near_m: float
    far_m: float
    depth_near_m: float | None = None
    depth_far_m: float | None = None


@dataclass(frozen=True, slots=True)
class Imu:
    """An inertial sensor with the same noise on all axes of its gyro."""

    gyro_noise_radps: float = 0.0


@dataclass(frozen=True, slots=True)
class Contact:
    """A bumper: it feels what touches the named collision of its link."""

    collision: str


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor on a link. `detail` is None for a kind that we do not use."""

    name: str
    kind: str
    pose: Pose
    topic: str
    rate_hz: float
    detail: Lidar | Camera | Imu | Contact | None
    frame_id: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A rigid body."""

    name: str
    pose: Pose = ORIGIN
    inertial: Inertial | None = None
    collisions: tuple[Collision, ...] = ()
    visuals: tuple[Visual, ...] = ()
    sensors: tuple[Sensor, ...] = ()


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint at the child's pose. `axis` is in the model's frame; `effort_nm` is None where it has no limit."""

    name: str
    kind: str
    parent: str
    child: str
    axis: Vector = (0.0, 0.0, 1.0)
    effort_nm: float | None = None


@dataclass(frozen=True, slots=True)
class Plugin:
    """A system of Gazebo with its settings, in order."""

    filename: str
    name: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """Links that belong together."""

    name: str
    pose: Pose = ORIGIN
    static: bool = False
    links: tuple[Link, ...] = ()
    joints: tuple[Joint, ...] = ()
    plugins: tuple[Plugin, ...] = ()


@dataclass(frozen=True, slots=True)
class Include:
    """A model from a file of its own, under a name and at a pose."""

    uri: str
    name: str
    pose: Pose = ORIGIN


@dataclass(frozen=True, slots=True)
class Light:
    """A directional light."""

    name: str
    pose: Pose
    direction: Vector
    diffuse: Colour
    specular: Colour
    cast_shadows: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """A world with its physics step in seconds."""

    name: str
    step_s: float
    models: tuple[Model, ...] = ()
    includes: tuple[Include, ...] = ()
    lights: tuple[Light, ...] = ()
    plugins: tuple[Plugin, ...] = ()
