"""Visits: sessions, journey events and feedback."""

from __future__ import annotations

import msgspec

from aisle.messages import Problem, ProblemCode, care
from store_backend.unit_of_work import UnitOfWork


def open_session(command: care.OpenSession, work: UnitOfWork) -> care.SessionOpened:
    """Note that a visit begins; opening it again changes nothing."""
    if not work.visits.has_session(command.session_id):
        work.visits.add_session({**msgspec.structs.asdict(command), "opened_unix_s": work.now_unix_s})
    return care.SessionOpened(session_id=command.session_id)


def record_event(command: care.JourneyEvent, work: UnitOfWork) -> care.Recorded | Problem:
    """Append one step of a visit, once for each event key."""
    if not work.visits.has_session(command.session_id):
        return _unknown_session(command.session_id)
    present = work.visits.event_of(command.event_key)
    if present is not None:
        return care.Recorded(event_id=present)
    return care.Recorded(event_id=work.visits.add_event(_row_of(command, work)))


def record_events(command: care.JourneyEvents, work: UnitOfWork) -> care.EventsRecorded | Problem:
    """Append many steps, each once for its event key: all of them, or none when a visit is unknown."""
    events = {event.event_key: event for event in command.events}
    asked = {event.session_id for event in events.values()}
    unknown = asked - work.visits.opened_of(asked)
    if unknown:
        return _unknown_session(min(unknown))
    known = work.visits.known_of(events)
    work.visits.add_events([_row_of(event, work) for key, event in events.items() if key not in known])
    return care.EventsRecorded(added=len(events) - len(known))


def _row_of(event: care.JourneyEvent, work: UnitOfWork) -> dict[str, object]:
    return {**msgspec.structs.asdict(event), "stage": event.stage.value, "recorded_unix_s": work.now_unix_s}


def take_feedback(command: care.Feedback, work: UnitOfWork) -> care.Recorded | Problem:
    """Keep the answer to the one question; a second answer in the same visit replaces the first."""
    if not work.visits.has_session(command.session_id):
        return _unknown_session(command.session_id)
    present = work.visits.feedback_of(command.session_id)
    if present is not None:
        work.visits.replace_feedback(present, command.score, work.now_unix_s)
        return care.Recorded(event_id=present)
    row = {"session_id": command.session_id, "score": command.score, "given_unix_s": work.now_unix_s}
    return care.Recorded(event_id=work.visits.add_feedback(row))


def _unknown_session(session_id: str) -> Problem:
    return Problem(code=ProblemCode.UNKNOWN_SESSION, sentence=f"no visit {session_id} was opened; open it first")
