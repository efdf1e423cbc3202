"""What robots shall do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, and_, bindparam, case, insert, or_, select, update

from aisle.messages.robot import TaskKind, TaskState
from store_backend.tables import robot_tasks


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task; `expires_unix_s` is until when its robot must have asked again."""

    task_id: str
    kind: TaskKind
    x_m: float
    y_m: float
    state: TaskState
    robot_id: str
    made_unix_s: float
    expires_unix_s: float
    yaw_rad: float
    reason: str


_OPEN, _GIVEN, _BEGUN, _REFUSED = (
    state.value for state in (TaskState.OPEN, TaskState.GIVEN, TaskState.BEGUN, TaskState.REFUSED)
)
_tasks = robot_tasks.c
_COLUMNS = select(
    _tasks.task_id, _tasks.kind, _tasks.x_m, _tasks.y_m, _tasks.state, _tasks.robot_id, _tasks.made_unix_s,
    _tasks.expires_unix_s, _tasks.yaw_rad, _tasks.reason,
)  # fmt: skip
_FIND = _COLUMNS.where(_tasks.task_id == bindparam("one_id"))
_is_live = _tasks.state.in_((_OPEN, _GIVEN, _BEGUN))
_is_not_over = _tasks.state.in_((_OPEN, _GIVEN, _BEGUN, _REFUSED))
_FIND_LIVE = _COLUMNS.where(_is_live).order_by(_tasks.made_unix_s, _tasks.task_id).limit(200)
_FIND_NOT_OVER = _COLUMNS.where(_is_not_over).order_by(_tasks.made_unix_s, _tasks.task_id).limit(200)
_ADD = insert(robot_tasks)
_can_be_had = or_(
    _tasks.state == _OPEN,
    and_(
        _tasks.state.in_((_GIVEN, _BEGUN)),
        or_(_tasks.robot_id == bindparam("new_robot"), _tasks.expires_unix_s <= bindparam("now_unix_s")),
    ),
)
_GIVE = (
    update(robot_tasks)
    .where(_tasks.task_id == bindparam("one_id"), _can_be_had)
    .values(
        # Asked again by the robot that has begun it, a task stays begun.
        state=case((and_(_tasks.state == _BEGUN, _tasks.robot_id == bindparam("new_robot")), _BEGUN), else_=_GIVEN),
        robot_id=bindparam("new_robot"),
        expires_unix_s=bindparam("new_expires_unix_s"),
    )
)
_REPORT = (
    update(robot_tasks)
    .where(
        _tasks.task_id == bindparam("one_id"),
        _tasks.state.in_((_GIVEN, _BEGUN)),
        _tasks.robot_id == bindparam("its_robot"),
    )
    .values(state=bindparam("new_state"), reason=bindparam("new_reason"))
)
_END = (
    update(robot_tasks).where(_tasks.task_id == bindparam("one_id"), _is_not_over).values(state=bindparam("new_state"))
)


class TaskRecords:
    """The tasks behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, task_id: str) -> TaskRow | None:
        """Return a task, None when there is none."""
        row = self._connection.execute(_FIND, {"one_id": task_id}).one_or_none()
        return None if row is None else _task(row)

    def live(self) -> list[TaskRow]:
        """Return the tasks that wait for a robot or have one, oldest first, two hundred at most."""
        return [_task(row) for row in self._connection.execute(_FIND_LIVE)]

    def not_over(self) -> list[TaskRow]:
        """Return also those that a robot refused."""
        return [_task(row) for row in self._connection.execute(_FIND_NOT_OVER)]

    def add(self, row: Mapping[str, object]) -> None:
        """Keep a new task."""
        self._connection.execute(_ADD, dict(row))

    def give(self, task_id: str, robot_id: str, expires_unix_s: float, now_unix_s: float) -> bool:
        """Give a task to a robot if it is open, its own, or another's that fell silent; False when it is not."""
        values = {
            "one_id": task_id, "new_robot": robot_id, "new_expires_unix_s": expires_unix_s, "now_unix_s": now_unix_s,
        }  # fmt: skip
        return self._connection.execute(_GIVE, values).rowcount == 1

    def report(self, task_id: str, robot_id: str, state: TaskState, reason: str) -> bool:
        """Keep what a robot says of its task; False when it is not, or no more, this robot's."""
        values = {"one_id": task_id, "its_robot": robot_id, "new_state": state.value, "new_reason": reason}
        return self._connection.execute(_REPORT, values).rowcount == 1

    def end(self, task_id: str, state: TaskState) -> bool:
        """End a task; False when it had ended before."""
        return self._connection.execute(_END, {"one_id": task_id, "new_state": state.value}).rowcount == 1


def _task(row: Row[str, str, float, float, str, str, float, float, float, str]) -> TaskRow:
    return TaskRow(row[0], TaskKind(row[1]), row[2], row[3], TaskState(row[4]), row[5], row[6], row[7], row[8], row[9])
