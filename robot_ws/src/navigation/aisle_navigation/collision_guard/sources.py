"""Who may drive: velocity sources by priority, one winner at each step."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.geometry import Twist2


@dataclass(frozen=True, slots=True)
class Source:
    """One row of the table. A command counts until it is `stale_s` old.

    A source that falls silent keeps the robot standing for `holds_s` more, before one below it may drive: a hand on
    a joystick that loses its radio must not send the robot off somewhere else at once.
    """

    name: str
    topic: str
    stale_s: float
    holds_s: float = 0.0


TELEOPERATION, NAVIGATOR = "teleoperation", "navigator"

SOURCES = (
    Source(TELEOPERATION, "/cmd_vel_teleop", stale_s=0.25, holds_s=1.0),
    Source(NAVIGATOR, "/cmd_vel_nav", stale_s=0.25),
)
"""Highest priority first; another source is another row."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the winning source wants; `twist` is None while it is silent and nobody else may drive yet."""

    source: str
    twist: Twist2 | None


@dataclass(frozen=True, slots=True)
class _Command:
    twist: Twist2
    taken_s: float


class Sources:
    """Remembers the newest command of every source. Times are those of the guard's clock, in seconds."""

    def __init__(self, table: tuple[Source, ...] = SOURCES) -> None:
        self.table = table
        self._commands: dict[str, _Command] = {}

    def take(self, source: str, twist: Twist2, now_s: float) -> None:
        """Take a command. Raises ValueError for a source that is not in the table."""
        names = [row.name for row in self.table]
        if source not in names:
            raise ValueError(f"velocity source {source!r} is not in the table; there are {', '.join(names)}")
        self._commands[source] = _Command(twist, now_s)

    def winner(self, now_s: float) -> Wish | None:
        """Return the wish of the highest source that is fresh or still holds; None when nobody wants anything."""
        for row in self.table:
            age_s = self._age_s(row, now_s)
            if 0.0 <= age_s <= row.stale_s:
                return Wish(row.name, self._commands[row.name].twist)
            if 0.0 <= age_s <= row.stale_s + row.holds_s:
                return Wish(row.name, None)
        return None

    def _age_s(self, row: Source, now_s: float) -> float:
        """Return the age of a source's command; negative after the clock was set back, which is no fresh command."""
        command = self._commands.get(row.name)
        return math.inf if command is None else now_s - command.taken_s
