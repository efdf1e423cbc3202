"""The action servers as one: whatever is asked last is what the robot does, and every goal gets an end of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.task import Future

from aisle.geometry import Pose2
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import ErrorCode, Progress, Status, failed, standing
from aisle_navigation.nodes.nav2_actions import ACTIONS, ActionRow, Moment
from aisle_navigation.nodes.nav2_requests import MapFromFrame, Refusal
from aisle_ros.node import ManagedNode


@dataclass(slots=True)
class Pursuit:
    """One goal, when it began, and the future of its end; they never part."""

    row: ActionRow
    goal: ServerGoalHandle
    started_s: float
    ended: Future
    last: Progress


class Pursuits:
    """Serves every action of the table; a new goal of any of them takes over from the one under way."""

    def __init__(self, node: ManagedNode, map_from: MapFromFrame, is_ready: Callable[[], bool]) -> None:
        self._node = node
        self._map_from = map_from
        self._is_ready = is_ready
        self.navigator: Navigator | None = None
        self.trouble = "there is no map"
        self.current: Pursuit | None = None
        self._servers = [self._serve(row) for row in ACTIONS]

    def _serve(self, row: ActionRow) -> ActionServer:
        return ActionServer(
            self._node,
            row.action,
            row.name,
            # Never called as it is: `_accept` hands over every goal with a future of its own.
            self._execute,
            goal_callback=lambda _request: GoalResponse.ACCEPT if self._is_ready() else GoalResponse.REJECT,
            handle_accepted_callback=partial(self._accept, row),
            cancel_callback=lambda _goal: CancelResponse.ACCEPT,
        )

    def _accept(self, row: ActionRow, goal: ServerGoalHandle) -> None:
        pursuit = Pursuit(row, goal, self._node.now_s(), Future(), standing(Status.DRIVING))
        refusal = self._begin(pursuit)
        if refusal is not None:
            # Answered here and not refused before: only a result can carry a code and a sentence.
            pursuit.ended.set_result(failed(refusal.error_code, refusal.sentence))
        goal.execute(partial(self._execute, pursuit=pursuit))

    def _begin(self, pursuit: Pursuit) -> Refusal | None:
        """Make a goal the one under way; return why it cannot be."""
        navigator = self.navigator
        if navigator is None:
            return Refusal(ErrorCode.PLANNER_UNKNOWN, self.trouble)
        task = pursuit.row.task(pursuit.goal.request, navigator, self._map_from)
        if isinstance(task, Refusal):
            return task
        self.end(failed(0, "another goal took over"))
        navigator.start(task)
        self.current = pursuit
        return None

    async def _execute(self, goal: ServerGoalHandle, pursuit: Pursuit) -> Any:
        progress = await pursuit.ended
        if progress.status is Status.ARRIVED:
            goal.succeed()
        elif progress.status is Status.IDLE:
            goal.canceled()
        else:
            goal.abort()
        return pursuit.row.result(self._moment(pursuit, progress, Pose2(0.0, 0.0, 0.0)))

    def end(self, progress: Progress) -> None:
        """End the goal under way, if there is one. What it has done so far stays in its result."""
        pursuit, self.current = self.current, None
        if pursuit is not None:
            pursuit.ended.set_result(replace(progress, missed=progress.missed or pursuit.last.missed))
            if self.navigator is not None:
                self.navigator.cancel()

    def drop_cancelled(self) -> None:
        """End the goal under way if its client wants that."""
        if self.current is not None and self.current.goal.is_cancel_requested:
            self.end(Progress(standing().twist, Status.IDLE, sentence="cancelled"))

    def report(self, progress: Progress, pose_map: Pose2) -> None:
        """Tell the client how its goal stands, or that it has ended."""
        pursuit = self.current
        if pursuit is None:
            return
        pursuit.last = progress
        if progress.has_ended:
            self.end(progress)
        else:
            pursuit.goal.publish_feedback(pursuit.row.feedback(self._moment(pursuit, progress, pose_map)))

    def _moment(self, pursuit: Pursuit, progress: Progress, pose_map: Pose2) -> Moment:
        now_s = self._node.now_s()
        return Moment(now_s, now_s - pursuit.started_s, progress, pose_map, pursuit.goal.request)
