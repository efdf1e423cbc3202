"""ROS shell of the base: /cmd_vel to the serial line; odometry, tf, joints, battery and buttons back."""

from __future__ import annotations

import time
from pathlib import Path

from diagnostic_msgs.msg import DiagnosticStatus
from geometry_msgs.msg import Twist
from nav_msgs.msg import Odometry
from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn
from sensor_msgs.msg import BatteryState, Imu, JointState
from std_msgs.msg import Bool, UInt8
from std_srvs.srv import Trigger
from tf2_msgs.msg import TFMessage

from aisle import config, paths
from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge import battery, messages, ros_messages
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.driver import BaseDriver
from aisle_firmware_bridge.events import BaseReport, Event, SensorReport
from aisle_firmware_bridge.link import SerialLink
from aisle_ros.conversions import twist2
from aisle_ros.node import ManagedNode, spin

TICK_S = 0.02
ODOMETRY_EVERY = 2
SLOW_REPORT_EVERY = 10


class FirmwareBridgeNode(ManagedNode):
    """Drives the base while active; deactivating disarms it."""

    def __init__(self) -> None:
        super().__init__("firmware_bridge", {"device": "/dev/aisle_base", "robot": str(paths.reference_robot())})
        self._wish: Twist2 | None = None
        self._wished_s = 0.0
        self._driver: BaseDriver | None = None
        self._reports = 0
        self._buttons: object = None

    def configure(self) -> None:
        """Read the robot; nothing is opened before activation. May be called again after a clean-up."""
        self._robot = config.load(Path(self.text("robot")), RobotModel)
        self._bridge = Bridge(self._robot)
        self._gauge = battery.BatteryGauge(self._robot.battery)
        self._pack: battery.BatteryState | None = None
        self._report: BaseReport | None = None
        if self._driver is None:
            self._connect_topics()
        self._driver = BaseDriver(self._bridge, SerialLink(self.text("device")))

    def _connect_topics(self) -> None:
        self._odometry = self.create_publisher(Odometry, "/odom", 10)
        self._transforms = self.create_publisher(TFMessage, "/tf", 10)
        self._joints = self.create_publisher(JointState, "/joint_states", 10)
        self._battery = self.create_publisher(BatteryState, "/battery_state", 10)
        self._imu = self.create_publisher(Imu, "/imu", 10)
        self._bumpers = self.create_publisher(UInt8, "/bumpers", 10)
        self._emergency_stop = self.create_publisher(Bool, "/emergency_stop", 10)
        self.create_subscription(Twist, "/cmd_vel", self._on_wish, 1)
        self.create_service(Trigger, "~/release", self._on_release)
        self.every(TICK_S, self._tick)

    def activate(self) -> None:
        """Allow motion once: starting the robot is a deliberate act."""
        self._wish = None
        self._bridge.request_arm()

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        self.close()
        return super().on_deactivate(state)

    def close(self) -> None:
        """Disarm the base and give the line back."""
        if self._driver is not None:
            self._driver.close()

    def health(self) -> str:
        """Say what keeps the base from driving, if anything."""
        if self._is_deep:
            return "the battery is deeply discharged: switch everything off and charge it"
        return self._bridge.complaint

    def extra_health(self) -> list[DiagnosticStatus]:
        """Say how the battery is and how well dead reckoning knows the pose; nothing while the base is lost."""
        statuses: list[DiagnosticStatus] = []
        if self._bridge.status is None:
            return statuses
        if self._pack is not None:
            statuses.append(ros_messages.battery_diagnosis(self._pack))
        if self._report is not None:
            bias_radps, differ = self._bridge.bias_radps, self._bridge.do_turns_differ
            statuses.append(ros_messages.odometry_diagnosis(self._report.odometry, bias_radps, do_turns_differ=differ))
        return statuses

    @property
    def _is_deep(self) -> bool:
        return self._pack is not None and self._pack.level is battery.Level.DEEP

    def _on_wish(self, message: Twist) -> None:
        self._wish, self._wished_s = twist2(message), time.monotonic()

    def _on_release(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        response.success = self._bridge.request_release()
        asked, absent = (
            "the base was asked to release; see /emergency_stop",
            "no base answers: release it when it is back",
        )
        response.message = asked if response.success else absent
        return response

    def _tick(self) -> None:
        wish, self._wish = self._wish, None
        if self._is_deep:
            wish = None
        if wish is not None:
            self.ages["command to line"].note(time.monotonic() - self._wished_s)
        for event in self._driver.tick(self.now_s(), wish) if self._driver else []:
            self._publish(event)

    def _publish(self, event: Event) -> None:
        """Odometry goes out with every second status; buttons at once when they change, else with the battery."""
        if isinstance(event, SensorReport):
            self._publish_sensor(event)
        if not isinstance(event, BaseReport):
            return
        self._report = event
        self._reports += 1
        if self._reports % ODOMETRY_EVERY == 0:
            self._publish_motion(event)
        status = event.status
        buttons = (status.bumpers, status.emergency_stop, status.mode)
        is_due = self._reports % SLOW_REPORT_EVERY == 0
        if is_due or buttons != self._buttons:
            self._buttons = buttons
            self._bumpers.publish(ros_messages.bumpers_message(status))
            self._emergency_stop.publish(ros_messages.emergency_stop_message(status))
        if is_due and self._pack is None:
            self._battery.publish(ros_messages.battery_message(status, event.odometry.stamp_s))

    def _publish_sensor(self, event: SensorReport) -> None:
        """A base that reports its pack is asked for nothing else about the battery."""
        reading, stamp_s = event.reading, event.stamp_s
        if isinstance(reading, messages.Imu):
            self._imu.publish(ros_messages.imu_message(reading, stamp_s, self._robot.gyro))
        elif isinstance(reading, messages.BatteryReport):
            state = self._pack = self._gauge.update(battery.reading_of(reading, stamp_s))
            self._battery.publish(ros_messages.pack_message(reading, state, stamp_s, self._robot))

    def _publish_motion(self, report: BaseReport) -> None:
        odometry = report.odometry
        self._odometry.publish(ros_messages.odometry_message(odometry))
        self._transforms.publish(ros_messages.transforms_message(odometry))
        self._joints.publish(ros_messages.joint_message(report.status, odometry.stamp_s, self._robot))


def main() -> None:
    """Run the node until it is told to stop."""
    spin(FirmwareBridgeNode)


if __name__ == "__main__":
    main()
