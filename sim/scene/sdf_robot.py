"""The reference robot as an SDF model: masses, shapes, wheels, sensors, and Gazebo's drive with the robot's limits.

Frames as on the robot: the model's frame is base_link, on the floor between the wheels (REP 105).
"""

from __future__ import annotations

import math

from aisle.robot_model import RobotModel
from sim.scene.sdf_dress import WHEEL_WIDTH_M, robot_visuals, wheel_visual
from sim.scene.sdf_systems import system
from sim.sdf.description import (
    Camera,
    Collision,
    Contact,
    Cylinder,
    Imu,
    Inertial,
    Joint,
    Lidar,
    Link,
    Model,
    Plugin,
    Pose,
    Sensor,
    Sphere,
)
from sim.sdf.write import Flavour

BASE_LINK, BODY = "base_link", "body"
# Bits that the robot's own shapes are drawn under, and that its laser does not look for.
ROBOT_FLAGS = 0x2
_NOT_THE_ROBOT = 0xFFFFFFFF & ~ROBOT_FLAGS
_WHEEL_MASS_KG, _WHEEL_TORQUE_NM, _WHEEL_FRICTION = 1.5, 6.0, 0.9
_CASTER_RADIUS_M, _CASTER_LIFT_M = 0.03, 0.0005
_BODY_LIFT_M, _BODY_FRICTION = 0.03, 0.2
_IMU_HEIGHT_M, _IMU_RATE_HZ, _GYRO_NOISE_RADPS = 0.1, 200.0, 0.002
_FAR_M = 50.0


def robot_model(robot: RobotModel, flavour: Flavour) -> Model:
    """Return the robot, standing at the origin."""
    base = Link(
        BASE_LINK,
        inertial=_base_inertial(robot),
        collisions=(_body(robot), *_casters(robot)),
        visuals=robot_visuals(robot, ROBOT_FLAGS),
        sensors=_sensors(robot),
    )
    sides = (("left", 0.5 * robot.wheels.track_m), ("right", -0.5 * robot.wheels.track_m))
    wheels = tuple(_wheel(robot, side, y_m) for side, y_m in sides)
    joints = tuple(
        Joint(f"{side}_wheel_joint", "revolute", BASE_LINK, f"{side}_wheel_link", (0.0, 1.0, 0.0), _WHEEL_TORQUE_NM)
        for side, _ in sides
    )
    return Model(robot.name, links=(base, *wheels), joints=joints, plugins=_plugins(robot, flavour))


def _base_inertial(robot: RobotModel) -> Inertial:
    # The battery lies low, so the inertia is that of a shorter cylinder.
    height_m, mass_kg = 0.5 * robot.base.height_m, robot.base.mass_kg - 2 * _WHEEL_MASS_KG
    across, along = _cylinder_inertia(mass_kg, robot.base.radius_m, height_m)
    return Inertial(mass_kg, Pose(z_m=0.5 * height_m), across, across, along)


def _cylinder_inertia(mass_kg: float, radius_m: float, length_m: float) -> tuple[float, float]:
    """Return the moments of inertia of a solid cylinder across and along its axis, in kg m2."""
    return mass_kg * (3 * radius_m**2 + length_m**2) / 12, 0.5 * mass_kg * radius_m**2


def _body(robot: RobotModel) -> Collision:
    length_m = robot.base.height_m - _BODY_LIFT_M
    shape = Cylinder(robot.base.radius_m, length_m)
    return Collision(BODY, shape, Pose(z_m=_BODY_LIFT_M + 0.5 * length_m), _BODY_FRICTION)


def _casters(robot: RobotModel) -> tuple[Collision, ...]:
    x_m, z_m = robot.base.radius_m - 2 * _CASTER_RADIUS_M, _CASTER_RADIUS_M + _CASTER_LIFT_M
    ball = Sphere(_CASTER_RADIUS_M)
    places = (("caster_front", x_m), ("caster_rear", -x_m))
    return tuple(Collision(name, ball, Pose(place_m, 0.0, z_m), friction=0.0) for name, place_m in places)


def _wheel(robot: RobotModel, side: str, y_m: float) -> Link:
    """Return a wheel; its link stands upright, and its axle lies along y."""
    radius_m = robot.wheels.radius_m
    across, along = _cylinder_inertia(_WHEEL_MASS_KG, radius_m, WHEEL_WIDTH_M)
    lying = Pose(roll_rad=-0.5 * math.pi)
    return Link(
        f"{side}_wheel_link",
        Pose(0.0, y_m, radius_m),
        Inertial(_WHEEL_MASS_KG, Pose(), across, along, across),
        (Collision("rim", Cylinder(radius_m, WHEEL_WIDTH_M), lying, _WHEEL_FRICTION),),
        (wheel_visual(radius_m, lying, ROBOT_FLAGS),),
    )


def _sensors(robot: RobotModel) -> tuple[Sensor, ...]:
    laser, camera = robot.laser, robot.camera
    first_rad, step_rad = -math.pi, math.tau / laser.rays
    last_rad = first_rad + (laser.rays - 1) * step_rad
    scan = Lidar(
        laser.rays, first_rad, last_rad, laser.range_min_m, laser.range_max_m, laser.noise_m, _NOT_THE_ROBOT
    )  # fmt: skip
    picture = Camera(
        camera.fov_rad, camera.width_px, camera.height_px, 0.05, _FAR_M, camera.range_min_m, camera.range_max_m
    )
    camera_pose = Pose(camera.x_m, 0.0, camera.z_m, 0.0, camera.pitch_rad)
    imu_pose = Pose(z_m=_IMU_HEIGHT_M)
    return (
        Sensor("laser", "gpu_lidar", Pose(laser.x_m, 0.0, laser.z_m), "scan", laser.rate_hz, scan, "laser_link"),
        Sensor("camera", "rgbd_camera", camera_pose, "camera", camera.rate_hz, picture, "camera_link"),
        Sensor("imu", "imu", imu_pose, "imu", _IMU_RATE_HZ, Imu(_GYRO_NOISE_RADPS), BASE_LINK),
        Sensor("bumper", "contact", Pose(), "bumper", 0.0, Contact(BODY)),
    )


def _plugins(robot: RobotModel, flavour: Flavour) -> tuple[Plugin, ...]:
    limits = robot.limits
    drive = system(
        flavour,
        "DiffDrive",
        left_joint="left_wheel_joint",
        right_joint="right_wheel_joint",
        wheel_separation=robot.wheels.track_m,
        wheel_radius=robot.wheels.radius_m,
        topic="cmd_vel",
        odom_topic="odom",
        tf_topic="tf",
        odom_publish_frequency=50.0,
        frame_id="odom",
        child_frame_id=BASE_LINK,
        max_linear_velocity=limits.speed_mps,
        min_linear_velocity=-limits.speed_mps,
        max_angular_velocity=limits.turn_radps,
        min_angular_velocity=-limits.turn_radps,
        max_linear_acceleration=limits.acceleration_mps2,
        min_linear_acceleration=-limits.braking_mps2,
        max_angular_acceleration=limits.turn_acceleration_radps2,
        min_angular_acceleration=-limits.turn_acceleration_radps2,
    )
    return drive, system(flavour, "JointStatePublisher", topic="joint_states")
