"""The simulated world: physics, sensors and people of one store, advanced in fixed steps.

Deterministic: the same layout, robot, seed and motor outputs give the same bytes (see `World.fingerprint`).
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from aisle.geometry import Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_firmware_bridge.messages import Contacts
from sim.base.battery import Battery
from sim.base.chassis import Chassis
from sim.base.firmware_hardware import MotorOutputs, WheelInputs
from sim.people.bodies import PeopleBodies, add_people
from sim.people.crowd import Disc, Walker
from sim.people.customer import Customer
from sim.people.figures import Figure
from sim.people.population import PERIOD_S, Population
from sim.people.proposals import walkable_area
from sim.people.roster import Roster
from sim.people.second_shopper import SecondShopper
from sim.people.settings import PeopleSettings
from sim.people.stage import Stage
from sim.scene import mjcf
from sim.scene.decoration import decorate
from sim.scene.layout import Layout
from sim.scene.scene import Scene
from sim.scene.surfaces import geom_surfaces
from sim.scene.world_files import scene_of, world_texts
from sim.sensors.camera import CameraFrame, Resolution
from sim.sensors.camera_rig import CameraRig
from sim.sensors.faults import SensorFaults
from sim.sensors.laser import LaserSensor
from sim.sensors.messages import Line

STEP_S = mjcf.STEP_S
PERFECT_SENSORS = SensorFaults()
_STEPS_PER_CROWD_STEP = round(PERIOD_S / STEP_S)
_ROBOT_START_GAP_M = 1.5
_CUSTOMER_RADIUS_M, _CUSTOMER_SPEED_MPS = 0.22, 1.2
_SETTLE_STEPS = 60
_AT_DOCK_M = 0.35
_SECOND_APART_M = 1.0
CUSTOMER, SECOND_SHOPPER, CARGO_IDS = 0, 999, 1000
USUAL_PEOPLE = PeopleSettings()


@dataclass(frozen=True, slots=True)
class TruePerson:
    """A disc of the floor that somebody really takes up, in the map frame; person 0 is the scripted customer.

    What people push makes further discs: that of disc k of person n is `n + k * CARGO_IDS`.
    """

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
        faults: SensorFaults = PERFECT_SENSORS,
        scene: Scene | None = None,
        people: PeopleSettings = USUAL_PEOPLE,
        camera: Resolution | None = None,
    ) -> None:
        start = start or layout.home
        scene = scene or scene_of(world_texts(layout, robot, start))
        self._robot, self._layout = robot, layout
        self.customer = _customer(layout, robot, people) if with_customer else None
        self.second_shopper = _second_shopper(layout, robot, people, self.customer)
        self._people = self._population(start, shoppers, seed, people)
        self._spec = mjcf.world_spec(scene)
        add_people(self._spec, self._people.walkers)
        self.model: mujoco.MjModel = self._spec.compile()
        self.data = mujoco.MjData(self.model)
        self.emergency_stop_pressed = False
        self._laser = LaserSensor(scene.laser(), faults.laser, geom_surfaces(self.model, layout.surfaces), seed)
        self._chassis = Chassis(self.model, self.data, robot.wheels, faults.base, seed)
        self._bodies = PeopleBodies(self.data, self._people)
        self._battery = Battery(robot.battery)
        self._scan_line: Line[LaserScan] = Line(faults.scan_line, seed)
        self.laser_is_plugged = True
        self._steps = 0
        self._scan_period_steps = round(1.0 / (robot.laser.rate_hz * STEP_S))
        self._camera = CameraRig(scene.camera(), camera, faults.camera, seed) if camera is not None else None
        self._settle()

    @property
    def now_s(self) -> float:
        """Return the simulated time in seconds."""
        return self._steps * STEP_S

    @property
    def battery_fraction(self) -> float:
        """Return the share of the battery that is left, 0 to 1."""
        return self._battery.fraction

    def step(self) -> None:
        """Advance by `STEP_S` with the motor outputs applied last."""
        phase = self._steps % _STEPS_PER_CROWD_STEP
        if phase == 0:
            self._step_people()
            self._step_battery()
        self._bodies.place((phase + 1) / _STEPS_PER_CROWD_STEP)
        mujoco.mj_step(self.model, self.data)
        self._steps += 1

    def _step_battery(self) -> None:
        self._battery.drain(abs(self._chassis.twist().linear_mps) / self._robot.limits.speed_mps, PERIOD_S)
        if self._is_docked:
            self._battery.charge(PERIOD_S)

    @property
    def _is_docked(self) -> bool:
        dock = self._layout.dock
        return dock is not None and self._chassis.pose().distance_to(dock) < _AT_DOCK_M

    def run_battery_down(self, fraction: float) -> None:
        """Leave at most that fraction of the battery's energy."""
        self._battery.run_down(fraction)

    def apply(self, outputs: MotorOutputs) -> None:
        """Take the wheel drives' set points; braking is holding zero speed with all the torque there is."""
        self._chassis.apply(outputs)

    def place_robot(self, pose_map: Pose2) -> None:
        """Kidnap the robot: put it elsewhere, without its wheels turning. Nobody may stand there."""
        self._chassis.place(pose_map)
        mujoco.mj_forward(self.model, self.data)

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
            contacts=int(Contacts.CHARGER) if self._is_docked else 0,
            battery_ma=self._battery.current_ma,
            charging=int(self._battery.is_charging),
        )

    def scans(self) -> list[LaserScan]:
        """Return the sweeps that reach the robot's computer at this step, mostly none. Call it once a step."""
        if self._steps % self._scan_period_steps == 0 and self.laser_is_plugged:
            self._scan_line.send(self.scan(), self.now_s)
        return self._scan_line.due(self.now_s)

    def scan(self) -> LaserScan:
        """Sweep the laser from where the robot is now."""
        return self._laser.scan(self.model, self.data, self._chassis.pose(), self.now_s)

    def frames(self) -> list[CameraFrame]:
        """Return the images that reach the robot's computer at this step, mostly none. Call it once a step.

        There are none without a camera. Raises CameraProblem where nothing can be rendered.
        """
        if self._camera is None:
            return []
        if self._steps % self._camera.period_steps == 0:
            self._camera.take(self.stage, self.data, self._chassis.pose(), self._chassis.twist(), self.now_s)
        return self._camera.arrived(self.now_s)

    @functools.cached_property
    def stage(self) -> Stage:
        """The world as cameras see it; made when first asked for, and up to date after `stage.follow(world.data)`."""
        return Stage(self._spec, self._people, lambda spec: decorate(spec, self._layout))

    def close(self) -> None:
        """Free what the camera holds of the graphics card."""
        if self._camera is not None:
            self._camera.close()

    def truth(self) -> GroundTruth:
        """Return what really is the case. Only scoring may ask."""
        positions = self._people.positions(self._crowd_fraction())
        velocities = self._people.velocities()
        people = tuple(
            entry
            for walker, place, velocity in zip(
                self._people.walkers, positions.tolist(), velocities.tolist(), strict=True
            )
            for entry in _true_discs(walker, place, velocity)
        )
        return GroundTruth(self.now_s, self._chassis.pose(), self._chassis.twist(), people)

    def fingerprint(self) -> str:
        """Return a hash over the whole physical state and everybody's place, for comparing runs bit for bit."""
        digest = hashlib.sha256(np.float64(self.now_s).tobytes())
        for part in (self.data.qpos, self.data.qvel, self.data.mocap_pos, self.data.mocap_quat):
            digest.update(part.tobytes())
        return digest.hexdigest()

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

    def _population(self, start: Pose2, count: int, seed: int, people: PeopleSettings) -> Population:
        layout, robot = self._layout, self._robot
        quick = [role for role in (self.second_shopper, self.customer) if role is not None]
        keep_free = [Disc(start.x_m, start.y_m, robot.base.radius_m + _ROBOT_START_GAP_M)]
        keep_free += [Disc(role.walker.x_m, role.walker.y_m, role.walker.radius_m) for role in quick]
        roles = Roster(people, layout, keep_free, robot.screen.yaw_rad, seed).draw(count)
        area = walkable_area(layout.size_m, layout.solids, (layout.home.x_m, layout.home.y_m))
        return Population(roles, quick, area, layout.floor, people.robot.contact_possible)

    def _step_people(self) -> None:
        pose, (vx_mps, vy_mps) = self._chassis.pose(), self._chassis.velocity()
        disc = Disc(pose.x_m, pose.y_m, self._robot.base.radius_m, vx_mps, vy_mps)
        self._people.step(self.now_s, pose, disc)
        self._bodies.prepare()


