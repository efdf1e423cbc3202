"""Costmap topics and the services that clear them, as Nav2's clients and viewers look for them.

The local costmap is made anew from every scan, so that clearing it changes nothing; clearing the global one forgets
what the robot remembers to be in the way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from nav2_msgs.srv import ClearCostmapAroundRobot, ClearCostmapExceptRegion, ClearEntireCostmap
from nav_msgs.msg import OccupancyGrid

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import Person
from aisle_navigation.control.obstacles import LocalObstacles
from aisle_navigation.driving.costmap import Cells, costs_of, with_places
from aisle_navigation.driving.ground import Ground
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, ManagedNode

_PUBLISH_EVERY_S = 1.0


class Costmaps:
    """Publishes only what somebody listens to: a map of the whole store ten times a second would help nobody."""

    def __init__(
        self, node: ManagedNode, ground: Callable[[], Ground | None], robot_pose: Callable[[], Pose2 | None]
    ) -> None:
        self._node = node
        self._ground = ground
        self._robot_pose = robot_pose
        self._fixed: tuple[Ground, Cells] | None = None
        self._published_s = -_PUBLISH_EVERY_S
        self._global = node.create_publisher(OccupancyGrid, "/global_costmap/costmap", LATCHED_QOS)
        self._local = node.create_publisher(OccupancyGrid, "/local_costmap/costmap", 1)
        for side, clear in (("global", self._forget), ("local", lambda _where: None)):
            self._serve(side, clear)

    def _serve(self, side: str, clear: Callable[[Callable[[float, float], bool]], None]) -> None:
        node, prefix = self._node, f"/{side}_costmap/clear"

        def entirely(_request: Any, response: Any) -> Any:
            clear(lambda _x_m, _y_m: True)
            return response

        def around(request: Any, response: Any) -> Any:
            clear(self._near_robot(request.reset_distance))
            return response

        def elsewhere(request: Any, response: Any) -> Any:
            is_near = self._near_robot(request.reset_distance)
            clear(lambda x_m, y_m: not is_near(x_m, y_m))
            return response

        node.create_service(ClearEntireCostmap, f"{prefix}_entirely_{side}_costmap", entirely)
        node.create_service(ClearCostmapAroundRobot, f"{prefix}_around_{side}_costmap", around)
        node.create_service(ClearCostmapExceptRegion, f"{prefix}_except_{side}_costmap", elsewhere)

    def _near_robot(self, side_m: float) -> Callable[[float, float], bool]:
        """Return whether a place lies in the square around the robot; nothing does while its pose is unknown."""
        pose = self._robot_pose()
        if pose is None:
            return lambda _x_m, _y_m: False
        return lambda x_m, y_m: max(abs(x_m - pose.x_m), abs(y_m - pose.y_m)) <= 0.5 * side_m

    def _forget(self, where: Callable[[float, float], bool]) -> None:
        ground = self._ground()
        if ground is not None:
            ground.forget(where)

    def publish(self, robot: RobotModel, people: tuple[Person, ...], obstacles: Callable[[], LocalObstacles]) -> None:
        """Publish both, once a second and only to somebody."""
        ground, now_s = self._ground(), self._node.now_s()
        if ground is None or now_s - self._published_s < _PUBLISH_EVERY_S:
            return
        self._published_s = now_s
        if self._global.get_subscription_count():
            costs = with_places(
                self._fixed_costs(ground, robot), ground.grid, ground.in_the_way(people, now_s), robot.base.radius_m
            )
            grid = ground.grid
            self._global.publish(
                _message(costs, grid.resolution_m, Pose2(grid.origin_x_m, grid.origin_y_m, 0.0), now_s)
            )
        if self._local.get_subscription_count():
            near = obstacles()
            costs = costs_of(near.clearance_m, robot.base.radius_m)
            self._local.publish(_message(costs, near.resolution_m, Pose2(near.origin_x_m, near.origin_y_m, 0.0), now_s))

    def _fixed_costs(self, ground: Ground, robot: RobotModel) -> Cells:
        if self._fixed is None or self._fixed[0] is not ground:
            self._fixed = ground, costs_of(ground.grid.clearance_m, robot.base.radius_m)
        return self._fixed[1]


def _message(costs: Cells, resolution_m: float, origin: Pose2, now_s: float) -> OccupancyGrid:
    message = OccupancyGrid()
    message.header.frame_id, message.header.stamp = "map", conversions.stamp(now_s)
    message.info.resolution = float(resolution_m)
    message.info.height, message.info.width = (int(size) for size in costs.shape)
    message.info.origin = conversions.pose_message(origin)
    message.data = np.ascontiguousarray(costs).ravel().tolist()
    return message
