"""The newest status of each robot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from aisle.messages.visit import IDLE_STATES
from store_backend.tables import robots

_FIND_SENT = select(robots.c.sent_unix_s).where(robots.c.robot_id == bindparam("robot_id"))
_FIND_FRESH = select(
    robots.c.robot_id, robots.c.x_m, robots.c.y_m, robots.c.battery_fraction, robots.c.lease_number
).where(
    robots.c.sent_unix_s >= bindparam("since_unix_s"),
    robots.c.localized,
    robots.c.problem == "",
    robots.c.visit.in_([state.value for state in IDLE_STATES]),
)
_ADD_ROBOT = insert(robots)
# Without values of its own an update sets the columns that the row names.
_REPLACE_ROBOT = update(robots).where(robots.c.robot_id == bindparam("known_id"))


@dataclass(frozen=True, slots=True)
class FitRobot:
    """A robot that could be sent; metres in the map frame, a charge of None is not known."""

    robot_id: str
    x_m: float
    y_m: float
    battery_fraction: float | None
    lease_number: int


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

    def fit_since(self, since_unix_s: float) -> list[FitRobot]:
        """Return the robots that know where they are, named no problem and have no shopper before them."""
        rows = self._connection.execute(_FIND_FRESH, {"since_unix_s": since_unix_s})
        return [FitRobot(row[0], row[1], row[2], row[3], row[4]) for row in rows]
