"""Asks the navigator how long ways are, by Nav2's action compute_path_to_pose; every call returns at once."""

from __future__ import annotations

import numpy as np
from action_msgs.msg import GoalStatus
from nav2_msgs.action import ComputePathToPose
from rclpy.action import ActionClient
from rclpy.lifecycle import LifecycleNode
from rclpy.task import Future

from aisle.geometry import Pose2
from aisle_behaviour.ways import Take
from aisle_ros import conversions


class PathAsker:
    """Hands a surveyor's questions to the navigator."""

    def __init__(self, node: LifecycleNode) -> None:
        self._client = ActionClient(node, ComputePathToPose, "compute_path_to_pose")

    def ask(self, start_map: Pose2, goal_map: Pose2, take: Take) -> None:
        """Ask; the answer comes later, or at once that there is none when the navigator is away."""
        if not self._client.server_is_ready():
            take(None)
            return
        request = ComputePathToPose.Goal(use_start=True)
        request.start = conversions.pose_stamped(start_map, "map", 0.0)
        request.goal = conversions.pose_stamped(goal_map, "map", 0.0)
        self._client.send_goal_async(request).add_done_callback(lambda sent: _take_answer(sent, take))


def _take_answer(sent: Future, take: Take) -> None:
    handle = sent.result()
    if handle is None or not handle.accepted:
        take(None)
    else:
        handle.get_result_async().add_done_callback(lambda answer: take(_length_m(answer)))


def _length_m(answer: Future) -> float | None:
    found = answer.result()
    if found is None or found.status != GoalStatus.STATUS_SUCCEEDED:
        return None
    points = np.array([(one.pose.position.x, one.pose.position.y) for one in found.result.path.poses]).reshape(-1, 2)
    return float(np.hypot(*np.diff(points, axis=0).T).sum())
