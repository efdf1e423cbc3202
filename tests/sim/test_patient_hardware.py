"""A base without its firmware brakes, and goes on when the firmware is back."""

from __future__ import annotations

import pytest

from sim.base.firmware_hardware import FirmwareError, MotorOutputs, WheelInputs
from sim.base.patient_hardware import BACK_WITHIN_S, PatientHardware

DRIVING = MotorOutputs(3.0, 3.0, brake=False)
REST = WheelInputs(0, 0, 0.0)


class Link:
    """A socket's end whose firmware comes and goes as the test says."""

    def __init__(self) -> None:
        self.is_there = True
        self.is_knocking = False

    def step(self, now_s: float, inputs: WheelInputs) -> MotorOutputs:
        if not self.is_there:
            raise FirmwareError("the firmware has gone")
        return DRIVING

    def hang_up(self) -> None:
        self.is_there = False

    def accept_waiting(self) -> bool:
        if self.is_knocking:
            self.is_there, self.is_knocking = True, False
            return True
        return False


def test_the_wheels_brake_while_the_firmware_is_away_and_drive_when_it_is_back() -> None:
    link = Link()
    base = PatientHardware(link, wall_s=lambda: 0.0)  # type: ignore[arg-type]
    assert base.step(0.0, REST) == DRIVING
    link.is_there = False
    assert base.step(0.1, REST).brake
    assert base.step(0.2, REST).brake
    link.is_knocking = True
    assert base.step(0.3, REST) == DRIVING


def test_a_firmware_that_never_comes_back_ends_the_run_with_a_sentence() -> None:
    link, wall_s = Link(), [0.0]
    base = PatientHardware(link, wall_s=lambda: wall_s[0])  # type: ignore[arg-type]
    link.is_there = False
    base.step(0.0, REST)
    wall_s[0] = BACK_WITHIN_S + 1.0
    with pytest.raises(FirmwareError, match="did not come back within 30 s"):
        base.step(0.1, REST)
