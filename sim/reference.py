"""Hold drive and laser against what Gazebo did with the same SDF files.

The data folder holds `open.sdf` with `drive.csv` (a constant twist, and the true pose before and after it) and
`store.sdf` with one file of ranges for each of two poses. It is not part of the repository.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mujoco
import numpy as np
import numpy.typing as npt

from aisle.geometry import Pose2, Twist2
from aisle.paths import REPOSITORY
from aisle.robot_model import Wheels
from sim.base.chassis import Chassis
from sim.base.faults import BaseFaults
from sim.base.firmware_hardware import MotorOutputs
from sim.scene.mjcf import world_spec
from sim.scene.scene import Scene
from sim.sdf.read import read_world
from sim.sensors.laser import LaserSensor
from sim.sensors.laser_faults import LaserFaults

FloatArray = npt.NDArray[np.float64]

FOLDER_VARIABLE = "AISLE_REFERENCE_DATA"
SCAN_POSES = {"scan_1.txt": Pose2(1.2, 12.3, 0.0), "scan_3.txt": Pose2(30.0, 20.0, -2.0)}
_SETTLE_STEPS = 60


@dataclass(frozen=True, slots=True)
class Manoeuvre:
    """A constant twist for some time, and where Gazebo's robot was before and after it."""

    twist: Twist2
    steps: int
    start: Pose2
    end: Pose2


@dataclass(frozen=True, slots=True)
class DriveError:
    """How far our robot ended from Gazebo's."""

    manoeuvre: Manoeuvre
    distance_m: float
    yaw_rad: float


@dataclass(frozen=True, slots=True)
class ScanError:
    """How far our ranges are from Gazebo's, over the rays on which both see something."""

    name: str
    rays: int
    both_finite: int
    one_finite: int
    median_m: float
    within_2_cm: int


class Rig:
    """A robot that stands alone in a world read from SDF: no people, no firmware, perfect sensors."""

    def __init__(self, scene: Scene) -> None:
        self._drive = scene.drive
        self.model: mujoco.MjModel = world_spec(scene).compile()
        self.data = mujoco.MjData(self.model)
        wheels = Wheels(
            radius_m=scene.drive.wheel_radius_m, track_m=scene.drive.separation_m, ticks_per_turn=4096
        )  # fmt: skip
        self._chassis = Chassis(self.model, self.data, wheels, BaseFaults(), 0)
        self._laser = LaserSensor(scene.laser(), LaserFaults(), np.zeros(self.model.ngeom, dtype=np.uint8), 0)
        self._step(_SETTLE_STEPS)

    def drive(self, twist: Twist2, steps: int) -> Pose2:
        """Turn the wheels as the twist asks from now on, and return where the robot is after that many steps."""
        left, right = self._drive.wheel_speeds(twist.linear_mps, twist.angular_radps)
        self._chassis.apply(MotorOutputs(left, right, brake=False))
        self._step(steps)
        return self._chassis.pose()

    def ranges_m(self) -> FloatArray:
        """Return a scan; `inf` where nothing is within range."""
        return self._laser.scan(self.model, self.data, self._chassis.pose(), 0.0).ranges_m

    def _step(self, steps: int) -> None:
        mujoco.mj_step(self.model, self.data, steps)
        mujoco.mj_forward(self.model, self.data)


def find_reference_data() -> Path | None:
    """Return `gazebo_reference` in the folder that $AISLE_REFERENCE_DATA names, else in `../shared/data`, or None."""
    named = os.environ.get(FOLDER_VARIABLE)
    folder = (Path(named) if named else REPOSITORY.parent / "shared" / "data") / "gazebo_reference"
    return folder if folder.is_dir() else None


def manoeuvres(folder: Path) -> Iterator[Manoeuvre]:
    """Yield the rows of `drive.csv`. Raises ValueError for a row without numbers or with another step."""
    with (folder / "drive.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            values = {key: float(value) for key, value in row.items()}
            start, end = (
                Pose2(values[f"{when}_x_m"], values[f"{when}_y_m"], values[f"{when}_yaw_rad"])
                for when in ("start", "end")
            )
            yield Manoeuvre(Twist2(values["linear_mps"], values["angular_radps"]), int(values["steps"]), start, end)


def drive_errors(folder: Path) -> Iterator[DriveError]:
    """Drive every manoeuvre in our physics and yield how far it ends from Gazebo's."""
    scene = _scene(folder / "open.sdf")
    for manoeuvre in manoeuvres(folder):
        start = manoeuvre.start
        rig = Rig(scene.with_robot_at(start.x_m, start.y_m, start.yaw_rad))
        end = rig.drive(manoeuvre.twist, manoeuvre.steps)
        turned_rad = math.remainder(end.yaw_rad - manoeuvre.end.yaw_rad, math.tau)
        yield DriveError(manoeuvre, end.distance_to(manoeuvre.end), turned_rad)


def scan_errors(folder: Path) -> Iterator[ScanError]:
    """Scan from every pose with our laser and yield how far the ranges are from Gazebo's."""
    scene = _scene(folder / "store.sdf")
    for name, pose in SCAN_POSES.items():
        theirs = np.loadtxt(folder / name)
        ours = Rig(scene.with_robot_at(pose.x_m, pose.y_m, pose.yaw_rad)).ranges_m()
        # Gazebo's last ray is its first one again, a full turn later.
        yield compared(name, ours, theirs[: len(ours)])


def compared(name: str, ours: FloatArray, theirs: FloatArray) -> ScanError:
    """Return how two scans of the same rays differ."""
    both = np.isfinite(ours) & np.isfinite(theirs)
    differences = np.abs(ours[both] - theirs[both])
    return ScanError(
        name,
        len(theirs),
        int(both.sum()),
        int((np.isfinite(ours) != np.isfinite(theirs)).sum()),
        float(np.median(differences)),
        int((differences < 0.02).sum()),
    )


def _scene(path: Path) -> Scene:
    return Scene(read_world(path.read_text(encoding="utf-8"), path.name))
