"""Sessions, journey events and feedback."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Result, bindparam, insert, select, update

from store_backend.records.among import among
from store_backend.records.inserted import Row, add_row, add_rows
from store_backend.tables import feedback, journey_events, sessions

_FIND_SESSION = select(sessions.c.session_id).where(sessions.c.session_id == bindparam("session_id"))
_FIND_SESSIONS = select(sessions.c.session_id).where(among(sessions.c.session_id, "ids"))
_ADD_SESSION = insert(sessions)
_FIND_EVENTS = select(journey_events.c.event_key, journey_events.c.event_id).where(
    among(journey_events.c.event_key, "keys")
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

    def numbers_of(self, event_keys: Iterable[str]) -> dict[str, int]:
        """Return the numbers of those of these events that are recorded, by key."""
        return _by_key(self._connection.execute(_FIND_EVENTS, {"keys": list(event_keys)}))

    def add_events(self, rows: Sequence[Row]) -> None:
        """Append journey events, in that order."""
        add_rows(self._connection, journey_events, rows)

    def add_numbered_events(self, rows: Sequence[Row]) -> dict[str, int]:
        """Append journey events, in that order; return their numbers by key."""
        if len(rows) == 1:
            return {str(rows[0]["event_key"]): add_row(self._connection, _ADD_EVENT, rows[0])}
        self.add_events(rows)
        return self.numbers_of([str(row["event_key"]) for row in rows])

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


def _by_key(found: Result[Any]) -> dict[str, int]:
    return {row.event_key: row.event_id for row in found}
