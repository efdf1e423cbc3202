"""The robot's base in the physics: wheels that take set points, encoders, gyro and the bumper ring."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import numpy.typing as npt

from aisle.geometry import Pose2, Twist2
from aisle.robot_model import Wheels
from sim.base.faults import BaseFaults, GyroFaults, WheelFaults
from sim.base.firmware_hardware import MotorOutputs


class Chassis:
    """The base that `mjcf_robot.add_robot` put into a model, read and driven through MuJoCo's arrays."""

    def __init__(
        self, model: mujoco.MjModel, data: mujoco.MjData, wheels: Wheels, faults: BaseFaults, seed: int
    ) -> None:
        self._data = data
        self._wheels = WheelFaults(faults, wheels.radius_m, wheels.ticks_per_turn, seed)
        self._gyro = GyroFaults(faults, float(model.opt.timestep), seed)
        self._body = model.geom("body").id
        self._wheel_angles = [int(model.joint(name).qposadr[0]) for name in ("left", "right")]
        self._gyro_z = int(model.sensor("gyro").adr[0]) + 2
        self._touch = int(model.sensor("bumper").adr[0])

    def reset_wheels(self) -> None:
        """Count the encoders from zero."""
        self._data.qpos[self._wheel_angles] = 0.0

    def apply(self, outputs: MotorOutputs) -> None:
        """Take the wheel drives' set points; braking is holding zero speed with all the torque there is."""
        wanted = (0.0, 0.0) if outputs.brake else (outputs.left_radps, outputs.right_radps)
        self._data.ctrl[0], self._data.ctrl[1] = wanted

    def pose(self) -> Pose2:
        """Return where the base really is, in the map frame."""
        x, y, _, w, qx, qy, qz = self._data.qpos[:7].tolist()
        return Pose2(x, y, math.atan2(2.0 * (w * qz + qx * qy), 1.0 - 2.0 * (qy * qy + qz * qz)))

    def place(self, pose: Pose2) -> None:
        """Put the base elsewhere, in the map frame; its wheels and its speed over ground stay as they are."""
        turned = Pose2(0.0, 0.0, pose.yaw_rad - self.pose().yaw_rad)
        vx, vy = self.velocity()
        self._data.qpos[:2] = pose.x_m, pose.y_m
        self._data.qpos[3:7] = math.cos(0.5 * pose.yaw_rad), 0.0, 0.0, math.sin(0.5 * pose.yaw_rad)
        self._data.qvel[:2] = turned.transform(np.array([[vx, vy]]))[0]

    def twist(self) -> Twist2:
        """Return how it really moves, in its own frame."""
        vx, vy, _, _, _, turn = self._data.qvel[:6].tolist()
        yaw_rad = self.pose().yaw_rad
        return Twist2(vx * math.cos(yaw_rad) + vy * math.sin(yaw_rad), turn)

    def velocity(self) -> tuple[float, float]:
        """Return how it really moves, in the map frame."""
        return float(self._data.qvel[0]), float(self._data.qvel[1])

    def ticks(self) -> tuple[int, int]:
        """Return the encoder counts, left and right. Call it once a step."""
        left, right = (float(self._data.qpos[address]) for address in self._wheel_angles)
        return self._wheels.counted((left, right))

    def yaw_rate_radps(self) -> float:
        """Return what the gyro reads about the upright axis. Call it once a step."""
        return self._gyro.read(float(self._data.sensordata[self._gyro_z]))

    def bumpers(self) -> int:
        """Return the pressed quarters of the bumper ring: bits front left, front right, rear left, rear right."""
        if self._data.sensordata[self._touch] <= 0.0:
            return 0
        pressed, contacts, pose = 0, self._data.contact, self.pose()
        touching: npt.NDArray[np.bool_] = (contacts.geom == self._body).any(axis=1)
        for x, y, _ in contacts.pos[touching]:
            pressed |= _bumper_bits(pose.bearing_to(float(x), float(y)))
        return pressed


def _bumper_bits(angle_rad: float) -> int:
    """Return the switches that a push from that direction closes; one near a seam closes both."""
    centres = (math.pi / 4, -math.pi / 4, 3 * math.pi / 4, -3 * math.pi / 4)
    reach_rad = math.radians(50.0)
    return sum(
        1 << bit for bit, centre in enumerate(centres) if abs(math.remainder(angle_rad - centre, math.tau)) < reach_rad
    )
