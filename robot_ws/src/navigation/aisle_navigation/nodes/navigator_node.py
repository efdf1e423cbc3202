"""Navigator shell: Nav2's actions, services and topics around the navigator core."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from geometry_msgs.msg import Twist, TwistStamped
from nav2_msgs.msg import SpeedLimit
from nav_msgs.msg import OccupancyGrid
from nav_msgs.msg import Path as PathMessage
from std_msgs.msg import String

from aisle.config import load
from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_navigation.control.obstacles import local_obstacles
from aisle_navigation.driving.ground import Ground
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import Progress, Status, failed, standing
from aisle_navigation.driving.situation import Situation
from aisle_navigation.driving.steering import still_points
from aisle_navigation.nodes import nav2_states
from aisle_navigation.nodes.costmaps import Costmaps
from aisle_navigation.nodes.filters import Filters
from aisle_navigation.nodes.navigator_inputs import Inputs
from aisle_navigation.nodes.planning_server import PlanningServer
from aisle_navigation.nodes.pursuits import Pursuits
from aisle_navigation.warm_up import warm_up
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, ManagedNode, spin
from aisle_ros.scans import on_scan

_LOOK_S, _SILENT_S = 0.1, 0.25
_PATH_EVERY = 4
NAV2_NODES = ("bt_navigator", "controller_server", "planner_server", "behavior_server", "waypoint_follower")
NAV2_MANAGERS = ("lifecycle_manager_navigation",)


class NavigatorNode(ManagedNode):
    """Steps the navigator on every scan; without scans it says ten times a second that the robot shall stand."""

    def __init__(self) -> None:
        super().__init__("navigator", {"robot": "", "seed": 1, "enable_stamped_cmd_vel": False})
        self._robot: RobotModel | None = None
        self._stepped_s = 0.0
        self._has_heard_map = False
        self._logged = Status.IDLE
        self._inputs = Inputs(self)
        is_stamped = bool(self.get_parameter("enable_stamped_cmd_vel").value)
        self._velocity = self.create_publisher(TwistStamped if is_stamped else Twist, "/cmd_vel_nav", 1)
        self._is_stamped = is_stamped
        self._plan = self.create_publisher(PathMessage, "/plan", 1)
        self._status = self.create_publisher(String, "/navigation_status", LATCHED_QOS)
        self.create_subscription(OccupancyGrid, "/map", self._take_map, LATCHED_QOS)
        on_scan(self, self.while_active(self._step))
        self.create_subscription(SpeedLimit, "/speed_limit", self._take_speed_limit, 10)

        def is_ready() -> bool:
            return self._has_heard_map and self._is_active

        self._pursuits = Pursuits(self, self._inputs.map_from, is_ready)
        self._planning = PlanningServer(self, self._inputs.map_from, self._ground, self._inputs.people, is_ready)
        self._costmaps = Costmaps(self, self._ground, lambda: self._inputs.map_from("base_link"))
        self._filters = Filters(self, self._take_filters)
        nav2_states.answer_as(self, NAV2_NODES, lambda: self._ground() is not None)
        nav2_states.answer_is_active(self, NAV2_MANAGERS, lambda: self._ground() is not None)
        self.every(_LOOK_S, self._look)

    @property
    def _navigator(self) -> Navigator | None:
        return self._pursuits.navigator

    def configure(self) -> None:
        self._robot = load(Path(self.text("robot")), RobotModel)
        warm_up(self._robot)

    def health(self) -> str:
        return "" if self._navigator is not None else self._pursuits.trouble

    # What comes in

    def _take_map(self, message: OccupancyGrid) -> None:
        if self._robot is None:
            self._robot = load(Path(self.text("robot")), RobotModel)
        self._pursuits.end(failed(0, "another map came while driving; send the goal again"))
        self._has_heard_map = True
        try:
            self._pursuits.navigator = Navigator(conversions.clearance_from(message), self._robot, self.number("seed"))
        except ValueError as error:
            self._pursuits.navigator, self._pursuits.trouble = None, f"the map cannot be used: {error}"
            self.get_logger().error(self._pursuits.trouble)
        self._take_filters()

    def _take_filters(self) -> None:
        navigator = self._navigator
        if navigator is not None:
            means = navigator.means
            means.ground.set_filters(self._filters.known(), means.robot.limits.speed_mps)

    def _take_speed_limit(self, message: SpeedLimit) -> None:
        if self._navigator is None:
            return
        limit = self._navigator.means.staff_limit
        (limit.set_share if message.percentage else limit.set_speed)(message.speed_limit)
        self.get_logger().info(f"speed limit: {limit.limit_mps:.2f} m/s")

    def _ground(self) -> Ground | None:
        return self._navigator.means.ground if self._navigator is not None and self._is_active else None

    # The control loop

    def _look(self) -> None:
        """Step without a scan when none has come for too long: then the robot stands."""
        if self.now_s() - self._stepped_s > _SILENT_S:
            self._step(None)

    def _step(self, scan: LaserScan | None) -> None:
        now_s = self.now_s()
        self._stepped_s = now_s
        self._pursuits.drop_cancelled()
        situation = self._inputs.situation(scan)
        progress = self._navigate(situation) if situation is not None else standing()
        self._send(progress.twist, now_s)
        self._status.publish(String(data=progress.status.value))
        self._log_change(progress)
        if situation is not None:
            self._report(progress, situation)
            self._show(situation)

    def _navigate(self, situation: Situation) -> Progress:
        if self._navigator is None or self._pursuits.current is None:
            return standing()
        self.ages["scan to command"].note(situation.now_s - situation.scan.stamp_s)
        return self._navigator.step(situation)

    def _send(self, twist: Twist2, now_s: float) -> None:
        message = conversions.twist_message(twist)
        if self._is_stamped:
            stamped = TwistStamped(twist=message)
            stamped.header.frame_id, stamped.header.stamp = "base_link", conversions.stamp(now_s)
            message = stamped
        self._velocity.publish(message)

    def _report(self, progress: Progress, situation: Situation) -> None:
        self._pursuits.report(progress, situation.pose_map)
        if len(progress.path):
            self._plan.publish(conversions.path_message(progress.path[::_PATH_EVERY], situation.now_s))

    def _show(self, situation: Situation) -> None:
        navigator = self._navigator
        if navigator is not None:
            means = navigator.means
            near = partial(local_obstacles, still_points(situation, means), situation.pose_map)
            self._costmaps.publish(means.robot, situation.people, near)

    def _log_change(self, progress: Progress) -> None:
        if progress.status is not self._logged:
            why = f": {progress.sentence}" if progress.sentence else ""
            self.get_logger().info(f"navigation: {self._logged.value} -> {progress.status.value}{why}")
            self._logged = progress.status

    def close(self) -> None:
        """Leave the wheels at rest."""
        self._send(Twist2(), self.now_s())


def main() -> None:
    spin(NavigatorNode)


if __name__ == "__main__":
    main()
