"""Logs of a base that says what a test wants, and the command line that reads them."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from typer.testing import CliRunner

from aisle import paths
from aisle.config import load
from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.messages import Bumpers, Cliffs, Contacts, Faults, Mode, Status, StopChain
from aisle_firmware_bridge.protocol import encode
from apps.base.recording import LogWriter, MarkEntry
from apps.cli import app

ROBOT = load(paths.reference_robot(), RobotModel)


def writer(path: Path) -> LogWriter:
    clock = count(1)
    return LogWriter(path, "reference", lambda: next(clock) * 1_000_000)


def status(clock_us: int = 1, left: int = 0, right: int = 0, yaw_rate_radps: float = 0.0) -> bytes:
    flags = (Bumpers(0), Cliffs(0), Contacts(0), StopChain(0), Mode.READY, Faults(0))
    return encode(Status(clock_us, 1, left, right, 0.0, 0.0, yaw_rate_radps, 26_000, 90, 0, 0, *flags), clock_us)


def aisle(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["base", *arguments], catch_exceptions=False)
    return result.exit_code, " ".join(result.output.split())


def mark(number: int, clock_us: int, pose: Pose2) -> MarkEntry:
    return MarkEntry(number, clock_us, pose.x_m, pose.y_m, pose.yaw_rad)
