"""Drives through Nav2's action navigate_to_pose; every call returns at once."""

from __future__ import annotations

from typing import Any

from action_msgs.msg import GoalStatus
from action_msgs.srv import CancelGoal
from nav2_msgs.action import NavigateToPose
from rclpy.action import ActionClient
from rclpy.action.client import ClientGoalHandle
from rclpy.lifecycle import LifecycleNode
from rclpy.task import Future
from std_msgs.msg import String

from aisle.geometry import Pose2
from aisle_behaviour.travel import GoalWatch, Next
from aisle_behaviour.world import Travel
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS

_WAITING = "waiting for the way to clear"


class ActionDriver:
    """Sends the newest goal and follows only that one; answers about older goals are ignored."""

    def __init__(self, node: LifecycleNode) -> None:
        self._node = node
        self._client = ActionClient(node, NavigateToPose, "navigate_to_pose")
        self._cancel_client = node.create_client(CancelGoal, "navigate_to_pose/_action/cancel_goal")
        self._handle: ClientGoalHandle | None = None
        self._goal: Pose2 | None = None
        self._travel = Travel.IDLE
        self._serial = 0
        self._waiting = False
        self._goal_watch = GoalWatch()
        self.distance_left_m = -1.0
        node.create_subscription(String, "/navigation_status", self._take_status, LATCHED_QOS)

    def travel(self) -> Travel:
        """Return how the newest goal stands."""
        if self._travel is Travel.DRIVING:
            self._look(self._now_s())
        return Travel.WAITING if self._travel is Travel.DRIVING and self._waiting else self._travel

    def go_to(self, goal_map: Pose2) -> None:
        """Send a goal; the navigator lets it take over from an older one."""
        self._goal, self._travel = goal_map, Travel.DRIVING
        self._goal_watch.wanted(self._now_s())
        self._send()

    def cancel_all(self) -> None:
        """Drop every goal that the navigator has, whoever sent it."""
        if self._cancel_client.service_is_ready():
            # An empty request, without goal and time, means all goals (action_msgs/CancelGoal).
            self._cancel_client.call_async(CancelGoal.Request())

    def _now_s(self) -> float:
        return float(self._node.get_clock().now().nanoseconds) * 1e-9

    def _send(self) -> None:
        assert self._goal is not None
        self._serial += 1
        serial = self._serial
        self._handle = None
        self._goal_watch.sent(self._now_s())
        goal = NavigateToPose.Goal()
        goal.pose = conversions.pose_stamped(self._goal, "map", 0.0)
        sent = self._client.send_goal_async(goal, feedback_callback=self._take_feedback)
        sent.add_done_callback(lambda future: self._take_answer(future, serial))

    def _look(self, now_s: float) -> None:
        was_orphaned = self._goal_watch.is_orphaned
        match self._goal_watch.look(now_s):
            case Next.SEND_AGAIN:
                self._send()
            case Next.GIVE_UP:
                self._travel = Travel.FAILED
        if self._goal_watch.is_orphaned and not was_orphaned:
            self._node.get_logger().warning("the navigator is silent; it gets its goal again when it is back")

    def cancel(self) -> None:
        """Drop the goal."""
        self._serial += 1
        if self._handle is not None:
            self._handle.cancel_goal_async()
        self._handle, self._goal, self._travel = None, None, Travel.IDLE

    def _take_status(self, message: String) -> None:
        self._waiting = message.data == _WAITING
        self._goal_watch.heard(self._now_s())

    def _take_feedback(self, message: Any) -> None:
        self.distance_left_m = message.feedback.distance_remaining

    def _take_answer(self, future: Future, serial: int) -> None:
        handle = future.result()
        if handle is None or not handle.accepted:
            if serial == self._serial:
                self._goal_watch.refused(self._now_s())
            return
        if serial != self._serial:
            handle.cancel_goal_async()
            return
        self._handle = handle
        handle.get_result_async().add_done_callback(lambda result: self._take_result(result, serial))

    def _take_result(self, future: Future, serial: int) -> None:
        if serial != self._serial:
            return
        result = future.result()
        arrived = result.status == GoalStatus.STATUS_SUCCEEDED
        self._travel = Travel.ARRIVED if arrived else Travel.FAILED
        if not arrived:
            self._node.get_logger().warning(f"navigation ended: {result.result.error_msg}")
