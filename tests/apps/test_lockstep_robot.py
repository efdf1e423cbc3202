"""The cores in lockstep against the real firmware core, without a world around them."""

from dataclasses import dataclass, field, replace

import pytest

from aisle import paths
from aisle.geometry import Pose2
from aisle_behaviour.world import MissionSettings
from aisle_firmware_bridge.firmware_build import build_firmware
from aisle_navigation.collision_guard.guard import GuardReason
from apps.lockstep_robot import RobotCores
from sim.base.firmware_hardware import LockstepFirmware, WheelInputs
from tests.navigation.rooms import ROBOT, grid, room

STEP_S = 0.005
BRIDGE_STEPS = 4
AT_REST = WheelInputs(0, 0, 0.0)


@dataclass
class Bench:
    """The robot on a bench: the wheels stand still, contacts are pressed by hand."""

    cores: RobotCores
    firmware: LockstepFirmware
    steps: int = field(default=0)

    def run(self, duration_s: float, inputs: WheelInputs) -> GuardReason:
        """Run for a time and return what the guard says at its end."""
        for _ in range(round(duration_s / STEP_S)):
            self.steps += 1
            self.firmware.step(self.steps * STEP_S, inputs)
            if self.steps % BRIDGE_STEPS == 0:
                self.firmware.write(self.cores.exchange(self.firmware.read(), self.steps * STEP_S))
        self.cores.check(self.steps * STEP_S)
        return self.cores.driving.guard_reason


@pytest.fixture
def bench() -> Bench:
    library = build_firmware(paths.REPOSITORY / "build" / "firmware").library
    mission = MissionSettings(home_map=Pose2(5.0, 4.0, 0.0), dock_map=Pose2(1.0, 1.0, 0.0))
    cores = RobotCores(ROBOT, grid(room()), mission, adviser=None, seed=1)
    return Bench(cores, LockstepFirmware(library, ROBOT))


@pytest.mark.parametrize(
    ("pressed", "reason"),
    [
        (replace(AT_REST, bumpers=1), GuardReason.BUMPER),
        (replace(AT_REST, emergency_stop=True), GuardReason.EMERGENCY_STOP),
    ],
)
def test_a_pressed_contact_latches_the_guard(bench: Bench, pressed: WheelInputs, reason: GuardReason) -> None:
    assert bench.run(0.3, AT_REST) is GuardReason.NO_SCAN
    assert bench.run(0.1, pressed) is reason
    assert bench.run(0.5, AT_REST) is reason
