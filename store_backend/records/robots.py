"""The newest status of each robot."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, insert, select, update

from store_backend.tables import robots

_FIND_SENT = select(robots.c.sent_unix_s).where(robots.c.robot_id == bindparam("robot_id"))
_FIND_FRESH = select(robots.c.robot_id, robots.c.x_m, robots.c.y_m, robots.c.battery_fraction).where(
    robots.c.sent_unix_s >= bindparam("since_unix_s"), robots.c.localized, robots.c.problem == ""
)
_ADD_ROBOT = insert(robots)
# Without values of its own an update sets the columns that the row names.
_REPLACE_ROBOT = update(robots).where(robots.c.robot_id == bindparam("known_id"))


class RobotRecords:
    """The robots behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def robot_heard_unix_s(self, robot_id: str) -> float | None:
        """Return when the newest known status of a robot was sent, None for a new robot."""
        sent_unix_s: float | None = self._connection.scalar(_FIND_SENT, {"robot_id": robot_id})
        return sent_unix_s

    def add_robot(self, row: Mapping[str, object]) -> None:
        """Keep the first status of a robot."""
        self._connection.execute(_ADD_ROBOT, dict(row))

    def replace_robot(self, robot_id: str, row: Mapping[str, object]) -> None:
        """Keep a newer status of a robot."""
        self._connection.execute(_REPLACE_ROBOT, {**row, "known_id": robot_id})

    def fit_since(self, since_unix_s: float) -> list[tuple[str, float, float, float]]:
        """Return name, x, y (metres, map) and battery of robots that know where they are and named no problem."""
        rows = self._connection.execute(_FIND_FRESH, {"since_unix_s": since_unix_s})
        return [(row[0], row[1], row[2], row[3]) for row in rows]
