"""What the database remembers: every SQL statement of the backend stands here, one short function each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table, func, insert, select, update

from store_backend.tables import assistance, feedback, journey_events, robots, sessions, stock

Row = Mapping[str, object]


class Records:
    """The tables behind one connection; whoever opened its transaction commits or rolls back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Sessions and journeys

    def has_session(self, session_id: str) -> bool:
        """Tell whether a visit was opened."""
        found = select(sessions.c.session_id).where(sessions.c.session_id == session_id)
        return self._connection.scalar(found) is not None

    def add_session(self, row: Row) -> None:
        """Keep a new visit."""
        self._connection.execute(insert(sessions).values(row))

    def event_of(self, event_key: str) -> int | None:
        """Return the event with this key, None when it is new."""
        return self._number(select(journey_events.c.event_id).where(journey_events.c.event_key == event_key))

    def add_event(self, row: Row) -> int:
        """Append a journey event and return its number."""
        return self._add(journey_events, row)

    # Feedback

    def feedback_of(self, session_id: str) -> int | None:
        """Return the answer of a visit, None when there is none yet."""
        return self._number(select(feedback.c.feedback_id).where(feedback.c.session_id == session_id))

    def add_feedback(self, row: Row) -> int:
        """Keep a first answer."""
        return self._add(feedback, row)

    def replace_feedback(self, feedback_id: int, score: int, given_unix_s: float) -> None:
        """Keep a second answer in place of the first."""
        change = update(feedback).where(feedback.c.feedback_id == feedback_id)
        self._connection.execute(change.values(score=score, given_unix_s=given_unix_s))

    # Calls for a person

    def call_of(self, call_key: str) -> int | None:
        """Return the call with this key, None when it is new."""
        return self._number(select(assistance.c.assistance_id).where(assistance.c.call_key == call_key))

    def add_call(self, row: Row) -> int:
        """Queue a call and return its number."""
        return self._add(assistance, row)

    def calls_waiting(self, before_id: int | None = None) -> int:
        """Count the calls that nobody has taken, all or those queued before one."""
        waiting = select(func.count()).select_from(assistance).where(assistance.c.done.is_(False))
        if before_id is not None:
            waiting = waiting.where(assistance.c.assistance_id < before_id)
        return self._number(waiting) or 0

    # Stock

    def counts_of(self, product_ids: Sequence[int]) -> dict[int, tuple[int, float]]:
        """Return how many of each product were counted, and when (Unix seconds); nothing for what nobody counted."""
        found = select(stock.c.product_id, stock.c.count, stock.c.counted_unix_s)
        rows = self._connection.execute(found.where(stock.c.product_id.in_(product_ids)))
        return {product_id: (count, counted_unix_s) for product_id, count, counted_unix_s in rows}

    def keep_count(self, product_id: int, count: int, counted_unix_s: float) -> None:
        """Keep the newest count of a product."""
        row = {"count": count, "counted_unix_s": counted_unix_s}
        changed = self._connection.execute(update(stock).where(stock.c.product_id == product_id).values(row))
        if changed.rowcount == 0:
            self._connection.execute(insert(stock).values(product_id=product_id, **row))

    # Robots

    def robot_heard_unix_s(self, robot_id: str) -> float | None:
        """Return when the newest known status of a robot was sent, None for a new robot."""
        found = select(robots.c.sent_unix_s).where(robots.c.robot_id == robot_id)
        heard_unix_s: float | None = self._connection.scalar(found)
        return heard_unix_s

    def add_robot(self, row: Row) -> None:
        """Keep the first status of a robot."""
        self._connection.execute(insert(robots).values(row))

    def replace_robot(self, robot_id: str, row: Row) -> None:
        """Keep a newer status of a robot."""
        self._connection.execute(update(robots).where(robots.c.robot_id == robot_id).values(row))

    def _number(self, query: object) -> int | None:
        found: int | None = self._connection.scalar(query)  # type: ignore[call-overload]
        return found

    def _add(self, table: Table, row: Row) -> int:
        key = self._connection.execute(insert(table).values(row)).inserted_primary_key
        assert key is not None
        return int(key[0])
