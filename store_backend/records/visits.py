"""Sessions, journey events and feedback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from store_backend.records.inserted import add_row
from store_backend.tables import feedback, journey_events, sessions

Row = Mapping[str, object]

_FIND_SESSION = select(sessions.c.session_id).where(sessions.c.session_id == bindparam("session_id"))
_FIND_SESSIONS = select(sessions.c.session_id).where(sessions.c.session_id.in_(bindparam("ids", expanding=True)))
_ADD_SESSION = insert(sessions)
_FIND_EVENT = select(journey_events.c.event_id).where(journey_events.c.event_key == bindparam("event_key"))
_FIND_EVENTS = select(journey_events.c.event_key).where(
    journey_events.c.event_key.in_(bindparam("keys", expanding=True))
)
_ADD_EVENT = insert(journey_events)
_FIND_FEEDBACK = select(feedback.c.feedback_id).where(feedback.c.session_id == bindparam("session_id"))
_ADD_FEEDBACK = insert(feedback)
_REPLACE_FEEDBACK = (
    update(feedback)
    .where(feedback.c.feedback_id == bindparam("present"))
    .values(score=bindparam("score"), given_unix_s=bindparam("given_unix_s"))
)


class VisitRecords:
    """The visits behind one connection; whoever opened its transaction commits or rolls back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has_session(self, session_id: str) -> bool:
        """Tell whether a visit was opened."""
        return self._connection.scalar(_FIND_SESSION, {"session_id": session_id}) is not None

    def opened_of(self, session_ids: Iterable[str]) -> set[str]:
        """Return which of these visits were opened."""
        return set(self._connection.scalars(_FIND_SESSIONS, {"ids": list(session_ids)}))

    def add_session(self, row: Row) -> None:
        """Keep a new visit."""
        self._connection.execute(_ADD_SESSION, dict(row))

    def event_of(self, event_key: str) -> int | None:
        """Return the event with this key, None when it is new."""
        event_id: int | None = self._connection.scalar(_FIND_EVENT, {"event_key": event_key})
        return event_id

    def known_of(self, event_keys: Iterable[str]) -> set[str]:
        """Return which of these event keys are recorded."""
        return set(self._connection.scalars(_FIND_EVENTS, {"keys": list(event_keys)}))

    def add_event(self, row: Row) -> int:
        """Append a journey event and return its number."""
        return add_row(self._connection, _ADD_EVENT, row)

    def add_events(self, rows: Sequence[Row]) -> None:
        """Append journey events, in that order."""
        if rows:
            self._connection.execute(_ADD_EVENT, [dict(row) for row in rows])

    def feedback_of(self, session_id: str) -> int | None:
        """Return the answer of a visit, None when there is none yet."""
        feedback_id: int | None = self._connection.scalar(_FIND_FEEDBACK, {"session_id": session_id})
        return feedback_id

    def add_feedback(self, row: Row) -> int:
        """Keep a first answer and return its number."""
        return add_row(self._connection, _ADD_FEEDBACK, row)

    def replace_feedback(self, feedback_id: int, score: int, given_unix_s: float) -> None:
        """Keep a second answer in place of the first."""
        values = {"present": feedback_id, "score": score, "given_unix_s": given_unix_s}
        self._connection.execute(_REPLACE_FEEDBACK, values)
