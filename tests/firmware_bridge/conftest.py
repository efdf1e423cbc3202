"""One robot, one build of the firmware, and a rig that runs host and firmware against ideal wheels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from aisle import config, paths
from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import Event
from aisle_firmware_bridge.firmware_build import FirmwarePaths, build_firmware
from sim.base.firmware_hardware import LockstepFirmware, MotorOutputs, WheelInputs
from sim.base.ideal_wheels import IdealWheels

PERIOD_S = 0.005
STOPPED = MotorOutputs(0.0, 0.0, brake=True)


@dataclass
class Rig:
    """Host and firmware in lockstep, over a line that can be cut; the wheels turn exactly as commanded."""

    robot: RobotModel
    firmware: LockstepFirmware
    bridge: Bridge
    now_s: float = 0.0
    inputs: WheelInputs = field(default_factory=lambda: WheelInputs(0, 0, 0.0))
    outputs: MotorOutputs = STOPPED
    events: list[Event] = field(default_factory=list)
    _steps: int = 0

    def __post_init__(self) -> None:
        self.wheels = IdealWheels(self.robot)

    def run(self, duration_s: float, twist: Twist2 | None = None, *, host: bool = True) -> None:
        """Run for a time; without `host` nobody talks to the firmware."""
        for _ in range(round(duration_s / PERIOD_S)):
            self._step_base()
            if host and self._steps % 4 == 0:
                self.events += self.bridge.receive(self.firmware.read(), self.now_s)
                self.firmware.write(self.bridge.step(self.now_s, twist))

    def connect(self, session: int = 7) -> None:
        self.bridge.connect(session)

    def start(self) -> None:
        """Connect, arm, and run until ready."""
        self.connect()
        self.bridge.request_arm()
        self.run(0.5)

    def _step_base(self) -> None:
        self._steps += 1
        self.now_s = round(self.now_s + PERIOD_S, 6)
        self.inputs = self.wheels.turn(self.outputs, PERIOD_S, self.inputs)
        self.outputs = self.firmware.step(self.now_s, self.inputs)


@pytest.fixture(scope="session")
def robot() -> RobotModel:
    return config.load(paths.reference_robot(), RobotModel)


@pytest.fixture(scope="session")
def firmware_paths() -> FirmwarePaths:
    return build_firmware(paths.REPOSITORY / "build" / "firmware")


@pytest.fixture
def firmware(firmware_paths: FirmwarePaths, robot: RobotModel) -> LockstepFirmware:
    return LockstepFirmware(firmware_paths.library, robot)


@pytest.fixture
def make_rig(firmware_paths: FirmwarePaths, robot: RobotModel) -> Callable[[], Rig]:
    return lambda: Rig(robot, LockstepFirmware(firmware_paths.library, robot), Bridge(robot))


@pytest.fixture
def rig(make_rig: Callable[[], Rig]) -> Rig:
    return make_rig()