def _customer(layout: Layout, robot: RobotModel, people: PeopleSettings) -> Customer:
    x_m, y_m = layout.floor.nearest_walkable(*layout.entrance)
    walker = Walker(CUSTOMER, x_m, y_m, _CUSTOMER_RADIUS_M, _CUSTOMER_SPEED_MPS)
    screen_yaw_rad = robot.screen.yaw_rad
    return Customer(walker, (x_m, y_m), robot.base.radius_m, screen_yaw_rad, layout.floor, people.customer)


def _second_shopper(
    layout: Layout, robot: RobotModel, people: PeopleSettings, first: Customer | None
) -> SecondShopper | None:
    if people.second_shopper is None or first is None:
        return None
    x_m, y_m = layout.floor.nearest_walkable(first.walker.x_m + _SECOND_APART_M, first.walker.y_m)
    walker = Walker(SECOND_SHOPPER, x_m, y_m, _CUSTOMER_RADIUS_M, _CUSTOMER_SPEED_MPS, figure=Figure.WOMAN)
    screen_yaw_rad = robot.screen.yaw_rad
    return SecondShopper(walker, first, people.second_shopper, robot.base.radius_m, screen_yaw_rad, layout.floor)


def _true_discs(walker: Walker, place: Sequence[float], velocity: Sequence[float]) -> Iterator[TruePerson]:
    """Yield the discs of a body and of what it pushes, the body at that place of the present step."""
    (x_m, y_m), (vx_mps, vy_mps) = place, velocity
    for number, ((disc_x, disc_y), radius_m) in enumerate(walker.discs):
        shifted_x, shifted_y = disc_x - walker.x_m + x_m, disc_y - walker.y_m + y_m
        yield TruePerson(walker.person_id + number * CARGO_IDS, shifted_x, shifted_y, vx_mps, vy_mps, radius_m)
