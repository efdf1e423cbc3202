"""The action compute_path_to_pose: a plan without a move."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from nav2_msgs.action import ComputePathToPose
from rclpy.action import ActionServer, GoalResponse

from aisle.geometry import Pose2
from aisle.sensing import Person
from aisle_navigation.driving.ground import SENTENCES, Ground, fault_of
from aisle_navigation.driving.outcome import ErrorCode
from aisle_navigation.nodes.nav2_requests import MapFromFrame, Refusal, pose_in_map
from aisle_navigation.planning.planner import PlanOutcome
from aisle_ros import conversions
from aisle_ros.node import ManagedNode


class PlanningServer:
    """Plans on the same ground as the navigator, around the same people, while the robot does what it does."""

    def __init__(
        self,
        node: ManagedNode,
        map_from: MapFromFrame,
        ground: Callable[[], Ground | None],
        people: Callable[[], tuple[Person, ...]],
        is_ready: Callable[[], bool],
    ) -> None:
        self._node = node
        self._map_from = map_from
        self._ground = ground
        self._people = people
        self._server = ActionServer(
            node,
            ComputePathToPose,
            "compute_path_to_pose",
            self._execute,
            goal_callback=lambda _request: GoalResponse.ACCEPT if is_ready() else GoalResponse.REJECT,
        )

    def _execute(self, goal: Any) -> Any:
        started_s = time.perf_counter()
        result = self._plan(goal.request)
        result.planning_time = conversions.duration(time.perf_counter() - started_s)
        if result.error_code == ErrorCode.NONE:
            goal.succeed()
        else:
            goal.abort()
        return result

    def _plan(self, request: Any) -> Any:
        ends = self._ends(request)
        if isinstance(ends, Refusal):
            return ComputePathToPose.Result(error_code=int(ends.error_code), error_msg=ends.sentence)
        ground, now_s = self._ground(), self._node.now_s()
        if ground is None:
            sentence = "there is no map that can be used"
            return ComputePathToPose.Result(error_code=int(ErrorCode.PLANNER_UNKNOWN), error_msg=sentence)
        route = ground.way(*ends, self._people(), now_s)
        if route.outcome is not PlanOutcome.FOUND:
            return ComputePathToPose.Result(error_code=route.outcome.value, error_msg=SENTENCES[route.outcome])
        return ComputePathToPose.Result(path=conversions.path_message(route.path, now_s))

    def _ends(self, request: Any) -> tuple[Pose2, Pose2] | Refusal:
        goal = pose_in_map(request.goal, self._map_from)
        if isinstance(goal, Refusal):
            return goal
        fault = fault_of(goal)
        if fault is not None:
            return Refusal(*fault)
        if request.use_start:
            start = pose_in_map(request.start, self._map_from)
            return start if isinstance(start, Refusal) else (start, goal)
        here = self._map_from("base_link")
        if here is None:
            return Refusal(ErrorCode.PLANNER_TF_ERROR, "the robot does not know where it is; give a start")
        return here, goal
