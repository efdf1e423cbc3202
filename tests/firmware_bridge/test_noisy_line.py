"""Host and firmware over a line that flips, drops and doubles bytes: they get on, and nothing wrong is ever driven."""

from __future__ import annotations

import random
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.firmware_build import FirmwarePaths
from aisle_firmware_bridge.protocol import Mode
from sim.base.firmware_hardware import LockstepFirmware, MotorOutputs, WheelInputs
from tests.firmware_bridge.conftest import PERIOD_S, Rig

AHEAD = Twist2(0.5, 0.0)
DAMAGED_SHARE = 0.002


@dataclass
class NoisyFirmware:
    """A firmware whose line damages bytes in both directions."""

    firmware: LockstepFirmware
    rng: random.Random

    def step(self, now_s: float, inputs: WheelInputs) -> MotorOutputs:
        return self.firmware.step(now_s, inputs)

    def write(self, content: bytes) -> None:
        self.firmware.write(self._damaged(content))

    def read(self) -> bytes:
        return self._damaged(self.firmware.read())

    def _damaged(self, content: bytes) -> bytes:
        line = bytearray()
        for byte in content:
            if self.rng.random() >= DAMAGED_SHARE:
                line.append(byte)
                continue
            kind = self.rng.choice(("flip", "drop", "double"))
            if kind == "flip":
                line.append(byte ^ 1 << self.rng.randrange(8))
            elif kind == "double":
                line += bytes((byte, byte))
        return bytes(line)


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32))
def test_a_noisy_line_still_drives_and_never_faster_or_otherwise_than_told(
    firmware_paths: FirmwarePaths, robot: RobotModel, seed: int
) -> None:
    noisy = NoisyFirmware(LockstepFirmware(firmware_paths.library, robot), random.Random(seed))
    rig = Rig(robot, noisy, Bridge(robot))  # type: ignore[arg-type]
    wanted_radps = 0.5 / rig.robot.wheels.radius_m
    rig.connect()
    rig.bridge.request_release()
    driven = 0
    for _ in range(round(10.0 / PERIOD_S)):
        rig.run(PERIOD_S, AHEAD)
        left, right = rig.outputs.left_radps, rig.outputs.right_radps
        assert left == right
        assert 0.0 <= left <= wanted_radps * 1.0001
        driven += left > 0.9 * wanted_radps
        if rig.bridge.status is not None and rig.bridge.status.mode is Mode.DISARMED:
            rig.bridge.request_release()
    assert driven * PERIOD_S > 6.0
