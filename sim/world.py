"""The simulated world: physics, sensors and people of one store, advanced in fixed steps.

Deterministic: the same layout, robot, seed and motor outputs give the same bytes (see `World.fingerprint`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import mujoco
import numpy as np

from aisle.geometry import Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from sim.base.battery import Battery
from sim.base.chassis import Chassis
from sim.base.firmware_hardware import MotorOutputs, WheelInputs
from sim.people.bodies import PeopleBodies, add_people
from sim.people.crowd import Disc, Walker
from sim.people.customer import Customer
from sim.people.population import PERIOD_S, Population
from sim.people.shoppers import Shoppers
from sim.scene import mjcf
from sim.scene.layout import Layout
from sim.sensors.laser import LaserSensor

STEP_S = mjcf.STEP_S
_STEPS_PER_CROWD_STEP = round(PERIOD_S / STEP_S)
_ROBOT_START_GAP_M = 1.5
_CUSTOMER_RADIUS_M, _CUSTOMER_SPEED_MPS = 0.22, 1.2
_SETTLE_STEPS = 60


@dataclass(frozen=True, slots=True)
class TruePerson:
    """Where a person really is, in the map frame; person 0 is the scripted customer."""

    person_id: int
    x_m: float
    y_m: float
    vx_mps: float
    vy_mps: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """What really is the case: for scoring only. Poses in the map frame, the twist in the robot's."""

    now_s: float
    robot: Pose2
    twist: Twist2
    people: tuple[TruePerson, ...]


class World:
    """One store with a robot and people. It starts at time 0 with everybody standing."""

    def __init__(
        self,
        layout: Layout,
        robot: RobotModel,
        shoppers: int,
        seed: int,
        *,
        start: Pose2 | None = None,
        with_customer: bool = False,
    ) -> None:
        start = start or layout.home
        self._robot = robot
        self.customer = _customer(layout, robot) if with_customer else None
        self._people = _people(layout, robot, start, shoppers, seed, self.customer)
        self._spec = mjcf.store_spec(layout.size_m, layout.solids, robot, start)
        add_people(self._spec, self._people.radii_m)
        self.model: mujoco.MjModel = self._spec.compile()
        self.data = mujoco.MjData(self.model)
        self.emergency_stop_pressed = False
        self._laser = LaserSensor(robot.laser, seed)
        self._chassis = Chassis(self.model, self.data, robot, seed)
        self._bodies = PeopleBodies(self.data, self._people)
        self._battery = Battery(robot.battery)
        self._steps = 0
        self._scan_period_steps = round(1.0 / (robot.laser.rate_hz * STEP_S))
        self._settle()

    @property
    def now_s(self) -> float:
        """Return the simulated time in seconds."""
        return self._steps * STEP_S

    @property
    def scan_is_due(self) -> bool:
        """Tell whether the laser completes a sweep at this step."""
        return self._steps % self._scan_period_steps == 0

    @property
    def battery_fraction(self) -> float:
        """Return the share of the battery that is left, 0 to 1."""
        return self._battery.fraction

    def step(self) -> None:
        """Advance by `STEP_S` with the motor outputs applied last."""
        phase = self._steps % _STEPS_PER_CROWD_STEP
        if phase == 0:
            self._step_people()
            self._battery.drain(abs(self._chassis.twist().linear_mps) / self._robot.limits.speed_mps, PERIOD_S)
        self._bodies.place((phase + 1) / _STEPS_PER_CROWD_STEP)
        mujoco.mj_step(self.model, self.data)
        self._steps += 1

    def apply(self, outputs: MotorOutputs) -> None:
        """Take the wheel drives' set points; braking is holding zero speed with all the torque there is."""
        self._chassis.apply(outputs)

    def wheel_inputs(self) -> WheelInputs:
        """Return what the base's own sensors say now, for the firmware."""
        left, right = self._chassis.ticks()
        return WheelInputs(
            ticks_left=left,
            ticks_right=right,
            yaw_rate_radps=self._chassis.yaw_rate_radps(),
            battery_mv=self._battery.voltage_mv,
            battery_percent=self._battery.percent,
            bumpers=self._chassis.bumpers(),
            emergency_stop=self.emergency_stop_pressed,
        )

    def scan(self) -> LaserScan:
        """Sweep the laser from where the robot is now."""
        return self._laser.scan(self.model, self.data, self._chassis.pose(), self.now_s)

    def truth(self) -> GroundTruth:
        """Return what really is the case. Only scoring may ask."""
        positions = self._people.positions(self._crowd_fraction())
        velocities = self._people.velocities()
        people = tuple(
            TruePerson(walker.person_id, float(x), float(y), float(vx), float(vy), walker.radius_m)
            for walker, (x, y), (vx, vy) in zip(self._people.walkers, positions, velocities, strict=True)
        )
        return GroundTruth(self.now_s, self._chassis.pose(), self._chassis.twist(), people)

    def fingerprint(self) -> str:
        """Return a hash over the whole physical state and everybody's place, for comparing runs bit for bit."""
        digest = hashlib.sha256(np.float64(self.now_s).tobytes())
        for part in (self.data.qpos, self.data.qvel, self.data.mocap_pos, self.data.mocap_quat):
            digest.update(part.tobytes())
        return digest.hexdigest()

    def scene(self, decorate: Callable[[mujoco.MjSpec], None]) -> tuple[mujoco.MjModel, mujoco.MjData]:
        """Return a copy of the world as it stands, decorated for a picture; it is not meant to be stepped."""
        spec = self._spec.copy()
        decorate(spec)
        model = spec.compile()
        data = mujoco.MjData(model)
        data.qpos[:] = self.data.qpos
        data.mocap_pos[:], data.mocap_quat[:] = self.data.mocap_pos, self.data.mocap_quat
        mujoco.mj_forward(model, data)
        return model, data

    def _settle(self) -> None:
        """Let the robot sink onto its wheels before time starts."""
        self._bodies.prepare()
        self._bodies.place(0.0)
        for _ in range(_SETTLE_STEPS):
            mujoco.mj_step(self.model, self.data)
        self.data.time = 0.0
        self._chassis.reset_wheels()
        mujoco.mj_forward(self.model, self.data)

    def _crowd_fraction(self) -> float:
        return ((self._steps - 1) % _STEPS_PER_CROWD_STEP + 1) / _STEPS_PER_CROWD_STEP if self._steps else 0.0

    def _step_people(self) -> None:
        pose, (vx_mps, vy_mps) = self._chassis.pose(), self._chassis.velocity()
        disc = Disc(pose.x_m, pose.y_m, self._robot.base.radius_m, vx_mps, vy_mps)
        self._people.step(self.now_s, pose, disc)
        self._bodies.prepare()


def _customer(layout: Layout, robot: RobotModel) -> Customer:
    x_m, y_m = layout.floor.nearest_walkable(*layout.entrance)
    walker = Walker(0, x_m, y_m, _CUSTOMER_RADIUS_M, _CUSTOMER_SPEED_MPS)
    return Customer(walker, (x_m, y_m), robot.base.radius_m, robot.screen.yaw_rad, layout.floor)


def _people(
    layout: Layout, robot: RobotModel, start: Pose2, count: int, seed: int, customer: Customer | None
) -> Population:
    keep_free = [Disc(start.x_m, start.y_m, robot.base.radius_m + _ROBOT_START_GAP_M)]
    if customer is not None:
        keep_free.append(Disc(customer.walker.x_m, customer.walker.y_m, customer.walker.radius_m))
    return Population(Shoppers(count, list(layout.spots), layout.floor, keep_free, seed), customer, layout.floor)
