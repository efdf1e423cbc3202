"""Messages of a visit, and a look into the tables."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Table, select

from aisle.bus import Asked
from aisle.messages import Problem, ProblemCode, care, robot, visit
from store_backend.backend import Backend

NOW_S = 1_000_000.0


def opening(session_id: str = "s1") -> care.OpenSession:
    return care.OpenSession(session_id=session_id, robot_id="robot-1", language="en")


def step(event_key: str, session_id: str = "s1", **changes: Any) -> care.JourneyEvent:
    event = care.JourneyEvent(
        event_key=event_key, session_id=session_id, stage=care.Stage.SELECTION, touch_point="search", outcome="found"
    )
    return msgspec.structs.replace(event, **changes)


def call(call_key: str, session_id: str = "") -> care.CallPerson:
    return care.CallPerson(
        call_key=call_key, session_id=session_id, robot_id="robot-1", screen="home", story="Looks for milk"
    )


def status(
    sent_unix_s: float,
    robot_id: str = "robot-1",
    x_m: float = 0.0,
    doing: visit.VisitState = visit.VisitState.WAITING,
    battery_fraction: float | None = 0.5,
    lease_number: int = 0,
) -> robot.RobotStatus:
    return robot.RobotStatus(
        robot_id=robot_id, sent_unix_s=sent_unix_s, visit=doing, x_m=x_m, y_m=0.0, yaw_rad=0.0,
        battery_fraction=battery_fraction, localized=True, lease_number=lease_number,
    )  # fmt: skip


def asked(body: msgspec.Struct, key: str, role: str = "admin", deadline_unix_s: float = NOW_S + 3.0) -> Asked:
    return Asked(peer=b"peer", role=role, key=key, deadline_unix_s=deadline_unix_s, body=body)


def rows(backend: Backend, table: Table) -> list[Any]:
    with backend.engine.connect() as connection:
        return list(connection.execute(select(table)).mappings())


def answer(backend: Backend, command: msgspec.Struct, role: str = "admin") -> Any:
    return backend.answer(role, command)


def refused(backend: Backend, command: msgspec.Struct, role: str = "admin") -> tuple[ProblemCode, str]:
    """Return code and sentence of the problem that the command must meet."""
    problem = backend.answer(role, command)
    assert isinstance(problem, Problem), problem
    return problem.code, problem.sentence
