"""The robot of a scene in MuJoCo: one body with two driven wheels, as its SDF model says.

Shapes, masses and places are the model's; how a wheel meets the floor and how its drive pulls is chosen here.
"""

from __future__ import annotations

import math

import mujoco
import numpy as np
import numpy.typing as npt

from sim.scene.mjcf_shapes import HIDDEN, PICTURE, add_shape
from sim.scene.scene import Scene
from sim.sdf.description import Collision, Cylinder, Inertial, Joint, Link, Sphere
from sim.sdf.markup import SdfError
from sim.sdf.placement import Placement, placement

FloatArray = npt.NDArray[np.float64]

BODY = "body"
_WHEEL_GAIN = 10.0
_WHEEL_ARMATURE_KGM2 = 0.05
_WHEEL_STIFFNESS = [0.008, 1.0]
_DEFAULT_FRICTION = 1.0
_BUMPER_RING_M = 0.01


def add_robot(spec: mujoco.MjSpec, scene: Scene) -> None:
    """Add the robot where its model's pose is. Raises SdfError for a robot that is no differential drive."""
    drive, start = scene.drive, placement(scene.robot.pose)
    body = spec.worldbody.add_body(name="robot", pos=start.position_m, quat=start.quaternion)
    body.add_freejoint(name="robot")
    base_from_link = placement(drive.base.pose)
    _set_inertia(body, drive.base, base_from_link)
    for collision in drive.base.collisions:
        _add_collision(body, collision, base_from_link, BODY if collision.name == scene.bumper() else collision.name)
    _add_sensors(spec, body, scene)
    for name, joint in (("left", drive.left), ("right", drive.right)):
        _add_wheel(spec, body, name, joint, _link(scene, joint.child))
    _add_visuals(body, drive.base, base_from_link)
    for joint in scene.robot.joints:
        if joint.kind != "fixed" and joint not in (drive.left, drive.right):
            raise SdfError(f"joint {joint.name!r}: only the two wheels of the drive may turn")


def _link(scene: Scene, name: str) -> Link:
    return next(link for link in scene.robot.links if link.name == name)


def _set_inertia(body: mujoco.MjsBody, link: Link, body_from_link: Placement) -> None:
    if link.inertial is None:
        raise SdfError(f"link {link.name!r}: a link that moves needs its mass and inertia")
    place = body_from_link @ placement(link.inertial.pose)
    body.explicitinertial = True
    body.mass, body.ipos = link.inertial.mass_kg, place.position_m
    body.fullinertia = _moments(link.inertial, place)


def _moments(inertial: Inertial, place: Placement) -> list[float]:
    """Return the inertia about the body's axes, as MuJoCo orders it: xx, yy, zz, xy, xz, yz."""
    turn = np.zeros(9)
    mujoco.mju_quat2Mat(turn, np.array(place.quaternion))
    rotation: FloatArray = turn.reshape(3, 3)
    xx, yy, zz = inertial.ixx, inertial.iyy, inertial.izz
    xy, xz, yz = inertial.ixy, inertial.ixz, inertial.iyz
    turned = rotation @ np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]) @ rotation.T
    return [float(turned[row, column]) for row, column in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))]


def _add_collision(body: mujoco.MjsBody, collision: Collision, body_from_link: Placement, name: str) -> None:
    place = body_from_link @ placement(collision.pose)
    if isinstance(collision.geometry, Sphere) and collision.friction == 0.0:
        # A caster: it carries and does not drag, on whatever floor.
        add_shape(body, collision.geometry, place, name=name, condim=1, priority=1, group=HIDDEN)
        return
    add_shape(body, collision.geometry, place, name=name, group=HIDDEN, friction=_friction(collision))


def _friction(collision: Collision) -> list[float]:
    return [_DEFAULT_FRICTION if collision.friction is None else collision.friction, 0.005, 0.0001]


