"""The safety chain in lockstep: laser, guard, bridge and firmware, timed from a body in the way to wheels at zero."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import BaseReport
from aisle_navigation.collision_guard.guard import Contacts, Guard
from benchmarks.rows import BenchmarkProblem
from benchmarks.stop_hall import START, hall, place_before
from sim.base.firmware_hardware import LockstepFirmware, MotorOutputs
from sim.scoring import moment_of
from sim.sensors.faults import SensorFaults
from sim.world import STEP_S, World

STAGES = ("scan", "guard", "limiter", "firmware", "crawling", "standing")
SPEED_MPS, CRAWL_MPS = 1.0, 0.1
GUARD_STEPS, BRIDGE_STEPS = round(0.05 / STEP_S), round(0.02 / STEP_S)
_SCAN_STEPS = round(0.1 / STEP_S)
_WISH = Twist2(SPEED_MPS, 0.0)
_AT_SPEED, _SLOWER, _STANDING_MPS, _STANDS_S = 0.97, 0.999, 0.01, 0.3
_LIMIT_S = 6.0
_SESSION = 1


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop, by stage: seconds and metres since the body stood there, in the order of STAGES."""

    after_s: tuple[float, ...]
    way_m: tuple[float, ...]
    gap_m: float
    touched: bool = False

    @property
    def took_s(self) -> tuple[float, ...]:
        """How long each stage took after the one before."""
        return tuple(after - before for before, after in pairwise((0.0, *self.after_s)))

    @property
    def drove_m(self) -> tuple[float, ...]:
        """How far the robot drove in each stage."""
        return tuple(after - before for before, after in pairwise((0.0, *self.way_m)))

    @property
    def way_from_detection_m(self) -> float:
        """How far it drove after the scan that first shows the body."""
        return self.way_m[-1] - self.way_m[0]

    @property
    def left_m(self) -> float:
        """What was left of the gap."""
        return self.gap_m - self.way_m[-1]


@dataclass(frozen=True, slots=True)
class Phases:
    """At which step of its own period each part is due."""

    guard: int
    bridge: int

    @staticmethod
    def drawn(rng: np.random.Generator) -> Phases:
        return Phases(int(rng.integers(GUARD_STEPS)), int(rng.integers(BRIDGE_STEPS)))


class Watch:
    """Notes when each stage is reached first; a stage counts only after the one before."""

    def __init__(self, began_s: float, began_m: float, gap_m: float) -> None:
        self._began_s, self._began_m, self._gap_m = began_s, began_m, gap_m
        self._reached: list[tuple[float, float]] = []
        self.touched = False

    def note_scan(self, stamp_s: float, where_m: float) -> None:
        """Note a scan that arrived, if the body stood there when it was swept."""
        if stamp_s > self._began_s:
            self.note("scan", stamp_s, where_m)

    def note(self, stage: str, when_s: float, where_m: float) -> None:
        """Note that a stage is reached, if it is the next one."""
        if STAGES.index(stage) == len(self._reached):
            self._reached.append((when_s - self._began_s, where_m - self._began_m))

    def moves_again(self) -> None:
        """Take back that the robot stands."""
        del self._reached[len(STAGES) - 1 :]

    def stands_since_s(self, now_s: float) -> float:
        """Return for how long the robot has been standing."""
        return now_s - self._began_s - self._reached[-1][0] if len(self._reached) == len(STAGES) else 0.0

    @property
    def stop(self) -> Stop:
        after_s, way_m = zip(*self._reached, strict=True)
        return Stop(after_s, way_m, self._gap_m, self.touched)


