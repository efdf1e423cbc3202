"""A store line before a backend that a test plays: what is asked, and what it is answered."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aisle.messages import Message
from aisle.messages.robot import Lease, NextTask, NoTask, StopQuery, StopState, TakeLease, Task, TaskKind, TaskState
from aisle.messages.visit import VisitState
from aisle_gateway.store_line import StoreLine
from aisle_gateway.tasks import RobotReport

STEP_S = 0.1
IDLE = RobotReport(VisitState.WAITING)
ROUND = Task(task_id="round", kind=TaskKind.PATROL, x_m=1.0, y_m=2.0, yaw_rad=0.5, state=TaskState.GIVEN, robot_id="r1")

Answers = dict[type[Message], Any]


def lease(number: int = 1) -> Lease:
    return Lease(robot_id="r1", owner="me", number=number, expires_unix_s=0.0)


def stop_state(is_stopped: bool, reason: str = "") -> StopState:
    return StopState(robot_id="r1", is_stopped=is_stopped, reason=reason)


@dataclass
class Play:
    """Runs a line; `answers` says what the store answers by kind of question, a missing kind is silence.

    An answer takes `takes_s`; 0 is at once.
    """

    answers: Answers = field(default_factory=dict)
    report: RobotReport | None = IDLE
    now_s: float = 1000.0
    takes_s: float = 0.0
    asked: list[Message] = field(default_factory=list)
    _under_way: list[tuple[float, str, Any]] = field(default_factory=list)
    line: StoreLine = field(init=False)

    def __post_init__(self) -> None:
        numbers = itertools.count()
        self.line = StoreLine("r1", "me", new_key=lambda: str(next(numbers)))

    def turn(self) -> None:
        self.now_s += STEP_S
        for key, message in self.line.turn(self.now_s, self.report):
            self.asked.append(message)
            answer = self.answers.get(type(message))
            if answer is not None:
                self._under_way.append((self.now_s + self.takes_s, key, answer))
        arrived = [one for one in self._under_way if one[0] <= self.now_s]
        self._under_way = [one for one in self._under_way if one[0] > self.now_s]
        for _, key, answer in arrived:
            self.line.hear(key, answer)

    def run(self, for_s: float) -> None:
        for _ in range(round(for_s / STEP_S)):
            self.turn()

    def until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        ends_s = self.now_s + within_s
        while not condition():
            assert self.now_s < ends_s
            self.turn()

    def all_asked(self, kind: type[Message]) -> list[Any]:
        return [one for one in self.asked if isinstance(one, kind)]


def friendly() -> Answers:
    """Answer as a store that lets the robot be."""
    return {TakeLease: lease(), StopQuery: stop_state(is_stopped=False), NextTask: NoTask()}
