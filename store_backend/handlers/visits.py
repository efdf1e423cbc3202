"""Visits: sessions, journey events and feedback."""

from __future__ import annotations

import hashlib
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
    (answer,) = record_each([command], work)
    return answer


def record_each(commands: Sequence[care.JourneyEvent], work: UnitOfWork) -> list[care.Recorded | Problem]:
    """Append steps of visits, each once for its event key; those of unknown visits are refused."""
    opened = work.visits.opened_of({command.session_id for command in commands})
    numbers, new = _sorted_out([command for command in commands if command.session_id in opened], work)
    numbers |= work.visits.add_numbered_events([_row_of(event, work) for event in new])
    _follow(new, work)
    return [
        care.Recorded(event_id=numbers[command.event_key])
        if command.session_id in opened
        else unknown_visit(command.session_id)
        for command in commands
    ]


def own_key(kind: str, number: str) -> str:
    """Return the key of a step that the store records itself, once for each thing of a kind."""
    return f"{kind}-{hashlib.sha256(number.encode()).hexdigest()[:40]}"


def record_for_visit(event: care.JourneyEvent | None, work: UnitOfWork) -> None:
    """Append what the store itself knows of a visit; of none, or one that was never opened, nothing is kept."""
    if event is not None and work.visits.has_session(event.session_id):
        record_event(event, work)


def record_events(command: care.JourneyEvents, work: UnitOfWork) -> care.EventsRecorded | Problem:
    """Append many steps, each once for its event key: all of them, or none when a visit is unknown."""
    asked = {event.session_id for event in command.events}
    unknown = asked - work.visits.opened_of(asked)
    if unknown:
        return unknown_visit(min(unknown))
    _, new = _sorted_out(command.events, work)
    work.visits.add_events([_row_of(event, work) for event in new])
    _follow(new, work)
    return care.EventsRecorded(added=len(new))


def _sorted_out(
    events: Sequence[care.JourneyEvent], work: UnitOfWork
) -> tuple[dict[str, int], list[care.JourneyEvent]]:
    """Return the numbers of the steps that are recorded, by key, and those that are new, each once."""
    numbers = work.visits.numbers_of({event.event_key for event in events})
    new: dict[str, care.JourneyEvent] = {}
    for event in events:
        if event.event_key not in numbers:
            new.setdefault(event.event_key, event)
    return numbers, list(new.values())


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