class Chain:
    """One robot in the hall, with everything of an ordinary day that its sensors get wrong."""

    def __init__(self, robot: RobotModel, library: Path, faults: SensorFaults, seed: int) -> None:
        self._robot = robot
        self._world = World(hall(), robot, 0, seed, faults=faults)
        self._firmware = LockstepFirmware(library, robot)
        self._outputs = MotorOutputs(0.0, 0.0, brake=True)
        self._guard, self._bridge = Guard(robot), Bridge(robot)
        self._bridge.connect(_SESSION)
        self._bridge.request_arm()
        self._decided = Twist2()
        self._steps = 0
        self._phases = Phases(0, 0)
        self._watch: Watch | None = None

    def stop(self, gap_m: float, aside_m: float, rng: np.random.Generator) -> Stop:
        """Drive at full speed until a body stands so far ahead, at a random moment; return how the robot stops.

        Raises BenchmarkProblem when it does not come to its speed, or to rest.
        """
        self._drive_up(rng)
        before = place_before(gap_m, aside_m, self._robot.base.radius_m)
        self._world.place_robot(before)
        watch = self._watch = Watch(self._world.now_s, before.x_m, gap_m)
        ends_s = self._world.now_s + _LIMIT_S
        while watch.stands_since_s(self._world.now_s) < _STANDS_S and not watch.touched:
            self._step()
            self._demand(self._world.now_s < ends_s, "stand")
        self._watch = None
        return watch.stop

    def _drive_up(self, rng: np.random.Generator) -> None:
        self._world.place_robot(START)
        self._phases = Phases.drawn(rng)
        ends_s = self._world.now_s + _LIMIT_S
        while moment_of(self._world).speed_mps < _AT_SPEED * SPEED_MPS:
            self._step()
            self._demand(self._world.now_s < ends_s, "drive at full speed")
        for _ in range(_SCAN_STEPS + int(rng.integers(_SCAN_STEPS))):
            self._step()

    def _demand(self, is_fine: bool, what: str) -> None:
        if not is_fine:
            why = self._bridge.complaint or "the guard let it go on or held it back"
            raise BenchmarkProblem(f"the robot does not {what} within {_LIMIT_S:.0f} s: {why}")

    def _step(self) -> None:
        """Advance world and firmware by one step, and whatever else is due."""
        world = self._world
        inputs = world.wheel_inputs()
        self._outputs = self._firmware.step(world.now_s, inputs)
        world.apply(self._outputs)
        world.step()
        self._steps += 1
        if self._steps % BRIDGE_STEPS == self._phases.bridge:
            self._exchange()
        self._see()
        if self._steps % GUARD_STEPS == self._phases.guard:
            self._guard.command(_WISH, world.now_s)
            self._decided = self._guard.step(world.now_s).twist
        if self._watch is not None:
            self._watch.touched |= inputs.bumpers != 0
            self._observe(self._watch)

    def _exchange(self) -> None:
        now_s = self._world.now_s
        for event in self._bridge.receive(self._firmware.read(), now_s):
            if isinstance(event, BaseReport):
                self._guard.feel(Contacts(bool(event.status.bumpers), event.status.emergency_stop))
        self._firmware.write(self._bridge.step(now_s, self._decided))

    def _see(self) -> None:
        where_m = moment_of(self._world).x_m
        for scan in self._world.scans():
            self._guard.see(scan)
            if self._watch is not None:
                # The way since the sweep is driven at full speed: nothing has acted on it before it arrived.
                self._watch.note_scan(scan.stamp_s, where_m - SPEED_MPS * (self._world.now_s - scan.stamp_s))

    def _observe(self, watch: Watch) -> None:
        moment = moment_of(self._world)
        now_s, x_m, speed_mps = moment.now_s, moment.x_m, moment.speed_mps
        slower_mps = _SLOWER * SPEED_MPS
        if self._decided.linear_mps < slower_mps:
            watch.note("guard", now_s, x_m)
        if self._bridge.sent.sent.linear_mps < slower_mps:
            watch.note("limiter", now_s, x_m)
        set_mps = 0.5 * (self._outputs.left_radps + self._outputs.right_radps) * self._robot.wheels.radius_m
        if set_mps < slower_mps:
            watch.note("firmware", now_s, x_m)
        if speed_mps < CRAWL_MPS:
            watch.note("crawling", now_s, x_m)
        if abs(speed_mps) < _STANDING_MPS:
            watch.note("standing", now_s, x_m)
        else:
            watch.moves_again()
