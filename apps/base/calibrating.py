"""`aisle base calibrate`, what a recorded drive with measured places tells: from a log to a robot file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from aisle.config import load
from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.calibration import Calibration, calibrate, calibrated
from aisle_firmware_bridge.frames import FrameParser
from aisle_firmware_bridge.legs import CalibrationProblem, Leg, Mark, MeasuredBy, legs_between
from aisle_firmware_bridge.messages import Status
from aisle_firmware_bridge.odometry import WheelReading
from aisle_firmware_bridge.protocol import decode
from aisle_firmware_bridge.robot_file import changes, write_calibrated
from apps.base.recording import MARKS, Entry, LogProblem, MarkEntry, read_log
from apps.base.session import Direction


@dataclass
class Drive:
    """One drive of a log: what the base counted, and the measured places; `number` is None before the first of them."""

    readings: list[WheelReading] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    number: int | None = None


def drives_of(entries: Iterator[Entry]) -> list[Drive]:
    """Return the drives of a log that have measured places. A place belongs to the counts recorded before it.

    Raises LogProblem for a place that cannot be read.
    """
    parser, drives = FrameParser(), [Drive()]
    for entry in entries:
        if entry.topic == f"base/{Direction.RECEIVED.value}":
            for message in map(decode, parser.feed(entry.content)):
                if isinstance(message, Status):
                    _count(drives, _reading(message))
        elif entry.topic == MARKS:
            _note(drives, _mark(entry))
    return [drive for drive in drives if drive.marks]


def _count(drives: list[Drive], reading: WheelReading) -> None:
    """Add a reading to the last drive; a clock that goes back means that the base was switched off, so a new one."""
    readings = drives[-1].readings
    if readings and reading.clock_us <= readings[-1].clock_us:
        drives.append(Drive())
    drives[-1].readings.append(reading)


def _note(drives: list[Drive], entry: MarkEntry) -> None:
    """Add a measured place to the last drive, or to a new one that begins where the last one ended."""
    last = drives[-1]
    if last.number is not None and last.number != entry.drive:
        ended_us = last.marks[-1].clock_us
        last = Drive([reading for reading in last.readings if reading.clock_us > ended_us])
        drives.append(last)
    last.number = entry.drive
    last.marks.append(Mark(entry.clock_us, Pose2(entry.x_m, entry.y_m, entry.yaw_rad)))


def legs_of(drives: list[Drive]) -> list[Leg]:
    """Return the legs of all drives. Raises CalibrationProblem."""
    return [leg for drive in drives for leg in legs_between(drive.readings, drive.marks)]


def _reading(status: Status) -> WheelReading:
    counts = (status.ticks_left, status.ticks_right)
    return WheelReading(status.clock_us, status.clock_us * 1e-6, *counts, status.yaw_rate_radps)


def _mark(entry: Entry) -> MarkEntry:
    try:
        return msgspec.json.decode(entry.content, type=MarkEntry)
    except msgspec.DecodeError as error:
        raise LogProblem(f"a measured place in the log cannot be read: {error}") from error


def from_log(log: Path, source: Path, target: Path, measured: MeasuredBy, console: Console) -> int:
    """Calibrate a robot file from a log and write the result; exit code 1 with one line if that cannot be."""
    try:
        robot = load(source, RobotModel)
        found = calibrate(legs_of(drives_of(read_log(log))), robot, measured)
        write_calibrated(source, target, calibrated(robot, found))
    except (LogProblem, CalibrationProblem, ValueError, OSError) as problem:
        console.print(f"Nothing was calibrated: {problem}", style="red", markup=False, soft_wrap=True)
        return 1
    console.print(_table(robot, found))
    console.print(f"{target}: written; start the robot with this file, for example `robot:={target}`", soft_wrap=True)
    return 0


def _table(robot: RobotModel, found: Calibration) -> Table:
    fit = f"{found.legs} legs, residuals {found.fit:.2f} standard deviations (about 1 is as expected)"
    table = Table("value", "before", "after", "change", title="calibration", caption=fit)
    for change in changes(robot, calibrated(robot, found)):
        share = f"{100 * (change.after / change.before - 1):+.2f} %" if change.before else ""
        table.add_row(change.key, f"{change.before:.6g}", f"{change.after:.6g}", share)
    return table
