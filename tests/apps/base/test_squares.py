"""Two squares driven in lockstep by the real bridge and firmware, beside somebody who answers: they tell the wheels.

And nothing moves that this person has not allowed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from aisle import paths
from aisle.config import load
from aisle.geometry import STOP, Pose2, Twist2, advance
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import Event
from aisle_firmware_bridge.firmware_build import build_firmware
from aisle_firmware_bridge.legs import CalibrationProblem, MeasuredBy
from apps.base.attendant import COUNTED_S, GO, Pressed, is_consent, seconds_left
from apps.base.calibrating import from_log
from apps.base.recording import LogWriter
from apps.base.session import Direction
from apps.base.squares import START, drive_squares, parsed_place
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
    wished: list[tuple[float, Twist2]] = field(default_factory=list)
    outputs: MotorOutputs = STOPPED
    angles_rad: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def tick(self, twist: Twist2 | None = None) -> list[Event]:
        for _ in range(STEPS):
            self._step()
        received = self.firmware.read()
        self.writer.keep(Direction.RECEIVED, received)
        events = self.bridge.receive(received, self.now_s)
        self.firmware.write(self.bridge.step(self.now_s, twist))
        if twist is not None and twist != STOP:
            self.wished.append((self.now_s, twist))
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
        left, right = (math.floor(angle / math.tau * ROBOT.wheels.ticks_per_turn) for angle in self.angles_rad)
        read_radps = turn_radps / TRUTH.gyro_share + TRUTH.bias_radps
        inputs = WheelInputs(left, right, read_radps, emergency_stop=self.now_s > self.emergency_stop_at_s)
        self.outputs = self.firmware.step(self.now_s, inputs)


@dataclass
class Hall:
    """Gives sessions, and is a person with a perfect tape measure: allows every motion, unless told otherwise."""

    writer: LogWriter
    stops_at_s: float = math.inf
    presses_at_s: float = math.inf
    answers: list[str] = field(default_factory=list)
    """What is typed first, in place of what would be."""
    asked: list[tuple[float, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    sessions: list[LockstepSession] = field(default_factory=list)

    @contextmanager
    def begin(self) -> Iterator[LockstepSession]:
        library = build_firmware(paths.REPOSITORY / "build" / "firmware").library
        session = LockstepSession(self.writer, LockstepFirmware(library, ROBOT), emergency_stop_at_s=self.stops_at_s)
        session.bridge.connect(len(self.sessions) + 1)
        self.sessions.append(session)
        yield session

    def tell(self, text: str) -> None:
        self.told.append(text)

    @contextmanager
    def watching(self) -> Iterator[Pressed]:
        yield lambda: self.sessions[-1].now_s > self.presses_at_s

    def ask(self, question: str) -> str:
        self.asked.append((self.sessions[-1].now_s if self.sessions else 0.0, question))
        if self.answers:
            return self.answers.pop(0)
        if GO in question:
            return GO
        if "Enter when" in question:
            return ""
        pose = self.sessions[-1].pose
        return f"{1000 * pose.x_m} {1000 * pose.y_m} {math.degrees(pose.yaw_rad)}"

    @property
    def consented_s(self) -> list[float]:
        return [at_s for at_s, question in self.asked if GO in question]


def played(path: Path, **changes: object) -> tuple[Hall, str]:
    """Drive the squares; return what happened, and what ended them early."""
    clock = count(1)
    with LogWriter(path, ROBOT.name, lambda: next(clock)) as writer:
        hall = Hall(writer, **changes)  # type: ignore[arg-type]
        try:
            drive_squares(hall.begin, SIDE_M, writer, hall)
        except CalibrationProblem as problem:
            return hall, str(problem)
    return hall, ""


def test_squares_that_are_driven_and_measured_become_a_robot_file(tmp_path: Path) -> None:
    log, target = tmp_path / "squares.mcap", tmp_path / "mine.yaml"
    hall, problem = played(log)
    assert problem == ""
    assert len(hall.asked) == 10
    assert from_log(log, paths.reference_robot(), target, MeasuredBy(0.001, 0.001), Console(quiet=True)) == 0
    wheels = load(target, RobotModel).wheels
    assert (wheels.left_share, wheels.right_share) == pytest.approx(TRUTH.shares, abs=0.002)
    assert wheels.track_m == pytest.approx(TRUTH.track_m, rel=0.005)


def test_every_motion_is_announced_with_its_way_and_how_to_stop_it(tmp_path: Path) -> None:
    hall, _ = played(tmp_path / "squares.mcap")
    questions = [question for _, question in hall.asked if GO in question]
    assert len(questions) == 4
    assert all("emergency stop" in question and "Ctrl-C" in question for question in questions)
    assert "1.5 m straight ahead" in questions[0]
    assert "turn to the left" in questions[1]
    assert "4.5 m in all" in questions[1]
    assert "turn to the right" in questions[3]


def test_nothing_moves_before_it_is_allowed_and_counted_down(tmp_path: Path) -> None:
    """Also the answer to a measurement moves nothing: between it and the next motion is a question of its own."""
    hall, _ = played(tmp_path / "squares.mcap")
    allowed_s = hall.consented_s[:2]
    first = [at_s for at_s, _ in hall.sessions[0].wished]
    assert min(first) >= allowed_s[0] + COUNTED_S
    assert not [at_s for at_s in first if allowed_s[1] - 2.0 < at_s < allowed_s[1] + COUNTED_S]
    assert hall.told.count("3 ...") == hall.told.count("1 ...") == 4


def test_any_other_answer_does_not_move_it(tmp_path: Path) -> None:
    hall, _ = played(tmp_path / "squares.mcap", answers=["", "", "y", "drive", "stop"], presses_at_s=0.0)
    assert hall.told[-4:] == ["The robot does not move."] * 4
    assert not hall.sessions[0].wished


def test_a_key_in_the_countdown_ends_it_before_anything_moved(tmp_path: Path) -> None:
    hall, problem = played(tmp_path / "squares.mcap", presses_at_s=12.0)
    assert problem.startswith("stopped by a key")
    assert not hall.sessions[0].wished


def test_a_key_on_the_way_stops_it(tmp_path: Path) -> None:
    hall, problem = played(tmp_path / "squares.mcap", presses_at_s=15.0)
    assert problem.startswith("stopped by a key")
    assert hall.sessions[0].wished[-1][0] <= 15.1


def test_a_place_that_cannot_be_read_is_asked_for_again(tmp_path: Path) -> None:
    hall, problem = played(tmp_path / "squares.mcap", answers=["", GO, "over there"])
    assert problem == ""
    assert "three numbers are needed" in "".join(hall.told)
    assert len(hall.asked) == 11


def test_a_stop_in_the_middle_ends_the_drive_in_words(tmp_path: Path) -> None:
    _, problem = played(tmp_path / "squares.mcap", stops_at_s=16.0)
    assert "latched" in problem
    assert problem.endswith("release it, and begin again")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_answer_that_never_comes_ends_the_drive(tmp_path: Path, number: int) -> None:
    class Mute(Hall):
        def ask(self, question: str) -> str:
            if len(self.asked) == number:
                raise EOFError
            return super().ask(question)

    clock = count(1)
    with LogWriter(tmp_path / "squares.mcap", ROBOT.name, lambda: next(clock)) as writer:
        hall = Mute(writer)
        with pytest.raises(CalibrationProblem, match="its input ended"):
            drive_squares(hall.begin, SIDE_M, writer, hall)


@given(st.text(max_size=6))
def test_one_word_is_consent_and_nothing_else(answer: str) -> None:
    assert is_consent(answer) == (answer.strip().lower() == "go")
    assert not is_consent("")


@given(st.floats(0.0, 1e6), st.floats(-10.0, 10.0))
def test_the_countdown_is_over_after_its_time_and_never_before(began_s: float, passed_s: float) -> None:
    left = seconds_left(began_s, began_s + passed_s)
    assert (left == 0) == (began_s + passed_s - began_s >= COUNTED_S - 1e-6) or abs(passed_s - COUNTED_S) < 1e-6
    assert 0 <= left <= COUNTED_S


@pytest.mark.parametrize(
    ("answer", "pose"),
    [
        ("1000 -500 180", Pose2(1.0, -0.5, 3.141592653589793)),
        ("1, 2, 0", Pose2(0.001, 0.002, 0.0)),
        ("", None),
        ("1 2", None),
        ("1 2 nan", None),
        ("a b c", None),
    ],
)
def test_a_place_is_typed_as_three_numbers(answer: str, pose: Pose2 | None) -> None:
    assert parsed_place(answer) == pose
