"""The lease of a robot as its gateway knows it: one gateway at a time commands a robot. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from aisle.messages import Message, Problem, ProblemCode
from aisle.messages.robot import Lease, TakeLease

LEASE_S = 10.0
RENEW_S = 2.5


class Hold(Enum):
    """UNKNOWN while the store is silent, LOST since it said that somebody else commands the robot."""

    UNKNOWN = "unknown"
    HELD = "held"
    LOST = "lost"


@dataclass(slots=True)
class RobotLease:
    """Takes the lease and renews it.

    It counts from when it was asked for, so that it ends here before it ends in the store, whatever their clocks say.
    """

    robot_id: str
    owner: str
    complaint: str = ""
    """Who commands the robot instead, in the store's words; empty when nobody does as far as is known."""
    _number: int = 0
    _until_s: float = float("-inf")

    def hold(self, now_s: float) -> Hold:
        """Return how the lease stands."""
        if self.complaint:
            return Hold.LOST
        return Hold.HELD if now_s < self._until_s else Hold.UNKNOWN

    def number(self, now_s: float) -> int:
        """Return the number of the lease that is held, 0 without one."""
        return self._number if self.hold(now_s) is Hold.HELD else 0

    def wants(self, _now_s: float, since_s: float) -> Message | None:
        if since_s < RENEW_S:
            return None
        return TakeLease(robot_id=self.robot_id, owner=self.owner, lease_s=LEASE_S)

    def hear(self, _asked: Message, reply: Any, asked_s: float) -> None:
        if isinstance(reply, Lease):
            self.complaint, self._number, self._until_s = "", reply.number, asked_s + LEASE_S
        elif isinstance(reply, Problem) and reply.code is ProblemCode.NOT_NOW:
            self.complaint, self._until_s = reply.sentence, float("-inf")
