"""What robots shall do: added by staff, given to the robot that suits best, ended."""

from __future__ import annotations

import msgspec

from aisle.messages import Problem, ProblemCode
from aisle.messages.robot import (
    GIVEN_FOR_S,
    AddTask,
    EndTask,
    NextTask,
    NoTask,
    ReportTask,
    Task,
    Tasks,
    TasksQuery,
    TaskState,
)
from store_backend.assignment import FreeRobot, OpenTask, assign
from store_backend.handlers.leases import replaced, stop_state
from store_backend.records.tasks import TaskRow
from store_backend.unit_of_work import UnitOfWork

_STATUS_COUNTS_S = 10.0


def add(command: AddTask, work: UnitOfWork) -> Task:
    """Keep a new task; the same one again changes nothing."""
    if work.tasks.find(command.task_id) is None:
        row = {**msgspec.structs.asdict(command), "kind": command.kind.value, "state": TaskState.OPEN.value}
        begin = {"robot_id": "", "made_unix_s": work.now_unix_s, "expires_unix_s": 0.0, "reason": ""}
        work.tasks.add({**row, **begin})
    return _task(_found(command.task_id, work))


def next_task(command: NextTask, work: UnitOfWork) -> Task | NoTask | Problem:
    """Return what a robot shall do: what it does already, else what suits it best beside all other free robots."""
    refusal = replaced(command.robot_id, command.lease_number, work)
    if refusal is not None:
        return refusal
    if stop_state(command.robot_id, work).is_stopped:
        return NoTask()
    live = work.tasks.live()
    busy = {task.robot_id: task.task_id for task in live if _is_with_robot(task, work)}
    task_id = busy.get(command.robot_id) or _best(command.robot_id, live, set(busy), work)
    until_unix_s = work.now_unix_s + GIVEN_FOR_S
    if task_id is None or not work.tasks.give(task_id, command.robot_id, until_unix_s, work.now_unix_s):
        return NoTask()
    return _task(_found(task_id, work))


def report(command: ReportTask, work: UnitOfWork) -> Task | Problem:
    """Keep how a robot gets on with its task; of a task that is not its own, or is over, nothing changes."""
    refusal = replaced(command.robot_id, command.lease_number, work)
    if refusal is not None:
        return refusal
    work.tasks.report(command.task_id, command.robot_id, TaskState(command.progress.value), command.reason)
    task = work.tasks.find(command.task_id)
    return _unknown(command.task_id) if task is None else _task(task)


def end(command: EndTask, work: UnitOfWork) -> Task | Problem:
    """End a task; ending it again changes nothing."""
    work.tasks.end(command.task_id, TaskState.DONE if command.is_done else TaskState.CANCELLED)
    task = work.tasks.find(command.task_id)
    return _unknown(command.task_id) if task is None else _task(task)


def tell_tasks(_command: TasksQuery, work: UnitOfWork) -> Tasks:
    """Say what is not over."""
    return Tasks(tasks=tuple(_task(row) for row in work.tasks.not_over()))


def _best(robot_id: str, live: list[TaskRow], busy: set[str], work: UnitOfWork) -> str | None:
    tasks = [
        OpenTask(task.task_id, task.kind, task.x_m, task.y_m, max(0.0, work.now_unix_s - task.made_unix_s))
        for task in live
        if not _is_with_robot(task, work)
    ]
    return assign(_free_robots(busy, work), tasks).get(robot_id)


def _free_robots(busy: set[str], work: UnitOfWork) -> list[FreeRobot]:
    """Return the robots that can be sent: lately heard, fit, idle, without a task, not stopped, under their gateway.

    A robot whose lease has another number than its gateway reports is commanded by somebody else.
    """
    taken = busy | {one.robot_id for one in work.leases.stops()}
    owners = work.leases.active(work.now_unix_s)
    fit = work.robots.fit_since(work.now_unix_s - _STATUS_COUNTS_S)
    return [
        FreeRobot(one.robot_id, one.x_m, one.y_m, one.battery_fraction)
        for one in fit
        if one.robot_id not in taken and owners.get(one.robot_id, one.lease_number) == one.lease_number
    ]


def _is_with_robot(task: TaskRow, work: UnitOfWork) -> bool:
    return task.state in (TaskState.GIVEN, TaskState.BEGUN) and task.expires_unix_s > work.now_unix_s


def _found(task_id: str, work: UnitOfWork) -> TaskRow:
    row = work.tasks.find(task_id)
    assert row is not None
    return row


def _task(row: TaskRow) -> Task:
    return Task(
        task_id=row.task_id, kind=row.kind, x_m=row.x_m, y_m=row.y_m, yaw_rad=row.yaw_rad, state=row.state,
        robot_id=row.robot_id, reason=row.reason,
    )  # fmt: skip


def _unknown(task_id: str) -> Problem:
    return Problem(code=ProblemCode.NOT_FOUND, sentence=f"there is no task {task_id}")
