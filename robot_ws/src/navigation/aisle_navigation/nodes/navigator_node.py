"""Navigator shell: the action navigate_to_pose, as Nav2 defines it, around the navigator core."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from aisle_interfaces.msg import PersonArray
from geometry_msgs.msg import Twist
from nav2_msgs.action import NavigateToPose
from nav_msgs.msg import OccupancyGrid
from nav_msgs.msg import Odometry as OdometryMessage
from nav_msgs.msg import Path as PathMessage
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.task import Future
from std_msgs.msg import String

from aisle.config import load
from aisle.geometry import STOP, Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan, Odometry, Person
from aisle_navigation.driving.navigator import Navigator, Progress, Status
from aisle_navigation.warm_up import warm_up
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, ManagedNode, spin
from aisle_ros.scans import on_scan
from aisle_ros.transforms import RobotPose

_PERIOD_S = 0.1
_STALE_S = 0.5
_UNKNOWN_FRAME = 202
"""Nav2's code for a transform error while planning."""


@dataclass(frozen=True, slots=True)
class Pursuit:
    """One goal and the future of its end (status, error code, sentence); the two never part."""

    goal: ServerGoalHandle
    ended: Future


class NavigatorNode(ManagedNode):
    """Serves one goal at a time; a new goal takes over from the old one."""

    def __init__(self) -> None:
        super().__init__("navigator", {"robot": "", "seed": 1})
        self._robot: RobotModel | None = None
        self._navigator: Navigator | None = None
        self._scan: LaserScan | None = None
        self._odometry: Odometry | None = None
        self._people: tuple[Person, ...] = ()
        self._pursuit: Pursuit | None = None
        self._logged = Status.IDLE
        self._pose = RobotPose(self)
        self._velocity = self.create_publisher(Twist, "/cmd_vel_nav", 1)
        self._plan = self.create_publisher(PathMessage, "/plan", 1)
        self._status = self.create_publisher(String, "/navigation_status", LATCHED_QOS)
        self.create_subscription(OccupancyGrid, "/map", self._take_map, LATCHED_QOS)
        on_scan(self, self._take_scan)
        self.create_subscription(OdometryMessage, "/odom", self._take_odometry, 10)
        self.create_subscription(PersonArray, "/people", self._take_people, 10)
        self._actions = ActionServer(
            self,
            NavigateToPose,
            "navigate_to_pose",
            # Never called as it is: `_accept` hands over every goal with a future of its own.
            self._execute,
            goal_callback=self._consider,
            handle_accepted_callback=self._accept,
            cancel_callback=lambda _goal: CancelResponse.ACCEPT,
        )
        self.every(_PERIOD_S, self._step)

    def configure(self) -> None:
        self._robot = load(Path(self.text("robot")), RobotModel)
        warm_up(self._robot)

    def health(self) -> str:
        return "" if self._navigator is not None else "no map yet"

    def _take_map(self, message: OccupancyGrid) -> None:
        if self._robot is None:
            self._robot = load(Path(self.text("robot")), RobotModel)
        self._end(Status.FAILED, 0, "another map came while driving; send the goal again")
        self._navigator = Navigator(conversions.clearance_from(message), self._robot, self.number("seed"))

    def _take_scan(self, scan: LaserScan) -> None:
        self._scan = scan

    def _take_odometry(self, message: OdometryMessage) -> None:
        self._odometry = conversions.odometry(message)

    def _take_people(self, message: PersonArray) -> None:
        self._people = conversions.people(message)

    # The action

    def _consider(self, _request: NavigateToPose.Goal) -> GoalResponse:
        return GoalResponse.ACCEPT if self._navigator is not None and self._is_active else GoalResponse.REJECT

    def _accept(self, goal: ServerGoalHandle) -> None:
        pursuit = Pursuit(goal, Future())
        frame = goal.request.pose.header.frame_id
        if frame == "map":
            self._pursue(pursuit)
        else:
            # Answered here and not refused in `_consider`: only a result can carry a code and a sentence.
            sentence = f"goals are taken in the frame 'map', not in '{frame}'"
            pursuit.ended.set_result((Status.FAILED, _UNKNOWN_FRAME, sentence))
        goal.execute(partial(self._execute, ended=pursuit.ended))

    def _pursue(self, pursuit: Pursuit) -> None:
        self._end(Status.FAILED, 0, "another goal took over")
        self._pursuit = pursuit
        assert self._navigator is not None
        self._navigator.go_to(conversions.pose2(pursuit.goal.request.pose.pose), self.now_s())

    async def _execute(self, goal: ServerGoalHandle, ended: Future) -> NavigateToPose.Result:
        status, code, sentence = await ended
        if status is Status.ARRIVED:
            goal.succeed()
        elif status is Status.IDLE:
            goal.canceled()
        else:
            goal.abort()
        return NavigateToPose.Result(error_code=code, error_msg=sentence)

    def _end(self, status: Status, code: int, sentence: str) -> None:
        """End the goal under way, if there is one."""
        pursuit, self._pursuit = self._pursuit, None
        if pursuit is not None:
            pursuit.ended.set_result((status, code, sentence))
            if self._navigator is not None:
                self._navigator.cancel()

    # The control loop

    def _step(self) -> None:
        if self._pursuit is not None and self._pursuit.goal.is_cancel_requested:
            self._end(Status.IDLE, 0, "cancelled")
        progress = self._progress()
        self._velocity.publish(conversions.twist_message(progress.twist))
        self._status.publish(String(data=progress.status.value))
        self._log_change(progress)
        if self._pursuit is not None:
            self._report(progress, self._pursuit.goal)

    def _log_change(self, progress: Progress) -> None:
        if progress.status is not self._logged:
            why = f": {progress.sentence}" if progress.sentence else ""
            self.get_logger().info(f"navigation: {self._logged.value} -> {progress.status.value}{why}")
            self._logged = progress.status

    def _progress(self) -> Progress:
        now_s = self.now_s()
        pose, scan, odometry = self._pose.at(now_s), self._scan, self._odometry
        standing = Progress(STOP, Status.IDLE, 0.0, np.zeros((0, 2)))
        if self._navigator is None or self._pursuit is None or pose is None or scan is None or odometry is None:
            return standing
        if now_s - scan.stamp_s > _STALE_S or now_s - odometry.stamp_s > _STALE_S:
            return standing
        self.ages["scan to command"].note(now_s - scan.stamp_s)
        people = tuple(person for person in self._people if now_s - person.seen_s < _STALE_S)
        return self._navigator.step(now_s, pose, odometry.twist, scan, people)

    def _report(self, progress: Progress, goal: ServerGoalHandle) -> None:
        if progress.status in (Status.ARRIVED, Status.FAILED):
            self._end(progress.status, progress.error_code, progress.sentence)
            return
        now_s = self.now_s()
        pose = self._pose.at(now_s) or Pose2(0.0, 0.0, 0.0)
        feedback = NavigateToPose.Feedback(distance_remaining=float(progress.distance_left_m))
        feedback.current_pose = conversions.pose_stamped(pose, "map", now_s)
        goal.publish_feedback(feedback)
        if len(progress.path):
            self._plan.publish(conversions.path_message(progress.path[::4], now_s))

    def close(self) -> None:
        """Leave the wheels at rest."""
        self._velocity.publish(conversions.twist_message(Twist2()))


def main() -> None:
    spin(NavigatorNode)


if __name__ == "__main__":
    main()
