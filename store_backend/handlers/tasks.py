"""What robots shall do: added by staff, given to the robot that suits best, ended."""

from __future__ import annotations

import msgspec

from aisle.messages import Problem, ProblemCode
from aisle.messages.robot import AddTask, EndTask, NextTask, NoTask, Task, Tasks, TasksQuery, TaskState
from store_backend.assignment import FreeRobot, OpenTask, assign
from store_backend.handlers.leases import stop_state
from store_backend.records.tasks import TaskRow
from store_backend.unit_of_work import UnitOfWork

# A robot that has not asked for so long is not doing its task any more.
GIVEN_FOR_S = 120.0
_STATUS_COUNTS_S = 10.0


def add(command: AddTask, work: UnitOfWork) -> Task:
    """Keep a new task; the same one again changes nothing."""
    if work.tasks.find(command.task_id) is None:
        row = {**msgspec.structs.asdict(command), "kind": command.kind.value, "state": TaskState.OPEN.value}
        work.tasks.add({**row, "robot_id": "", "made_unix_s": work.now_unix_s, "expires_unix_s": 0.0})
    return _task(_found(command.task_id, work))


def next_task(command: NextTask, work: UnitOfWork) -> Task | NoTask:
    """Return what a robot shall do: what it does already, else what suits it best beside all other free robots."""
    if stop_state(command.robot_id, work).is_stopped:
        return NoTask()
    live = work.tasks.live()
    busy = {task.robot_id: task.task_id for task in live if _is_with_robot(task, work)}
    task_id = busy.get(command.robot_id) or _best(command.robot_id, live, set(busy), work)
    until_unix_s = work.now_unix_s + GIVEN_FOR_S
    if task_id is None or not work.tasks.give(task_id, command.robot_id, until_unix_s, work.now_unix_s):
        return NoTask()
    return _task(_found(task_id, work))


def end(command: EndTask, work: UnitOfWork) -> Task | Problem:
    """End a task; ending it again changes nothing."""
    work.tasks.end(command.task_id, TaskState.DONE if command.is_done else TaskState.CANCELLED)
    task = work.tasks.find(command.task_id)
    if task is None:
        return Problem(code=ProblemCode.NOT_FOUND, sentence=f"there is no task {command.task_id}")
    return _task(task)


def tell_tasks(_command: TasksQuery, work: UnitOfWork) -> Tasks:
    """Say what is open or given."""
    return Tasks(tasks=tuple(_task(row) for row in work.tasks.live()))


def _best(robot_id: str, live: list[TaskRow], busy: set[str], work: UnitOfWork) -> str | None:
    tasks = [
        OpenTask(task.task_id, task.kind, task.x_m, task.y_m, max(0.0, work.now_unix_s - task.made_unix_s))
        for task in live
        if not _is_with_robot(task, work)
    ]
    return assign(_free_robots(busy, work), tasks).get(robot_id)


def _free_robots(busy: set[str], work: UnitOfWork) -> list[FreeRobot]:
    """Return the robots that can be sent: lately heard, fit, without a task, and commanded or stopped by nobody."""
    taken = busy | work.leases.active(work.now_unix_s) | {one.robot_id for one in work.leases.stops()}
    fit = work.robots.fit_since(work.now_unix_s - _STATUS_COUNTS_S)
    return [FreeRobot(*robot) for robot in fit if robot[0] not in taken]


def _is_with_robot(task: TaskRow, work: UnitOfWork) -> bool:
    return task.state is TaskState.GIVEN and task.expires_unix_s > work.now_unix_s


def _found(task_id: str, work: UnitOfWork) -> TaskRow:
    row = work.tasks.find(task_id)
    assert row is not None
    return row


def _task(row: TaskRow) -> Task:
    return Task(task_id=row.task_id, kind=row.kind, x_m=row.x_m, y_m=row.y_m, state=row.state, robot_id=row.robot_id)
