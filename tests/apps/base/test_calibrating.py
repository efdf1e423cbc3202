"""Two squares driven in lockstep by the real bridge and firmware, measured by somebody who answers, tell the wheels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from rich.console import Console

from aisle import paths
from aisle.config import load
from aisle.geometry import Pose2, Twist2, advance
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import Event
from aisle_firmware_bridge.firmware_build import build_firmware
from aisle_firmware_bridge.legs import CalibrationProblem, MeasuredBy
from apps.base.calibrating import START, Ask, drive_squares, from_log
from apps.base.recording import LogWriter
from apps.base.session import Direction
from sim.base.firmware_hardware import LockstepFirmware, MotorOutputs, WheelInputs
from tests.firmware_bridge.wheel_model import Truth

ROBOT = load(paths.reference_robot(), RobotModel)
TRUTH = Truth((1.02, 0.99), 0.366, 1.002, 0.004)
STEP_S, STEPS = 0.005, 4
SIDE_M = 1.5
STOPPED = MotorOutputs(0.0, 0.0, brake=True)


@dataclass
class LockstepSession:
    """A base whose wheels turn exactly as commanded, but are not as the robot file says."""

    writer: LogWriter
    firmware: LockstepFirmware
    bridge: Bridge = field(default_factory=lambda: Bridge(ROBOT))
    pose: Pose2 = START
    now_s: float = 0.0
    emergency_stop_at_s: float = math.inf
    outputs: MotorOutputs = STOPPED
    angles_rad: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def tick(self, twist: Twist2 | None = None) -> list[Event]:
        for _ in range(STEPS):
            self._step()
        received = self.firmware.read()
        self.writer.keep(Direction.RECEIVED, received)
        events = self.bridge.receive(received, self.now_s)
        self.firmware.write(self.bridge.step(self.now_s, twist))
        return events

    def _step(self) -> None:
        self.now_s = round(self.now_s + STEP_S, 6)
        speeds = (self.outputs.left_radps, self.outputs.right_radps)
        self.angles_rad = [angle + speed * STEP_S for angle, speed in zip(self.angles_rad, speeds, strict=True)]
        left_mps, right_mps = (
            speed * ROBOT.wheels.radius_m * share for speed, share in zip(speeds, TRUTH.shares, strict=True)
        )
        turn_radps = (right_mps - left_mps) / TRUTH.track_m
        self.pose = advance(self.pose, Twist2(0.5 * (left_mps + right_mps), turn_radps), STEP_S)
        ticks = (math.floor(angle / math.tau * ROBOT.wheels.ticks_per_turn) for angle in self.angles_rad)
        read_radps = turn_radps / TRUTH.gyro_share + TRUTH.bias_radps
        inputs = WheelInputs(*ticks, read_radps, emergency_stop=self.now_s > self.emergency_stop_at_s)
        self.outputs = self.firmware.step(self.now_s, inputs)


@dataclass
class Hall:
    """Gives sessions, and answers as somebody with a perfect tape measure does."""

    writer: LogWriter
    stops_at_s: float = math.inf
    asked: list[str] = field(default_factory=list)
    wrong_first: bool = False
    sessions: list[LockstepSession] = field(default_factory=list)

    @contextmanager
    def begin(self) -> Iterator[LockstepSession]:
        library = build_firmware(paths.REPOSITORY / "build" / "firmware").library
        session = LockstepSession(self.writer, LockstepFirmware(library, ROBOT), emergency_stop_at_s=self.stops_at_s)
        session.bridge.connect(len(self.sessions) + 1)
        self.sessions.append(session)
        yield session

    def answer(self, question: str) -> str:
        self.asked.append(question)
        if "Enter to drive" in question:
            return ""
        if self.wrong_first and len(self.asked) == 2:
            return "over there"
        pose = self.sessions[-1].pose
        return f"{1000 * pose.x_m} {1000 * pose.y_m} {math.degrees(pose.yaw_rad)}"


def play(path: Path, hall_of: type[Hall] = Hall, **changes: object) -> Hall:
    clock = count(1)
    with LogWriter(path, ROBOT.name, lambda: next(clock)) as writer:
        hall = hall_of(writer, **changes)  # type: ignore[arg-type]
        answer: Ask = hall.answer
        drive_squares(hall.begin, SIDE_M, writer, answer, Console(quiet=True))
    return hall


def test_squares_that_are_driven_and_measured_become_a_robot_file(tmp_path: Path) -> None:
    log, target = tmp_path / "squares.mcap", tmp_path / "mine.yaml"
    hall = play(log, wrong_first=True)
    assert len(hall.asked) == 7
    assert from_log(log, paths.reference_robot(), target, MeasuredBy(0.001, 0.001), Console(quiet=True)) == 0
    wheels = load(target, RobotModel).wheels
    assert (wheels.left_share, wheels.right_share) == pytest.approx(TRUTH.shares, abs=0.002)
    assert wheels.track_m == pytest.approx(TRUTH.track_m, rel=0.005)


def test_a_stop_in_the_middle_ends_the_drive_in_words(tmp_path: Path) -> None:
    with pytest.raises(CalibrationProblem, match=r"latched.*release it, and begin again"):
        play(tmp_path / "squares.mcap", stops_at_s=14.0)


def test_an_answer_that_never_comes_ends_the_drive(tmp_path: Path) -> None:
    class Mute(Hall):
        def answer(self, question: str) -> str:
            if "Enter to drive" in question:
                return ""
            raise EOFError

    with pytest.raises(CalibrationProblem, match="its input ended"):
        play(tmp_path / "squares.mcap", Mute)
