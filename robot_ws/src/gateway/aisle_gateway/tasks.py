"""The robot's task as its gateway knows it: asked for, passed on, and reported until the store has heard. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aisle.messages import Message, Problem
from aisle.messages.robot import MINE_FOR_S, NextTask, NoTask, ReportTask, Task, TaskProgress, TaskState
from aisle.messages.visit import IDLE_STATES, VisitState

ASK_EVERY_S = 2.0
KEEP_EVERY_S = 10.0
REPORT_EVERY_S = 0.5

_LIVE = (TaskState.GIVEN, TaskState.BEGUN)


@dataclass(frozen=True, slots=True)
class RobotReport:
    """What the robot says of itself: what it does, the visit that it leads, and how its task stands."""

    doing: VisitState
    tour_session: str = ""
    task_id: str = ""
    task_state: str = ""
    task_reason: str = ""


@dataclass(slots=True)
class RobotTask:
    """Asks for a task while the robot is idle, and keeps it while the robot does it.

    `lease_number` is 0 without a lease; then nothing new is begun. `report` is None while the robot is silent.
    """

    robot_id: str
    task: Task | None = None
    lease_number: int = 0
    report: RobotReport | None = None
    _confirmed_s: float = float("-inf")
    _reported: tuple[str, TaskProgress] | None = None

    def tell(self, now_s: float, lease_number: int, is_lost: bool, report: RobotReport | None) -> None:
        """Take what has changed; a task of a lease that is lost, or of a store silent for long, is given up."""
        self.lease_number, self.report = lease_number, report
        if is_lost or now_s - self._confirmed_s > MINE_FOR_S:
            self.task = None

    def wants(self, _now_s: float, since_s: float) -> Message | None:
        if not self.lease_number or self.report is None:
            return None
        news = self._news()
        if news is not None:
            return news if since_s >= REPORT_EVERY_S else None
        is_due = since_s >= (ASK_EVERY_S if self.task is None else KEEP_EVERY_S)
        if not is_due or (self.task is None and self.report.doing not in IDLE_STATES):
            return None
        return NextTask(robot_id=self.robot_id, lease_number=self.lease_number)

    def hear(self, asked: Message, reply: Any, asked_s: float) -> None:
        if isinstance(asked, ReportTask):
            self._hear_of_report(asked, reply)
        elif isinstance(reply, Task):
            self.task, self._confirmed_s = reply, asked_s
        elif isinstance(reply, NoTask):
            self.task = None

    def _hear_of_report(self, asked: ReportTask, reply: Any) -> None:
        """A task that is over, or that the store does not know or gave to another, is no more this robot's."""
        if self.task is None or self.task.task_id != asked.task_id:
            return
        if isinstance(reply, Task):
            self._reported = (asked.task_id, asked.progress)
            if reply.state not in _LIVE or reply.robot_id != self.robot_id:
                self.task = None
        elif isinstance(reply, Problem) and reply.code.value == "not_found":
            self.task = None

    def _news(self) -> ReportTask | None:
        """Return what the store has not heard yet of its task."""
        report, task = self.report, self.task
        if report is None or task is None or report.task_id != task.task_id:
            return None
        if report.task_state not in tuple(TaskProgress):
            return None
        progress = TaskProgress(report.task_state)
        if self._reported == (task.task_id, progress):
            return None
        return ReportTask(
            robot_id=self.robot_id,
            task_id=task.task_id,
            progress=progress,
            reason=report.task_reason,
            lease_number=self.lease_number,
        )
