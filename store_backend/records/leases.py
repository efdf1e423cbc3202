"""Who commands which robot, and which robots must stand still."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, case, delete, insert, or_, select, update

from store_backend.tables import leases, robot_stops

ALL_ROBOTS = ""


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """The newest lease of a robot."""

    owner: str
    number: int
    expires_unix_s: float


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop; an empty name is the stop of all."""

    robot_id: str
    reason: str
    since_unix_s: float


_one = leases.c.robot_id == bindparam("one_id")
_new_owner: BindParameter[str] = bindparam("new_owner")
_is_over = leases.c.expires_unix_s <= bindparam("now_unix_s")

_FIND = select(leases.c.owner, leases.c.number, leases.c.expires_unix_s).where(_one)
_FIND_ACTIVE = select(leases.c.robot_id, leases.c.number).where(leases.c.expires_unix_s > bindparam("now_unix_s"))
_ADD = insert(leases)
# One step, whoever else asks at the same moment: free or over, or the asker's own.
_TAKE = (
    update(leases)
    .where(_one, or_(leases.c.owner == _new_owner, _is_over))
    .values(
        owner=_new_owner,
        number=case((leases.c.owner == _new_owner, leases.c.number), else_=leases.c.number + 1),
        expires_unix_s=bindparam("new_expires_unix_s"),
    )
)
_GIVE_BACK = update(leases).where(_one, leases.c.owner == bindparam("old_owner")).values(owner="", expires_unix_s=0.0)
_FIND_STOPS = select(robot_stops.c.robot_id, robot_stops.c.reason, robot_stops.c.since_unix_s).order_by(
    robot_stops.c.since_unix_s, robot_stops.c.robot_id
)
_ADD_STOP = insert(robot_stops)
_REMOVE_STOP = delete(robot_stops).where(robot_stops.c.robot_id == bindparam("one_id"))


class LeaseRecords:
    """Leases and stops behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, robot_id: str) -> LeaseRow | None:
        """Return the newest lease of a robot, None when it never had one."""
        row = self._connection.execute(_FIND, {"one_id": robot_id}).one_or_none()
        return None if row is None else LeaseRow(row[0], row[1], row[2])

    def active(self, now_unix_s: float) -> dict[str, int]:
        """Return the number of the lease of each robot that somebody commands."""
        return {row[0]: row[1] for row in self._connection.execute(_FIND_ACTIVE, {"now_unix_s": now_unix_s})}

    def add(self, robot_id: str, owner: str, expires_unix_s: float) -> None:
        """Keep the first lease of a robot."""
        row = {"robot_id": robot_id, "owner": owner, "number": 1, "expires_unix_s": expires_unix_s}
        self._connection.execute(_ADD, row)

    def take(self, robot_id: str, owner: str, expires_unix_s: float, now_unix_s: float) -> bool:
        """Take or extend a lease; False when somebody else has it."""
        values = {
            "one_id": robot_id, "new_owner": owner, "new_expires_unix_s": expires_unix_s, "now_unix_s": now_unix_s,
        }  # fmt: skip
        return self._connection.execute(_TAKE, values).rowcount == 1

    def give_back(self, robot_id: str, owner: str) -> None:
        """End a lease of this owner."""
        self._connection.execute(_GIVE_BACK, {"one_id": robot_id, "old_owner": owner})

    def stops(self) -> list[StopRow]:
        """Return every stop, the oldest first."""
        return [StopRow(row[0], row[1], row[2]) for row in self._connection.execute(_FIND_STOPS)]

    def add_stop(self, stop: StopRow) -> None:
        """Latch a stop that is not there yet."""
        row = {"robot_id": stop.robot_id, "reason": stop.reason, "since_unix_s": stop.since_unix_s}
        self._connection.execute(_ADD_STOP, row)

    def remove_stop(self, robot_id: str) -> None:
        """End a stop."""
        self._connection.execute(_REMOVE_STOP, {"one_id": robot_id})
