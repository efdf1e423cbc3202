"""Visits: sessions, journey events, feedback, and where the robots are."""

from __future__ import annotations

import msgspec
from sqlalchemy import Table, insert, select, update

from aisle.messages import Problem, ProblemCode, care
from aisle.messages.robot import RobotStatus
from store_backend.tables import feedback, journey_events, robots, sessions
from store_backend.unit_of_work import UnitOfWork

_CLOCKS_AGREE_S = 5.0


def open_session(command: care.OpenSession, work: UnitOfWork) -> care.SessionOpened:
    """Note that a visit begins; opening it again changes nothing."""
    if not _session_exists(command.session_id, work):
        row = {**msgspec.structs.asdict(command), "opened_unix_s": work.now_unix_s}
        work.connection.execute(insert(sessions).values(row))
    return care.SessionOpened(session_id=command.session_id)


def record_event(command: care.JourneyEvent, work: UnitOfWork) -> care.Recorded | Problem:
    """Append one step of a visit, once for each event key."""
    if not _session_exists(command.session_id, work):
        return _unknown_session(command.session_id)
    known = select(journey_events.c.event_id).where(journey_events.c.event_key == command.event_key)
    present = work.connection.scalar(known)
    if present is not None:
        return care.Recorded(event_id=present)
    row = {**msgspec.structs.asdict(command), "stage": command.stage.value, "recorded_unix_s": work.now_unix_s}
    return care.Recorded(event_id=_inserted(work, journey_events, row))


def take_feedback(command: care.Feedback, work: UnitOfWork) -> care.Recorded | Problem:
    """Keep the answer to the one question; a second answer in the same visit replaces the first."""
    if not _session_exists(command.session_id, work):
        return _unknown_session(command.session_id)
    present = work.connection.scalar(select(feedback.c.feedback_id).where(feedback.c.session_id == command.session_id))
    if present is not None:
        change = update(feedback).where(feedback.c.feedback_id == present)
        work.connection.execute(change.values(score=command.score, given_unix_s=work.now_unix_s))
        return care.Recorded(event_id=present)
    row = {"session_id": command.session_id, "score": command.score, "given_unix_s": work.now_unix_s}
    return care.Recorded(event_id=_inserted(work, feedback, row))


def note_robot(command: RobotStatus, work: UnitOfWork) -> care.Recorded:
    """Keep the newest status of a robot; one that was overtaken on the way is dropped.

    A known status from the future was sent by a clock that ran ahead: it must not hide everything that follows.
    """
    row = {**msgspec.structs.asdict(command), "visit": command.visit.value}
    known_s = work.connection.scalar(select(robots.c.sent_unix_s).where(robots.c.robot_id == command.robot_id))
    if known_s is None:
        work.connection.execute(insert(robots).values(row))
    elif command.sent_unix_s > known_s or known_s > work.now_unix_s + _CLOCKS_AGREE_S:
        work.connection.execute(update(robots).where(robots.c.robot_id == command.robot_id).values(row))
    return care.Recorded(event_id=0)


def _session_exists(session_id: str, work: UnitOfWork) -> bool:
    found = work.connection.scalar(select(sessions.c.session_id).where(sessions.c.session_id == session_id))
    return found is not None


def _unknown_session(session_id: str) -> Problem:
    return Problem(code=ProblemCode.UNKNOWN_SESSION, sentence=f"no visit {session_id} was opened; open it first")


def _inserted(work: UnitOfWork, table: Table, row: dict[str, object]) -> int:
    key = work.connection.execute(insert(table).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])
