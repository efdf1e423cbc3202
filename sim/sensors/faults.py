"""All faults of the simulated robot's sensors, as one configuration."""

from __future__ import annotations

from pathlib import Path

from aisle import paths
from aisle.config import Settings
from sim.base.faults import BaseFaults
from sim.sensors.camera_faults import CameraFaults
from sim.sensors.laser_faults import LaserFaults
from sim.sensors.messages import MessageFaults


class SensorFaults(Settings, frozen=True):
    """What the sensors get wrong; perfect but for their noise by default. See config/sim/sensors.yaml."""

    laser: LaserFaults = LaserFaults()
    base: BaseFaults = BaseFaults()
    scan_line: MessageFaults = MessageFaults()
    camera: CameraFaults = CameraFaults()


def everyday_faults() -> Path:
    """Return the file with the faults of an ordinary robot on an ordinary day, which the demo uses."""
    return paths.config_dir() / "sim" / "sensors.yaml"
