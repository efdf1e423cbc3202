"""A square driven in the simulator by the production bridge and firmware, for measuring dead reckoning.

Where the robot really was comes from scoring's recording. Nothing that drives or reckons sees it; a calibration sees it
as somebody with a tape would, at the corners and with the errors of a tape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import Odometry
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import BaseReport
from aisle_firmware_bridge.legs import Leg, Mark, MeasuredBy, legs_between
from aisle_firmware_bridge.odometry import DeadReckoning, WheelReading
from aisle_firmware_bridge.square import SquareDrive, SquareSettings, Stage
from sim.base.faults import BaseFaults
from sim.base.firmware_hardware import LockstepFirmware
from sim.live import exchange
from sim.scene.floor import Floor
from sim.scene.layout import Layout
from sim.scoring import Recording
from sim.sensors.faults import SensorFaults
from sim.world import STEP_S, World

_BRIDGE_STEPS = round(0.02 / STEP_S)
_MARGIN_M, _FLOOR_M, _LIMIT_S = 2.5, 0.05, 600.0
_SESSION = 1


@dataclass(frozen=True, slots=True)
class Driven:
    """A square as the base counted it, and where the robot really stood at each stop, in the map frame."""

    readings: tuple[WheelReading, ...]
    stops: tuple[Mark, ...]
    way_m: float

    def measured(self, by: MeasuredBy, seed: int) -> tuple[Mark, ...]:
        """Return the stops as somebody measures them."""
        rng = np.random.default_rng((seed, 0x7A9E))
        return tuple(replace(stop, pose=_measured(stop.pose, by, rng)) for stop in self.stops)

    def without_gyro(self) -> Driven:
        """Return the same drive with a gyro that reads nothing."""
        return replace(self, readings=tuple(replace(reading, yaw_rate_radps=math.nan) for reading in self.readings))


@dataclass(frozen=True, slots=True)
class Miss:
    """How far dead reckoning was from the truth at a stop, seen from the true start; `nees` is 3 in the mean if the
    covariance is true."""

    place_m: float
    yaw_rad: float
    nees: float


def drive_square(robot: RobotModel, square: SquareSettings, faults: BaseFaults, library: Path, seed: int) -> Driven:
    """Drive in an empty hall. Raises RuntimeError when the robot does not come to the end."""
    world = World(_hall(square), robot, 0, seed, faults=SensorFaults(base=faults))
    run = _Run(world, LockstepFirmware(library, robot), robot, SquareDrive(square))
    while run.drive.stage is not Stage.DONE:
        run.step()
        if world.now_s > _LIMIT_S:
            raise RuntimeError(f"the square was not driven in {_LIMIT_S:.0f} s: {run.bridge.complaint}")
    moments = run.recording.moments
    way_m = sum(a.robot.distance_to(b.robot) for a, b in pairwise(moments))
    return Driven(tuple(run.readings), tuple(run.stops), way_m)


def misses(driven: Driven, robot: RobotModel) -> list[Miss]:
    """Reckon a drive anew with a robot's constants; return how far every stop but the first is from the truth."""
    reckoning = DeadReckoning(robot)
    stops = {stop.clock_us: stop.pose for stop in driven.stops[1:]}
    from_start = driven.stops[0].pose.inverse()
    found = []
    for reading in driven.readings:
        odometry = reckoning.update(reading)
        if reading.clock_us in stops:
            found.append(_miss(odometry, from_start @ stops[reading.clock_us]))
    return found


def _miss(odometry: Odometry, really: Pose2) -> Miss:
    believed, spread = odometry.odom_from_base, odometry.spread
    yaw_rad = math.remainder(really.yaw_rad - believed.yaw_rad, math.tau)
    off = np.array([really.x_m - believed.x_m, really.y_m - believed.y_m, yaw_rad])
    nees = float(off @ np.linalg.solve(np.array(spread.pose), off)) if spread else math.nan
    return Miss(believed.distance_to(really), abs(yaw_rad), nees)


def legs_of(drives: Sequence[Driven], by: MeasuredBy, seed: int) -> list[Leg]:
    """Return the sides and corners of drives, measured with a tape."""
    return [
        leg
        for number, driven in enumerate(drives)
        for leg in legs_between(driven.readings, driven.measured(by, seed + number))
    ]


class _Run:
    """World, firmware, bridge and drive in step."""

    def __init__(self, world: World, firmware: LockstepFirmware, robot: RobotModel, drive: SquareDrive) -> None:
        self.world, self.firmware, self.drive = world, firmware, drive
        self.recording = Recording(robot.base.radius_m)
        self.readings: list[WheelReading] = []
        self.stops: list[Mark] = []
        self.bridge = Bridge(robot)
        self.bridge.connect(_SESSION)
        self.bridge.request_arm()

    def step(self) -> None:
        """Advance by one status of the base."""
        for _ in range(_BRIDGE_STEPS):
            exchange(self.world, self.firmware)
        self.recording.observe(self.world)
        twist = None
        for event in self.bridge.receive(self.firmware.read(), self.world.now_s):
            if isinstance(event, BaseReport):
                twist = self.drive.step(event.odometry)
                self._note(event)
        self.firmware.write(self.bridge.step(self.world.now_s, twist))

    def _note(self, report: BaseReport) -> None:
        status = report.status
        counts = (status.ticks_left, status.ticks_right)
        self.readings.append(WheelReading(status.clock_us, report.odometry.stamp_s, *counts, status.yaw_rate_radps))
        if self.drive.stops > len(self.stops):
            self.stops.append(Mark(status.clock_us, self.recording.moments[-1].robot))


def _measured(pose: Pose2, by: MeasuredBy, rng: np.random.Generator) -> Pose2:
    x_m, y_m, yaw_rad = rng.normal((pose.x_m, pose.y_m, pose.yaw_rad), (by.place_m, by.place_m, by.yaw_rad)).tolist()
    return Pose2(x_m, y_m, yaw_rad)


def _hall(square: SquareSettings) -> Layout:
    """Return a hall without walls in which the square fits, with the robot at its first corner."""
    size_m = square.side_m + 2.0 * _MARGIN_M
    y_m = size_m - _MARGIN_M if square.clockwise else _MARGIN_M
    cells = np.zeros((round(size_m / _FLOOR_M),) * 2, dtype=np.uint8)
    return Layout((size_m, size_m), (), Floor(cells, _FLOOR_M), (), Pose2(_MARGIN_M, y_m, 0.0), (1.0, 1.0))
