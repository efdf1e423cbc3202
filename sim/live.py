"""The live loop: world and firmware in step, paced by the wall clock; transports are handed in."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Protocol

from aisle.messages.visit import ScreenState
from aisle.sensing import LaserScan
from sim.base.firmware_hardware import MotorOutputs, WheelInputs
from sim.people.hand import Visitor
from sim.scenario import Script
from sim.scoring import Recording
from sim.sensors.camera import CameraFrame
from sim.world import STEP_S, World

logger = logging.getLogger(__name__)

CLOCK_PERIOD_STEPS = round(0.02 / STEP_S)
_LARGEST_LAG_S = 0.1


class Firmware(Protocol):
    """What drives the wheels: LockstepFirmware or a HardwareLink to a process."""

    def step(self, now_s: float, inputs: WheelInputs) -> MotorOutputs: ...


class Sensors(Protocol):
    """Where the world's clock, laser and camera go."""

    def clock(self, now_s: float) -> None: ...

    def scan(self, scan: LaserScan) -> None: ...

    def frame(self, frame: CameraFrame) -> None: ...


class Pacer:
    """Holds simulated time back to `speed` times the wall clock.

    When the simulation cannot keep up, the lag beyond a tenth of a second is forgotten, so that it does not
    race afterwards.
    """

    def __init__(self, speed: float, wall_s: Callable[[], float], sleep: Callable[[float], None]) -> None:
        if speed <= 0.0:
            raise ValueError(f"the speed factor must be above 0, is {speed}")
        self._speed, self._wall_s, self._sleep = speed, wall_s, sleep
        self._zero_wall_s: float | None = None

    def wait(self, now_s: float) -> None:
        """Sleep until the wall clock has reached that simulated time."""
        wall_s = self._wall_s()
        due_s = now_s / self._speed
        if self._zero_wall_s is None:
            self._zero_wall_s = wall_s - due_s
        ahead_s = self._zero_wall_s + due_s - wall_s
        if ahead_s > 0.0:
            self._sleep(ahead_s)
        elif ahead_s < -_LARGEST_LAG_S:
            self._zero_wall_s = wall_s - due_s


def wall_pacer(speed: float) -> Pacer:
    """Return a pacer on this machine's clock."""
    return Pacer(speed, time.monotonic, time.sleep)


def exchange(world: World, firmware: Firmware) -> None:
    """Let the firmware see the wheels and move them, then advance the world by one step."""
    world.apply(firmware.step(world.now_s, world.wheel_inputs()))
    world.step()


def run(
    world: World,
    firmware: Firmware,
    sensors: Sensors,
    screen: Callable[[], ScreenState | None],
    visitor: Visitor | None,
    recording: Recording,
    pacer: Pacer,
    is_stopping: Callable[[], bool],
    script: Script,
) -> None:
    """Run until told to stop: publish the clock every 20 ms, laser and camera at their own rates."""
    while not is_stopping():
        for happening in script.step(world):
            recording.mark(happening, world.now_s)
        for _ in range(CLOCK_PERIOD_STEPS):
            exchange(world, firmware)
            recording.observe(world)
            for scan in world.scans():
                sensors.scan(scan)
            for frame in world.frames():
                sensors.frame(frame)
        sensors.clock(world.now_s)
        _show_screen(world, screen, visitor, recording)
        pacer.wait(world.now_s)


def _show_screen(
    world: World, screen: Callable[[], ScreenState | None], visitor: Visitor | None, recording: Recording
) -> None:
    state = screen()
    if state is not None and visitor is not None:
        visitor.look(world, state, recording)
