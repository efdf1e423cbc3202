"""A world as read from its files, and what the simulator needs to know of the robot in it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from aisle import robot_model as settings
from sim.sdf.description import Camera, Contact, Imu, Joint, Lidar, Link, Model, Pose, Sensor, World
from sim.sdf.markup import SdfError
from sim.sdf.placement import Placement, placement

_DRIVE = "DiffDrive"
Detail = TypeVar("Detail", Lidar, Camera, Imu, Contact)


@dataclass(frozen=True, slots=True)
class Drive:
    """Two driven wheels; the base is the link that carries both."""

    base: Link
    left: Joint
    right: Joint
    separation_m: float
    wheel_radius_m: float

    def wheel_speeds(self, linear_mps: float, angular_radps: float) -> tuple[float, float]:
        """Return how fast the left and the right wheel turn for a twist of the base, in rad/s."""
        turn_mps = 0.5 * angular_radps * self.separation_m
        return (linear_mps - turn_mps) / self.wheel_radius_m, (linear_mps + turn_mps) / self.wheel_radius_m


@dataclass(frozen=True)
class Scene:
    """A world with its includes resolved. Things stand still, but for the one model that has a differential drive."""

    world: World

    @cached_property
    def standing(self) -> tuple[Model, ...]:
        """Everything that does not move."""
        return tuple(model for model in self.world.models if model.static)

    @cached_property
    def robot(self) -> Model:
        """The robot. Raises SdfError unless there is exactly one model that moves."""
        moving = [model for model in self.world.models if not model.static]
        if len(moving) != 1:
            names = ", ".join(model.name for model in moving) or "none"
            raise SdfError(f"world {self.world.name!r}: models that are not static: {names}; expected just the robot")
        return moving[0]

    @cached_property
    def drive(self) -> Drive:
        """The robot's drive. Raises SdfError if it has none or one without its joints."""
        robot = self.robot
        plugin = next((plugin for plugin in robot.plugins if plugin.name.endswith("::" + _DRIVE)), None)
        if plugin is None:
            raise SdfError(f"model {robot.name!r} moves and has no plugin {_DRIVE}; make it static or give it one")
        joints, values = {joint.name: joint for joint in robot.joints}, dict(plugin.settings)
        try:
            left, right = joints[values["left_joint"]], joints[values["right_joint"]]
            separation_m, radius_m = float(values["wheel_separation"]), float(values["wheel_radius"])
        except (KeyError, ValueError) as problem:
            raise SdfError(f"model {robot.name!r}: its {_DRIVE} lacks or names wrongly {problem}") from problem
        if left.parent != right.parent or not (separation_m > 0.0 and radius_m > 0.0):
            raise SdfError(f"model {robot.name!r}: its wheels need one parent, a separation and a radius above zero")
        base = next(link for link in robot.links if link.name == left.parent)
        return Drive(base, left, right, separation_m, radius_m)

    def with_robot_at(self, x_m: float, y_m: float, yaw_rad: float) -> Scene:
        """Return the same world with the robot somewhere else."""
        moved = replace(self.robot, pose=Pose(x_m, y_m, self.robot.pose.z_m, 0.0, 0.0, yaw_rad))
        return Scene(replace(self.world, models=(*self.standing, moved)))

    def laser(self) -> settings.Laser:
        """Return the robot's laser, which must look all around. Raises SdfError if it has none or another kind."""
        sensor, lidar = self._needed(Lidar)
        place = self._mounted(sensor).position_m
        increment_rad = (lidar.max_angle_rad - lidar.min_angle_rad) / (lidar.samples - 1)
        # The last ray may be the first one again, a full turn later.
        rays = round(math.tau / increment_rad)
        if not rays <= lidar.samples <= rays + 1 or abs(lidar.min_angle_rad + math.pi) > 1e-3 or abs(place[1]) > 1e-6:
            raise SdfError(f"sensor {sensor.name!r}: a laser must look all around from -pi and stand at y = 0")
        return settings.Laser(
            x_m=place[0],
            z_m=place[2],
            rays=rays,
            rate_hz=sensor.rate_hz,
            range_min_m=lidar.range_min_m,
            range_max_m=lidar.range_max_m,
            noise_m=lidar.noise_m,
        )

    def camera(self) -> settings.Camera:
        """Return the robot's camera, which must look forward. Raises SdfError if it has none."""
        sensor, camera = self._needed(Camera)
        x_m, _, z_m = self._mounted(sensor).position_m
        return settings.Camera(
            x_m=x_m,
            z_m=z_m,
            pitch_rad=sensor.pose.pitch_rad,
            width_px=camera.width_px,
            height_px=camera.height_px,
            fov_rad=camera.fov_rad,
            rate_hz=sensor.rate_hz,
            range_min_m=camera.depth_near_m or camera.near_m,
            range_max_m=camera.depth_far_m or camera.far_m,
        )

    def gyro(self) -> Placement:
        """Return where the gyro is on the robot: its IMU, or its middle where there is none."""
        found = self._sensors(Imu)
        return self._mounted(found[0][0]) if found else placement(Pose())

    def bumper(self) -> str:
        """Return the collision of the base that feels touches: the one its contact sensor names, or the first."""
        found = [contact.collision for _, contact in self._sensors(Contact)]
        names = [collision.name for collision in self.drive.base.collisions]
        wanted = next(iter((*found, *names)), "a collision")
        if wanted not in names:
            raise SdfError(f"model {self.robot.name!r}: its bumper feels {wanted!r}, its base has {names or 'none'}")
        return wanted

    def _needed(self, kind: type[Detail]) -> tuple[Sensor, Detail]:
        found = self._sensors(kind)
        if not found:
            raise SdfError(
                f"model {self.robot.name!r}: its link {self.drive.base.name!r} has no {kind.__name__} sensor"
            )
        return found[0]

    def _sensors(self, kind: type[Detail]) -> list[tuple[Sensor, Detail]]:
        sensors = self.drive.base.sensors
        return [(sensor, sensor.detail) for sensor in sensors if isinstance(sensor.detail, kind)]

    def _mounted(self, sensor: Sensor) -> Placement:
        return placement(self.drive.base.pose) @ placement(sensor.pose)
