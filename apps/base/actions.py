"""What the verbs of `aisle base` do; each returns an exit code, and says in one line what keeps it from working."""

from __future__ import annotations

import math
import time
from pathlib import Path

from rich.console import Console
from rich.live import Live

from aisle import paths
from aisle.config import ConfigError, load
from aisle.geometry import STOP
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.legs import CalibrationProblem, MeasuredBy
from aisle_firmware_bridge.link import LinkError
from aisle_firmware_bridge.teleop import KeyDrive, TeleopSettings, in_words
from apps.base.attendant import Attendant
from apps.base.calibrating import from_log
from apps.base.keyboard import Keyboard, NoTerminal
from apps.base.recording import LogProblem, LogWriter
from apps.base.replay import replay
from apps.base.session import BaseSession
from apps.base.squares import drive_squares
from apps.base.watch import Watch, table

PROBLEMS = (LinkError, LogProblem, CalibrationProblem, ConfigError, NoTerminal, OSError)
_SHOWN_EVERY = 10

__all__ = ["PROBLEMS", "calibrate", "log", "replay", "teleop", "watch"]


def watch(device: str, robot_file: Path, seconds: float, console: Console) -> int:
    """Show what the base says until the time is over; exit code 1 if it said nothing."""
    robot = load(robot_file, RobotModel)
    seen = Watch(robot)
    with BaseSession(device, robot) as session:
        ends_s, ticks = session.now_s + (seconds or math.inf), 0
        with Live(table(seen, session.bridge), console=console, auto_refresh=False) as live:
            while session.now_s < ends_s:
                seen.take(session.tick())
                ticks += 1
                if ticks % _SHOWN_EVERY == 0:
                    live.update(table(seen, session.bridge), refresh=True)
    return 0 if seen.report is not None else 1


def log(out: Path, device: str, robot_file: Path, seconds: float, console: Console) -> int:
    """Record the line into an MCAP file until the time is over."""
    robot = load(robot_file, RobotModel)
    with LogWriter(out, robot.name, time.time_ns) as writer:
        try:
            with BaseSession(device, robot, writer.keep) as session, console.status(f"recording {out}, Ctrl-C ends"):
                ends_s = session.now_s + (seconds or math.inf)
                while session.now_s < ends_s:
                    session.tick()
        finally:
            console.print(f"{out}: {writer.messages} messages", markup=False, soft_wrap=True)
    return 0


def teleop(device: str, robot_file: Path, settings: TeleopSettings, release: bool, console: Console) -> int:
    """Drive by keys until `x` is pressed. Nothing moves before the key that frees the others, nor after a complaint."""
    robot, drive = load(robot_file, RobotModel), KeyDrive(settings)
    with Keyboard() as keyboard, BaseSession(device, robot) as session:
        console.print(f"{in_words(settings)}; x ends. Nothing watches for people: stay beside the robot.")
        if not release:
            session.bridge.request_arm()
        complaint, is_released = "", not release
        while "x" not in (keys := keyboard.keys().lower()):
            for key in keys:
                drive.press(key, session.now_s)
            session.tick(drive.twist(session.now_s))
            is_released = is_released or session.bridge.request_release()
            if session.bridge.complaint:
                drive.hold()
            if session.bridge.complaint != complaint:
                complaint = session.bridge.complaint
                console.print(complaint or "ready: space frees the keys", markup=False)
        session.tick(STOP)
    return 0


def calibrate(
    device: str,
    robot_file: Path,
    out: Path | None,
    recorded: Path | None,
    side_m: float,
    measured: MeasuredBy,
    console: Console,
) -> int:
    """Calibrate from a log, or drive the squares, record them, and calibrate from that log."""
    robot = load(robot_file, RobotModel)
    target = out or paths.var_dir() / "robots" / f"{robot.name}.yaml"
    if recorded is None:
        recorded = paths.var_dir() / "base" / f"calibration-{time.strftime('%Y%m%d-%H%M%S')}.mcap"
        with LogWriter(recorded, robot.name, time.time_ns) as writer:
            drive_squares(lambda: BaseSession(device, robot, writer.keep), side_m, writer, Attendant(console))
        console.print(f"{recorded}: the drives, to calibrate from again with --log", markup=False, soft_wrap=True)
    return from_log(recorded, robot_file, target, measured, console)
