"""Gateway shell: ROS on one side, ZeroMQ on the other."""

from __future__ import annotations

import math
from pathlib import Path

from aisle_interfaces.msg import MatchQuality, ScreenState, StoreStop, StoreTask, VisitStatus
from nav_msgs.msg import Odometry
from nav_msgs.msg import Path as PathMessage
from sensor_msgs.msg import BatteryState

from aisle.clock import boot_s, wall_s
from aisle.messages.robot import robot_name
from aisle_gateway import translate
from aisle_gateway.desk import Desk
from aisle_gateway.nodes.io_thread import GatewayThread
from aisle_gateway.nodes.note_thread import NoteThread
from aisle_gateway.nodes.ros_robot import RosRobot
from aisle_gateway.owner import owner_name
from aisle_gateway.shelves import load_shelves
from aisle_gateway.stop import StopWord, load_stop
from aisle_gateway.store_line import StoreLine, StoreWord
from aisle_ros.node import LATCHED_QOS, ManagedNode, spin
from aisle_ros.transforms import RobotPose

_VIEW_PERIOD_S = 0.1
_STATUS_PERIOD_S = 1.0
_VISIT_STALE_S = 1.0


class GatewayNode(ManagedNode):
    """Keeps the newest of what the robot says, and passes it on."""

    def __init__(self) -> None:
        super().__init__("gateway", {"store": "", "keys": "", "robot_id": "", "stop_note": ""})
        self._thread: GatewayThread | None = None
        self._note: NoteThread | None = None
        self._visit: VisitStatus | None = None
        self._plan: PathMessage | None = None
        self._speed_mps = 0.0
        self._battery_fraction = math.nan
        self._localized = False
        self._word = StoreWord()
        self._pose = RobotPose(self)
        self._robot = RosRobot(self)
        self._screen = self.create_publisher(ScreenState, "/screen_state", 10)
        self._stop = self.create_publisher(StoreStop, "/store_stop", LATCHED_QOS)
        self._task = self.create_publisher(StoreTask, "/store_task", LATCHED_QOS)
        self.create_subscription(VisitStatus, "/visit_status", self._take_visit, 10)
        self.create_subscription(PathMessage, "/plan", self._take_plan, 1)
        self.create_subscription(Odometry, "/odom", self._take_odometry, 10)
        self.create_subscription(BatteryState, "/battery_state", self._take_battery, 1)
        self.create_subscription(MatchQuality, "/match_quality", self._take_quality, 10)
        self.every(_VIEW_PERIOD_S, self._exchange)
        self.every(_STATUS_PERIOD_S, self._report)

    def configure(self) -> None:
        note = self._stop_note()
        shelves, robot_id = load_shelves(Path(self.text("store"))), robot_name(self.text("robot_id"))
        line = StoreLine(robot_id, owner_name(), load_stop(note) if note is not None else None)
        desk = Desk(shelves, self._robot, line)
        self._thread = GatewayThread(Path(self.text("keys")), desk, line)
        self._thread.start()
        if note is not None:
            self._note = NoteThread(note)
            self._note.start()

    def health(self) -> str:
        if self._thread is None:
            return "not connected"
        note = self._note.complaint(boot_s()) if self._note is not None else ""
        return self._thread.complaint() or self._word.complaint or note

    def _stop_note(self) -> Path | None:
        """Return the file that outlives a restart of the robot in a stop."""
        return Path(self.text("stop_note")) if self.text("stop_note") else None

    def close(self) -> None:
        """Close the sockets, and the file of the stop."""
        if self._thread is not None:
            self._thread.stop()
        if self._note is not None:
            self._note.stop()

    def _take_visit(self, message: VisitStatus) -> None:
        if translate.visit_state(message) is None:
            # An old view would be wrong too: without a status the screen hears that the robot is silent.
            self.get_logger().warning(
                f"visit status ignored: unknown state '{message.visit}'", throttle_duration_sec=10.0
            )
            self._visit = None
        else:
            self._visit = message

    def _take_plan(self, message: PathMessage) -> None:
        self._plan = message

    def _take_odometry(self, message: Odometry) -> None:
        self._speed_mps = message.twist.twist.linear.x

    def _take_battery(self, message: BatteryState) -> None:
        self._battery_fraction = message.percentage

    def _take_quality(self, message: MatchQuality) -> None:
        self._localized = message.localized

    def _exchange(self) -> None:
        assert self._thread is not None
        screen = self._thread.newest_screen()
        if screen is not None:
            self._screen.publish(translate.screen_message(screen, self.now_s()))
        self._obey(self._thread.store_word(boot_s()))
        pose, status = self._pose.at(self.now_s()), self._fresh_visit()
        if status is not None:
            self._thread.send(translate.robot_report(status))
        if status is not None and pose is not None:
            self._thread.send(translate.robot_view(status, pose, self._speed_mps, self._plan))

    def _obey(self, word: StoreWord) -> None:
        """Pass on at once what has changed."""
        before, self._word = self._word, word
        if word.stop is not None and word.stop != before.stop:
            self._stop.publish(translate.store_stop(word.stop))
            self._note_stop(word.stop)
        if word.task != before.task:
            self._task.publish(translate.store_task(word.task, self.now_s()))
        if word.complaint != before.complaint:
            self.get_logger().warning(word.complaint or "the store is heard, and the robot is commanded from here")

    def _note_stop(self, stop: StopWord) -> None:
        """Have the stop kept, after it was passed on: it does not depend on a disk."""
        self.get_logger().info(
            f"stopped by the store: {stop.reason}" if stop.is_stopped else "not stopped by the store"
        )
        if self._note is not None:
            self._note.keep(stop, boot_s())

    def _repeat(self) -> None:
        """Say again what the store wants, for whoever was started again."""
        if self._word.stop is not None:
            self._stop.publish(translate.store_stop(self._word.stop))
        self._task.publish(translate.store_task(self._word.task, self.now_s()))

    def _report(self) -> None:
        assert self._thread is not None
        self._repeat()
        pose, visit = self._pose.at(self.now_s()), self._fresh_visit()
        if visit is not None and pose is not None:
            condition = translate.Condition(self._battery_fraction, self._localized, self._word.lease_number)
            status = translate.robot_status(self.text("robot_id"), visit, pose, condition, wall_s())
            self._thread.send(status)

    def _fresh_visit(self) -> VisitStatus | None:
        """Return the newest status; None when behaviour is silent, so that the screen hears silence too."""
        status = self._visit
        return status if status is not None and translate.age_s(status, self.now_s()) < _VISIT_STALE_S else None


def main() -> None:
    spin(GatewayNode)


if __name__ == "__main__":
    main()
