"""World, firmware process and host on a real line, stepped by the test."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.driver import BaseDriver
from aisle_firmware_bridge.events import Event
from aisle_firmware_bridge.firmware_build import firmware_command
from aisle_firmware_bridge.link import SerialLink
from aisle_firmware_bridge.protocol import Mode
from aisle_firmware_bridge.wheels import firmware_parameters
from sim.base.firmware_hardware import HardwareLink, MotorOutputs, WheelInputs
from sim.base.ideal_wheels import IdealWheels

AHEAD = Twist2(0.5, 0.0)
STOPPED = MotorOutputs(0.0, 0.0, brake=True)
RESTING = WheelInputs(0, 0, 0.0)
STEP_S = 0.005
STOPS_WITHIN_S = 0.2
_PAUSE = threading.Event()


@dataclass
class Live:
    """World, firmware process and host; a short pause a step lets bytes cross the line.

    Wheels and gyro follow the motors; all other readings are `inputs`.
    """

    hardware: HardwareLink
    start: Callable[[], subprocess.Popen[str]]
    process: subprocess.Popen[str]
    driver: BaseDriver
    bridge: Bridge
    wheels: IdealWheels
    now_s: float = 0.0
    inputs: WheelInputs = RESTING
    outputs: MotorOutputs = STOPPED
    events: list[Event] = field(default_factory=list)

    def step(self) -> None:
        """Advance the world and the firmware by one step."""
        self.now_s = round(self.now_s + STEP_S, 6)
        readings = self.wheels.turn(self.outputs, STEP_S, self.inputs)
        self.outputs = self.hardware.step(self.now_s, readings)

    def run(self, duration_s: float, twist: Twist2 | None = None, *, host: bool = True) -> None:
        """Run for a time; without `host` nobody talks to the firmware."""
        for step in range(round(duration_s / STEP_S)):
            self.step()
            if host and step % 4 == 0:
                _PAUSE.wait(0.001)
                self.events += self.driver.tick(self.now_s, twist)

    def run_until(self, condition: Callable[[], bool], within_s: float, twist: Twist2 | None = None) -> None:
        """Run until something holds; fail when it does not in time."""
        ends_s = self.now_s + within_s
        while not condition():
            assert self.now_s < ends_s, f"nothing happened within {within_s} s; events {self.events[-3:]}"
            self.run(4 * STEP_S, twist)

    def drive(self, twist: Twist2 = AHEAD) -> None:
        """Arm and drive until the wheels turn as they are told to."""
        self.run_until(self.bridge.request_release, 2.0)
        self.run_until(lambda: self.mode() is Mode.DRIVING, 2.0, twist)
        self.run(1.0, twist)
        assert self.outputs != STOPPED

    def until_stopped_s(self, twist: Twist2 | None = None) -> float:
        """Step until the motors are at zero, alone or with a host that commands; return how long the base took."""
        began_s = self.now_s
        while self.outputs != STOPPED:
            self.step()
            if twist is not None and round(self.now_s / STEP_S) % 4 == 0:
                # Long enough on a busy machine: a command that comes late would stop the motors too.
                _PAUSE.wait(0.01)
                self.events += self.driver.tick(self.now_s, twist)
            assert self.now_s - began_s < 5.0, "the motors never stopped"
        return self.now_s - began_s

    def paced(self, condition: Callable[[], bool], within_s: float) -> None:
        """Step world and firmware in real time for a host that is another process, until something holds."""
        began_s, steps = time.monotonic(), 0
        while not condition():
            steps += 1
            self.step()
            assert steps * STEP_S < within_s, f"nothing happened within {within_s} s"
            _PAUSE.wait(max(0.0, began_s + steps * STEP_S - time.monotonic()))

    def mode(self) -> Mode | None:
        return self.bridge.status.mode if self.bridge.status else None


@contextmanager
def run_live(executable: Path, robot: RobotModel, folder: Path, device: Path | None = None) -> Iterator[Live]:
    """Start a firmware process; its line is `folder`/base, and the host opens `device` or that."""
    link, socket = folder / "base", folder / "hardware"
    command = firmware_command(executable, link, socket, firmware_parameters(robot))

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    with HardwareLink(socket) as hardware:
        process = start()
        hardware.accept(timeout_s=10.0)
        bridge = Bridge(robot)
        driver = BaseDriver(bridge, SerialLink(str(device or link)))
        rig = Live(hardware, start, process, driver, bridge, IdealWheels(robot))
        yield rig
        rig.driver.close()
    for stream in (rig.process.stdout, rig.process.stderr):
        assert stream is not None
        stream.close()
    assert rig.process.wait(timeout=5.0) == 0
    assert not link.is_symlink()
