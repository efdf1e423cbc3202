"""The guard at its production rates in a room, with the base that it drives, and faults that begin at a moment."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from aisle.geometry import STOP, FloatArray, Pose2, Twist2, advance
from aisle.sensing import LaserScan
from aisle_navigation.collision_guard.guard import Guard
from aisle_navigation.collision_guard.reasons import GuardDecision
from tests.navigation.rooms import ROBOT

TICK_MS = 5
GUARD_EVERY, SCAN_EVERY, COMMAND_EVERY = 10, 20, 20
"""In ticks: 20, 10 and 10 times a second, as in the live robot."""
LINE_TICKS = 2
"""A scan reaches the guard 10 ms after it was taken."""
BASE_TICKS = 20
"""The base moves 100 ms after it was told."""
ROOM_M = (7.0, 6.0)
START = Pose2(2.0, 3.0, 0.0)
_ANGLES = -math.pi + math.tau / ROBOT.laser.rays * np.arange(ROBOT.laser.rays)


def ranges_in_room(pose: Pose2) -> FloatArray:
    """Return the exact distances to the walls of an empty room, shape (rays,), in metres."""
    angles = _ANGLES + pose.yaw_rad
    with np.errstate(divide="ignore"):
        along_x = np.where(np.cos(angles) > 0.0, ROOM_M[0] - pose.x_m, pose.x_m) / np.abs(np.cos(angles))
        along_y = np.where(np.sin(angles) > 0.0, ROOM_M[1] - pose.y_m, pose.y_m) / np.abs(np.sin(angles))
    return np.minimum(along_x, along_y)


def scan_of_ranges(ranges: FloatArray, stamp_s: float) -> LaserScan:
    """Return the scan of the reference robot's laser with these ranges; ray 0 looks backwards."""
    laser = ROBOT.laser
    return LaserScan(stamp_s, -math.pi, math.tau / laser.rays, laser.range_min_m, laser.range_max_m, ranges)


@dataclass
class Track:
    """What the guard decided, one entry a step."""

    times_s: list[float]
    decisions: list[GuardDecision]

    def before(self, time_s: float) -> list[GuardDecision]:
        """Return the decisions before this moment."""
        return [decision for at, decision in zip(self.times_s, self.decisions, strict=True) if at < time_s]

    def since(self, time_s: float) -> list[GuardDecision]:
        """Return the decision that held at this moment, and all after it."""
        first = sum(at <= time_s + 1e-9 for at in self.times_s) - 1
        return self.decisions[max(0, first) :]


Tamper = Callable[["Course", float], None]


class Course:
    """A drive at constant wish, tick by tick; a fault replaces one of the parts.

    `command_phase` is how many ticks after the laser the navigator speaks.
    """

    def __init__(self, wish: Twist2 = Twist2(0.4, 0.1), noise_m: float = ROBOT.laser.noise_m, seed: int = 0) -> None:
        self.guard = Guard(ROBOT)
        self.pose = START
        self.wish = wish
        self.noise_m = noise_m
        self.laser_lives = True
        self.commands_live = True
        self.command_phase = 0
        self.clock_offset_s = 0.0
        self.spoil: Callable[[LaserScan], LaserScan] = lambda scan: scan
        self.base_moves = True
        self.last_scan: LaserScan | None = None
        self.track = Track([], [])
        self._rng = np.random.default_rng(seed)
        self._on_the_way_to_base = deque([STOP] * BASE_TICKS)
        self._sent = STOP
        self._ticks = 0
        self.line: list[tuple[int, LaserScan]] = []

    @property
    def now_s(self) -> float:
        """The true time; the guard's clock is `clock_offset_s` ahead of it."""
        return self._ticks * TICK_MS * 1e-3

    def run(self, until_s: float) -> None:
        """Drive on until this time."""
        while self.now_s < until_s - 1e-9:
            self._ticks += 1
            self._tick()

    def _tick(self) -> None:
        self._on_the_way_to_base.append(self._sent)
        moves = self._on_the_way_to_base.popleft()
        if self.base_moves:
            self.pose = advance(self.pose, moves, TICK_MS * 1e-3)
        # The guard steps first: what comes in at the same moment is seen a step later, which is the worst case.
        if self._ticks % GUARD_EVERY == 0:
            self._step()
        if self._ticks % COMMAND_EVERY == self.command_phase and self.commands_live:
            self.guard.command(self.wish, self.now_s + self.clock_offset_s)
        if self._ticks % SCAN_EVERY == 0 and self.laser_lives:
            self.line.append((self._ticks + LINE_TICKS, self._scan()))
        while self.line and self.line[0][0] <= self._ticks:
            self.guard.see(self.line.pop(0)[1])

    def _step(self) -> None:
        decision = self.guard.step(self.now_s + self.clock_offset_s)
        self._sent = decision.twist
        self.track.times_s.append(self.now_s)
        self.track.decisions.append(decision)

    def _scan(self) -> LaserScan:
        true_m = ranges_in_room(self.pose)
        noisy_m = true_m + self.noise_m * self._rng.standard_normal(len(true_m))
        self.last_scan = self.spoil(scan_of_ranges(noisy_m, self.now_s))
        return self.last_scan


def spoil(change: Callable[[FloatArray], FloatArray]) -> Tamper:
    """Return the fault that from now on changes the ranges of every scan."""

    def begin(course: Course, _now_s: float) -> None:
        course.spoil = lambda scan: replace(scan, ranges_m=change(scan.ranges_m.copy()))

    return begin
