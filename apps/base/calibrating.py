"""`aisle base calibrate`: squares in both directions, measured ends, and a robot file with what they tell."""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec
from rich.console import Console
from rich.table import Table

from aisle.config import load
from aisle.geometry import STOP, Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.arming import MOVING_MODES
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.calibration import Calibration, calibrate, calibrated
from aisle_firmware_bridge.events import BaseLost, BaseReport, Event
from aisle_firmware_bridge.frames import FrameParser
from aisle_firmware_bridge.legs import CalibrationProblem, Leg, Mark, MeasuredBy, legs_between
from aisle_firmware_bridge.messages import Mode, Status
from aisle_firmware_bridge.odometry import WheelReading
from aisle_firmware_bridge.protocol import decode
from aisle_firmware_bridge.robot_file import changes, write_calibrated
from aisle_firmware_bridge.square import SquareDrive, SquareSettings, Stage
from apps.base.recording import MARKS, Entry, LogProblem, LogWriter, MarkEntry, read_log
from apps.base.session import Direction

START = Pose2(0.0, 0.0, 0.0)
STOPS = 9
MEASURED_STOPS = (2, STOPS)
_HELD = (Mode.LATCHED, Mode.FAULT)
_ARM_WITHIN_S = 5.0
Ask = Callable[[str], str]


class Session(Protocol):
    """A base that is exchanged with, as `BaseSession`."""

    @property
    def bridge(self) -> Bridge: ...

    @property
    def now_s(self) -> float: ...

    def tick(self, twist: Twist2 | None = None) -> list[Event]: ...


Begin = Callable[[], AbstractContextManager[Session]]


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


def drive_squares(begin: Begin, side_m: float, writer: LogWriter, ask: Ask, console: Console) -> None:
    """Drive a square in each direction, with a person who watches, and who measures where it stands.

    The end of the first side tells how far the wheels roll, the end of the square how they differ and how far they are
    apart. Raises LinkError, CalibrationProblem when the base does not drive, and KeyboardInterrupt.
    """
    for number, clockwise in enumerate((False, True)):
        way, corner = ("clockwise", "right") if clockwise else ("counter-clockwise", "left")
        ask(
            f"Square {number + 1} of 2, {way}. Put the robot on its start mark, with {side_m:g} m free ahead and to the"
            f" {corner}. It sees nobody on this drive: stay beside it, Ctrl-C stops it. Enter to drive"
        )
        with begin() as session:
            for clock_us, place in _drive(session, SquareSettings(side_m, clockwise), ask, console):
                writer.mark(MarkEntry(number, clock_us, place.x_m, place.y_m, place.yaw_rad))


def _drive(session: Session, settings: SquareSettings, ask: Ask, console: Console) -> Iterator[tuple[int, Pose2]]:
    """Drive one square; yield the base's clock and the place at every stop that is measured, the start first."""
    square, stops = SquareDrive(settings), 0
    twist: Twist2 | None = None
    session.bridge.request_arm()
    gives_up_s = session.now_s + _ARM_WITHIN_S
    while square.stage is not Stage.DONE:
        for report in _reports(session, twist, is_driving=stops > 0):
            twist = square.step(report.odometry)
        if twist is None and session.now_s > gives_up_s:
            raise CalibrationProblem(session.bridge.complaint or "the base does not answer")
        if square.stops > stops and session.bridge.status is not None:
            stops, clock_us = square.stops, session.bridge.status.clock_us
            console.print(f"stop {stops} of {STOPS}")
            if stops == 1:
                yield clock_us, START
            elif stops in MEASURED_STOPS:
                yield clock_us, _measured(session, ask, console)


def _reports(session: Session, twist: Twist2 | None, *, is_driving: bool) -> list[BaseReport]:
    """Exchange once with the base; return its reports while it may move.

    Raises CalibrationProblem when it is lost, latched or in fault, or no longer ready in the middle of a drive.
    """
    events = session.tick(twist)
    for event in events:
        if isinstance(event, BaseLost):
            raise CalibrationProblem(event.sentence)
    reports = [event for event in events if isinstance(event, BaseReport)]
    moving = [report for report in reports if report.status.mode in MOVING_MODES]
    if len(moving) < len(reports) and (is_driving or any(report.status.mode in _HELD for report in reports)):
        raise CalibrationProblem(f"{session.bridge.complaint}: clear the cause, release it, and begin again")
    return moving


def _measured(session: Session, ask: Ask, console: Console) -> Pose2:
    """Ask where the robot stands until an answer can be read; meanwhile it is kept standing."""
    while True:
        question = "Where does it stand now, seen from the start mark? mm ahead, mm to the left, degrees to the left"
        if pose := parsed_place(_answered(session, ask, question)):
            return pose
        console.print("three numbers are needed, such as: 12 -30 1.5")


def _answered(session: Session, ask: Ask, question: str) -> str:
    """Ask a person while bytes go on being exchanged, so that the base does not take this host for lost."""
    answers: queue.SimpleQueue[str] = queue.SimpleQueue()

    def put() -> None:
        with suppress(EOFError):
            answers.put(ask(question))

    asking = threading.Thread(target=put, name="asking", daemon=True)
    asking.start()
    while asking.is_alive():
        _reports(session, STOP, is_driving=True)
    if answers.empty():
        raise CalibrationProblem("the question was not answered: its input ended")
    return answers.get()


def parsed_place(answer: str) -> Pose2 | None:
    """Return a place typed as millimetres ahead, millimetres to the left and degrees; None if it is none."""
    try:
        x_mm, y_mm, yaw_deg = (float(part) for part in answer.replace(",", " ").split())
    except ValueError:
        return None
    if not all(math.isfinite(value) for value in (x_mm, y_mm, yaw_deg)):
        return None
    return Pose2(x_mm / 1000.0, y_mm / 1000.0, math.radians(yaw_deg))
