"""`aisle base calibrate`, the drive: squares in both directions, which a person allows piece by piece, and measures."""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Protocol

from aisle.geometry import STOP, Pose2, Twist2
from aisle_firmware_bridge.arming import MOVING_MODES
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import BaseLost, BaseReport, Event
from aisle_firmware_bridge.legs import CalibrationProblem
from aisle_firmware_bridge.messages import Mode
from aisle_firmware_bridge.square import SquareDrive, SquareSettings
from apps.base.attendant import Person, Pressed, consent_question, first_side, is_consent, rest_of_square, seconds_left
from apps.base.recording import LogWriter, MarkEntry

START = Pose2(0.0, 0.0, 0.0)
STOPS = 9
MOTIONS: tuple[tuple[int, Callable[[SquareSettings], str]], ...] = ((2, first_side), (STOPS, rest_of_square))
"""The stops at which the robot is measured, and what it drives to get there from the one before."""
_HELD = (Mode.LATCHED, Mode.FAULT)
_ARM_WITHIN_S = 5.0


class Session(Protocol):
    """A base that is exchanged with, as `BaseSession`."""

    @property
    def bridge(self) -> Bridge: ...

    @property
    def now_s(self) -> float: ...

    def tick(self, twist: Twist2 | None = None) -> list[Event]: ...


Begin = Callable[[], AbstractContextManager[Session]]


def drive_squares(begin: Begin, side_m: float, writer: LogWriter, person: Person) -> None:
    """Drive a square in each direction, with a person who watches, and who measures where it stands.

    The end of the first side tells how far the wheels roll, the end of the square how they differ and how far they are
    apart. Raises LinkError, NoTerminal, CalibrationProblem when the base does not drive or a key stopped it, and
    KeyboardInterrupt.
    """
    for number, clockwise in enumerate((False, True)):
        settings = SquareSettings(side_m, clockwise)
        way, corner = ("clockwise", "right") if clockwise else ("counter-clockwise", "left")
        _asked(
            person,
            f"Square {number + 1} of 2, {way}. Put the robot on its start mark, with {side_m:g} m free ahead and to the"
            f" {corner}. Enter when it stands there; it then stands still for {settings.first_stand_s:g} s",
        )
        with begin() as session:
            for clock_us, place in _Square(session, settings, person).drive():
                writer.mark(MarkEntry(number, clock_us, place.x_m, place.y_m, place.yaw_rad))


class _Square:
    """One square: every piece of it is allowed by the person, and any key ends it."""

    def __init__(self, session: Session, settings: SquareSettings, person: Person) -> None:
        self._session, self._settings, self._person = session, settings, person
        self._square = SquareDrive(settings)
        self._twist: Twist2 | None = None

    def drive(self) -> Iterator[tuple[int, Pose2]]:
        """Yield the base's clock and the place at every stop that is measured, the start first."""
        self._wake()
        yield self._drive_until(1, lambda: False), START
        for stop, motion in MOTIONS:
            self._ask_to_move(motion(self._settings))
            with self._person.watching() as pressed:
                self._count_down(pressed)
                clock_us = self._drive_until(stop, pressed)
            yield clock_us, self._measured()

    def _wake(self) -> None:
        """Arm the base and wait for its first report. Raises CalibrationProblem when none comes in time."""
        self._session.bridge.request_arm()
        gives_up_s = self._session.now_s + _ARM_WITHIN_S
        while self._twist is None:
            for report in self._reports(None, is_driving=False):
                self._twist = self._square.step(report.odometry)
            if self._twist is None and self._session.now_s > gives_up_s:
                raise CalibrationProblem(self._session.bridge.complaint or "the base does not answer")

    def _drive_until(self, stop: int, pressed: Pressed) -> int:
        """Drive on to a stop, and return the base's clock there."""
        told = self._square.stops
        while self._square.stops < stop or self._session.bridge.status is None:
            self._heed(pressed)
            for report in self._reports(self._twist, is_driving=True):
                self._twist = self._square.step(report.odometry)
            if self._square.stops > told:
                told = self._square.stops
                self._person.tell(f"stop {told} of {STOPS}")
        return self._session.bridge.status.clock_us

    def _ask_to_move(self, motion: str) -> None:
        while not is_consent(self._answered(consent_question(motion))):
            self._person.tell("The robot does not move.")

    def _count_down(self, pressed: Pressed) -> None:
        """Stand for the time of the countdown, and tell its seconds."""
        began_s, told = self._session.now_s, 0
        while left := seconds_left(began_s, self._session.now_s):
            self._heed(pressed)
            if left != told:
                told = left
                self._person.tell(f"{left} ...")
            self._reports(STOP, is_driving=True)

    def _heed(self, pressed: Pressed) -> None:
        if pressed():
            self._session.tick(STOP)
            raise CalibrationProblem("stopped by a key; this drive is not used: begin again")

    def _reports(self, twist: Twist2 | None, *, is_driving: bool) -> list[BaseReport]:
        """Exchange once with the base; return its reports while it may move.

        Raises CalibrationProblem when it is lost, latched or in fault, or no longer ready in the middle of a drive.
        """
        events = self._session.tick(twist)
        for event in events:
            if isinstance(event, BaseLost):
                raise CalibrationProblem(event.sentence)
        reports = [event for event in events if isinstance(event, BaseReport)]
        moving = [report for report in reports if report.status.mode in MOVING_MODES]
        if len(moving) < len(reports) and (is_driving or any(report.status.mode in _HELD for report in reports)):
            raise CalibrationProblem(f"{self._session.bridge.complaint}: clear the cause, release it, and begin again")
        return moving

    def _measured(self) -> Pose2:
        """Ask where the robot stands until an answer can be read; meanwhile it is kept standing."""
        while True:
            question = (
                "Where does it stand now, seen from the start mark? mm ahead, mm to the left, degrees to the left"
            )
            if pose := parsed_place(self._answered(question)):
                return pose
            self._person.tell("three numbers are needed, such as: 12 -30 1.5")

    def _answered(self, question: str) -> str:
        """Ask while bytes go on being exchanged, so that the base does not take this host for lost."""
        answers: queue.SimpleQueue[str] = queue.SimpleQueue()

        def put() -> None:
            with suppress(EOFError):
                answers.put(self._person.ask(question))

        asking = threading.Thread(target=put, name="asking", daemon=True)
        asking.start()
        while asking.is_alive():
            self._reports(STOP, is_driving=True)
        if answers.empty():
            raise CalibrationProblem("the question was not answered: its input ended")
        return answers.get()


def _asked(person: Person, question: str) -> str:
    """Ask while no base is connected. Raises CalibrationProblem when the input has ended."""
    try:
        return person.ask(question)
    except EOFError as error:
        raise CalibrationProblem("the question was not answered: its input ended") from error


def parsed_place(answer: str) -> Pose2 | None:
    """Return a place typed as millimetres ahead, millimetres to the left and degrees; None if it is none."""
    try:
        x_mm, y_mm, yaw_deg = (float(part) for part in answer.replace(",", " ").split())
    except ValueError:
        return None
    if not all(math.isfinite(value) for value in (x_mm, y_mm, yaw_deg)):
        return None
    return Pose2(x_mm / 1000.0, y_mm / 1000.0, math.radians(yaw_deg))