def _add_sensors(spec: mujoco.MjSpec, body: mujoco.MjsBody, scene: Scene) -> None:
    gyro = scene.gyro()
    body.add_site(name="gyro", pos=gyro.position_m, quat=gyro.quaternion)
    _add_bumper_ring(body, scene)
    for name, kind in (("gyro", mujoco.mjtSensor.mjSENS_GYRO), ("bumper", mujoco.mjtSensor.mjSENS_TOUCH)):
        spec.add_sensor(name=name, type=kind, objtype=mujoco.mjtObj.mjOBJ_SITE, objname=name)


def _add_bumper_ring(body: mujoco.MjsBody, scene: Scene) -> None:
    """Add the ring of bumpers: a little wider than the body, and clear of the floor under the casters."""
    base = scene.drive.base
    collision = next(collision for collision in base.collisions if collision.name == scene.bumper())
    if not isinstance(collision.geometry, Cylinder):
        raise SdfError(f"collision {collision.name!r}: what feels touches must be a cylinder")
    place = placement(base.pose) @ placement(collision.pose)
    body.add_site(
        name="bumper", type=mujoco.mjtGeom.mjGEOM_CYLINDER, pos=place.position_m, quat=place.quaternion, group=5,
        size=[collision.geometry.radius_m + _BUMPER_RING_M, 0.5 * collision.geometry.length_m, 0.0],
    )  # fmt: skip


def _add_wheel(spec: mujoco.MjSpec, body: mujoco.MjsBody, name: str, joint: Joint, link: Link) -> None:
    if not math.isclose(abs(joint.axis[1]), 1.0, abs_tol=1e-3):
        raise SdfError(f"joint {joint.name!r}: turns about {joint.axis}; wheels must turn about the robot's y")
    place = placement(link.pose)
    # The wheel's body stands upright in the robot's axes, whichever way its link is turned.
    wheel_from_link = Placement((0.0, 0.0, 0.0), place.quaternion)
    wheel = body.add_body(name=name, pos=place.position_m)
    _set_inertia(wheel, link, wheel_from_link)
    wheel.add_joint(
        name=name, type=mujoco.mjtJoint.mjJNT_HINGE, axis=[0.0, math.copysign(1.0, joint.axis[1]), 0.0],
        armature=_WHEEL_ARMATURE_KGM2,
    )  # fmt: skip
    _add_tyre(wheel, name, link)
    _add_visuals(wheel, link, wheel_from_link)
    _add_motor(spec, name, joint.effort_nm)


def _add_tyre(wheel: mujoco.MjsBody, name: str, link: Link) -> None:
    """Add what rolls: an ellipsoid touches the floor in one point, so the track width is what it says."""
    rims = ((solid, solid.geometry) for solid in link.collisions if isinstance(solid.geometry, Cylinder))
    rim, shape = next(rims, (None, None))
    if rim is None or shape is None:
        raise SdfError(f"link {link.name!r}: a wheel needs a cylinder to roll on")
    wheel.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, size=[shape.radius_m, 0.5 * shape.length_m, shape.radius_m],
        friction=_friction(rim), solref=_WHEEL_STIFFNESS, priority=1, condim=3, group=HIDDEN,
    )  # fmt: skip


def _add_motor(spec: mujoco.MjSpec, name: str, torque_nm: float | None) -> None:
    motor = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
    motor.set_to_velocity(kv=_WHEEL_GAIN)
    if torque_nm is not None:
        motor.forcelimited = True
        motor.forcerange = [-torque_nm, torque_nm]


def _add_visuals(body: mujoco.MjsBody, link: Link, body_from_link: Placement) -> None:
    for visual in link.visuals:
        add_shape(
            body, visual.geometry, body_from_link @ placement(visual.pose), group=PICTURE,
            rgba=visual.colour or (0.6, 0.6, 0.6, 1.0), contype=0, conaffinity=0, mass=0.0,
        )  # fmt: skip
