"""Visits: sessions, journey events, feedback, and where the robots are."""

from __future__ import annotations

import msgspec

from aisle.messages import Problem, ProblemCode, care
from aisle.messages.robot import RobotStatus
from store_backend.unit_of_work import UnitOfWork

_CLOCKS_AGREE_S = 5.0


def open_session(command: care.OpenSession, work: UnitOfWork) -> care.SessionOpened:
    """Note that a visit begins; opening it again changes nothing."""
    if not work.records.has_session(command.session_id):
        work.records.add_session({**msgspec.structs.asdict(command), "opened_unix_s": work.now_unix_s})
    return care.SessionOpened(session_id=command.session_id)


def record_event(command: care.JourneyEvent, work: UnitOfWork) -> care.Recorded | Problem:
    """Append one step of a visit, once for each event key."""
    if not work.records.has_session(command.session_id):
        return _unknown_session(command.session_id)
    present = work.records.event_of(command.event_key)
    if present is not None:
        return care.Recorded(event_id=present)
    row = {**msgspec.structs.asdict(command), "stage": command.stage.value, "recorded_unix_s": work.now_unix_s}
    return care.Recorded(event_id=work.records.add_event(row))


def take_feedback(command: care.Feedback, work: UnitOfWork) -> care.Recorded | Problem:
    """Keep the answer to the one question; a second answer in the same visit replaces the first."""
    if not work.records.has_session(command.session_id):
        return _unknown_session(command.session_id)
    present = work.records.feedback_of(command.session_id)
    if present is not None:
        work.records.replace_feedback(present, command.score, work.now_unix_s)
        return care.Recorded(event_id=present)
    row = {"session_id": command.session_id, "score": command.score, "given_unix_s": work.now_unix_s}
    return care.Recorded(event_id=work.records.add_feedback(row))


def note_robot(command: RobotStatus, work: UnitOfWork) -> care.Recorded:
    """Keep the newest status of a robot; one that was overtaken on the way is dropped.

    A known status from the future was sent by a clock that ran ahead: it must not hide everything that follows.
    """
    row = {**msgspec.structs.asdict(command), "visit": command.visit.value}
    heard_unix_s = work.records.robot_heard_unix_s(command.robot_id)
    if heard_unix_s is None:
        work.records.add_robot(row)
    elif command.sent_unix_s > heard_unix_s or heard_unix_s > work.now_unix_s + _CLOCKS_AGREE_S:
        work.records.replace_robot(command.robot_id, row)
    return care.Recorded(event_id=0)


def _unknown_session(session_id: str) -> Problem:
    return Problem(code=ProblemCode.UNKNOWN_SESSION, sentence=f"no visit {session_id} was opened; open it first")
