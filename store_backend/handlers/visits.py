"""Visits: sessions, journey events and feedback."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from aisle.messages import Problem, care
from store_backend.handlers.alerts import look_after, look_at_score
from store_backend.handlers.journeys import note_prompt, unknown_visit
from store_backend.journey import happened_at
from store_backend.outcomes import PROMPTED
from store_backend.unit_of_work import UnitOfWork


def open_session(command: care.OpenSession, work: UnitOfWork) -> care.SessionOpened:
    """Note that a visit begins; opening it again changes nothing."""
    if not work.visits.has_session(command.session_id):
        work.visits.add_session({**msgspec.structs.asdict(command), "opened_unix_s": work.now_unix_s})
    return care.SessionOpened(session_id=command.session_id)


def record_event(command: care.JourneyEvent, work: UnitOfWork) -> care.Recorded | Problem:
    """Append one step of a visit, once for each event key."""
    if not work.visits.has_session(command.session_id):
        return unknown_visit(command.session_id)
    present = work.visits.event_of(command.event_key)
    if present is not None:
        return care.Recorded(event_id=present)
    event_id = work.visits.add_event(_row_of(command, work))
    _follow([command], work)
    return care.Recorded(event_id=event_id)


def record_events(command: care.JourneyEvents, work: UnitOfWork) -> care.EventsRecorded | Problem:
    """Append many steps, each once for its event key: all of them, or none when a visit is unknown."""
    events = {event.event_key: event for event in command.events}
    asked = {event.session_id for event in events.values()}
    unknown = asked - work.visits.opened_of(asked)
    if unknown:
        return unknown_visit(min(unknown))
    known = work.visits.known_of(events)
    new = [event for key, event in events.items() if key not in known]
    work.visits.add_events([_row_of(event, work) for event in new])
    _follow(new, work)
    return care.EventsRecorded(added=len(new))


def _row_of(event: care.JourneyEvent, work: UnitOfWork) -> dict[str, object]:
    return {
        **msgspec.structs.asdict(event),
        "stage": event.stage.value,
        "channel": event.channel.value,
        "happened_unix_s": happened_at(event.happened_unix_s, work.now_unix_s),
        "recorded_unix_s": work.now_unix_s,
    }


def _follow(events: Sequence[care.JourneyEvent], work: UnitOfWork) -> None:
    """Do what new events entail, in their transaction."""
    for event in events:
        if event.outcome in PROMPTED:
            note_prompt(event.session_id, event.channel, work)
    for session_id in sorted({event.session_id for event in events}):
        look_after(session_id, (one.outcome for one in events if one.session_id == session_id), work)


def take_feedback(command: care.Feedback, work: UnitOfWork) -> care.Recorded | Problem:
    """Keep the answer to the one question; a second answer in the same visit replaces the first."""
    if not work.visits.has_session(command.session_id):
        return unknown_visit(command.session_id)
    look_at_score(command.session_id, command.score, work)
    present = work.visits.feedback_of(command.session_id)
    if present is not None:
        work.visits.replace_feedback(present, command.score, work.now_unix_s)
        return care.Recorded(event_id=present)
    note_prompt(command.session_id, care.Channel.KIOSK, work)
    row = {"session_id": command.session_id, "score": command.score, "given_unix_s": work.now_unix_s}
    return care.Recorded(event_id=work.visits.add_feedback(row))
