"""The world behind a firmware process for `aisle bench serial`: steps it so many times a second, or leaves it still."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from aisle import config, paths
from aisle.robot_model import RobotModel
from sim.base.firmware_hardware import FirmwareError, HardwareLink, MotorOutputs, WheelInputs
from sim.base.ideal_wheels import IdealWheels

CONNECT_WITHIN_S = 20.0


def serve(socket: Path, rate_hz: int, robot: RobotModel) -> None:
    """Wait for the firmware and give it a base on a stand until it goes away; at 0 Hz it says nothing by itself."""
    resting, outputs, wheels = WheelInputs(0, 0, 0.0), MotorOutputs(0.0, 0.0, brake=True), IdealWheels(robot)
    with HardwareLink(socket) as hardware:
        hardware.accept(CONNECT_WITHIN_S)
        began_s, steps = time.monotonic(), 0
        while True:
            readings = wheels.turn(outputs, 1.0 / max(1, rate_hz), resting)
            outputs = hardware.step(steps / max(1, rate_hz), readings)
            steps += 1
            time.sleep(max(0.0, began_s + steps / rate_hz - time.monotonic()) if rate_hz else CONNECT_WITHIN_S)


if __name__ == "__main__":
    try:
        serve(Path(sys.argv[1]), int(sys.argv[2]), config.load(paths.reference_robot(), RobotModel))
    except (FirmwareError, KeyboardInterrupt) as end:
        sys.exit(str(end))
