"""Everything between a robot and the store, in one object that knows no sockets: lease, stop, task, memories.

What holds when the store is silent stands in docs/fleet.md: a stop goes on, a tour may begin and goes on, a task that
was given goes on for a while, and nothing new is taken.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aisle.messages import Message, Problem
from aisle.messages.memory import Memory
from aisle.messages.robot import Task
from aisle_gateway.concern import Conversation
from aisle_gateway.lease import Hold, RobotLease
from aisle_gateway.recall import Recall
from aisle_gateway.stop import StopWord, StoreStop
from aisle_gateway.tasks import RobotReport, RobotTask

COMMANDED_ELSEWHERE = "I cannot lead you at the moment. I can call somebody who shows you."
"""What the shopper is told; who commands the robot instead stands in `StoreWord.complaint`, for diagnostics."""


@dataclass(frozen=True, slots=True)
class StoreWord:
    """What the store wants of the robot now. `stop` is None while it has never said anything.

    `complaint` says who commands the robot instead of this gateway, or that the store is not heard.
    """

    stop: StopWord | None = None
    task: Task | None = None
    lease_number: int = 0
    complaint: str = ""


class StoreLine:
    """Says what to send and takes what comes. Times are seconds of a clock that also runs while the robot sleeps."""

    def __init__(
        self,
        robot_id: str,
        owner: str,
        stop: StopWord | None = None,
        new_key: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._lease = RobotLease(robot_id, owner)
        self._stop = StoreStop(robot_id, stop)
        self._task = RobotTask(robot_id)
        self._recall = Recall(robot_id)
        concerns = (self._stop, self._lease, self._task, self._recall)
        self._conversations = [Conversation(concern, new_key) for concern in concerns]
        self._report: RobotReport | None = None
        self._now_s = float("-inf")

    def turn(self, now_s: float, report: RobotReport | None) -> list[tuple[str, Message]]:
        """Take the robot's newest report, None when it is silent; return keys and messages that are to be sent now."""
        self._now_s, self._report = now_s, report
        lease = self._lease
        self._task.tell(now_s, lease.number(now_s), lease.hold(now_s) is Hold.LOST, report)
        asked = (conversation.ask(now_s) for conversation in self._conversations)
        return [one for one in asked if one is not None]

    def hear(self, key: str, reply: Any) -> None:
        """Take a reply; one that nobody waits for is ignored."""
        for conversation in self._conversations:
            conversation.hear(key, reply)

    def word(self) -> StoreWord:
        """Return what the store wants."""
        lease = self._lease
        complaint = lease.complaint or self._stop.complaint(self._now_s)
        return StoreWord(self._stop.word, self._task.task, lease.number(self._now_s), complaint)

    # What the desk asks

    def refuses_tour(self, session_id: str) -> str:
        """Return why no tour may begin, else an empty sentence. A tour under way may always be asked for again."""
        is_lost = self._lease.hold(self._now_s) is Hold.LOST
        is_under_way = self._report is not None and self._report.tour_session == session_id
        return COMMANDED_ELSEWHERE if is_lost and not is_under_way else ""

    def meet(self, session_id: str) -> None:
        """Take the visit that is on the screen, an empty name for nobody."""
        self._recall.meet(session_id, self._now_s)

    def recall(self, session_id: str, shopper_id: str) -> Memory | Problem:
        """Return what the robot may use of a shopper; the first time the store must be asked."""
        return self._recall.recall(session_id, shopper_id, self._now_s)

    def forget(self, shopper_id: str) -> None:
        """Drop the copy of a shopper's memory."""
        self._recall.forget(shopper_id)
