"""A host as a process of its own, to be killed and stopped: drives the base at the given device ahead for ever."""

from __future__ import annotations

import sys
import time

from aisle import config, paths
from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.driver import BaseDriver
from aisle_firmware_bridge.link import SerialLink

TICK_S = 0.02


def drive(device: str) -> None:
    """Arm once and command half a metre a second."""
    bridge = Bridge(config.load(paths.reference_robot(), RobotModel))
    driver = BaseDriver(bridge, SerialLink(device))
    bridge.request_arm()
    while True:
        driver.tick(time.monotonic(), Twist2(0.5, 0.0))
        time.sleep(TICK_S)


if __name__ == "__main__":
    drive(sys.argv[1])
