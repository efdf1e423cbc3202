"""Collision guard shell: wanted velocities, scan, bumpers and emergency stop in; the velocity that may be sent out."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from aisle_interfaces.msg import StoreStop
from geometry_msgs.msg import Twist, TwistStamped
from sensor_msgs.msg import LaserScan as LaserScanMessage
from std_msgs.msg import Bool, String, UInt8
from std_srvs.srv import Trigger

from aisle.config import load
from aisle.robot_model import RobotModel
from aisle_navigation.collision_guard.guard import Contacts, Guard
from aisle_navigation.collision_guard.reasons import LATCHED, PASSING, GuardDecision, GuardReason
from aisle_navigation.collision_guard.settings import GuardSettings
from aisle_navigation.collision_guard.sources import SOURCES
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, SENSOR_QOS, ManagedNode, spin


class GuardNode(ManagedNode):
    """The last stage before the base: it needs nothing but the scan, and stops when in doubt."""

    def __init__(self) -> None:
        super().__init__("collision_guard", {"robot": "", "enable_stamped_cmd_vel": False})
        self._guard: Guard | None = None
        self._contacts = Contacts()
        self._is_stopped_by_store = False
        self._decision: GuardDecision | None = None
        self._commanded_s: float | None = None
        self._velocity = self.create_publisher(Twist, "/cmd_vel", 1)
        self._state = self.create_publisher(String, "/guard_state", LATCHED_QOS)
        self._source = self.create_publisher(String, "/velocity_source", LATCHED_QOS)
        self._stopped = self.create_publisher(Bool, "/stopped", LATCHED_QOS)
        self._listen()
        self.create_service(Trigger, "~/release", self._release)
        self.every(GuardSettings().period_s, self._step)

    def _listen(self) -> None:
        """Contacts are felt while inactive too: a latch must not depend on when the guard was awake."""
        kind = TwistStamped if self.get_parameter("enable_stamped_cmd_vel").value else Twist
        for source in SOURCES:
            take = self.while_active(partial(self._take_command, source.name))
            self.create_subscription(kind, source.topic, take, 1)
        # The raw stream, not `on_scan`: that stamps run backwards is for the guard to see.
        self.create_subscription(LaserScanMessage, "/scan", self.while_active(self._take_scan), SENSOR_QOS)
        self.create_subscription(UInt8, "/bumpers", self._take_bumper, 10)
        self.create_subscription(Bool, "/emergency_stop", self._take_stop, 10)
        self.create_subscription(StoreStop, "/store_stop", self._take_store_stop, LATCHED_QOS)

    def configure(self) -> None:
        self._guard = Guard(load(Path(self.text("robot")), RobotModel))
        self._guard.feel(self._contacts)
        self._guard.obey_store(self._is_stopped_by_store)

    def health(self) -> str:
        if self._decision is None or self._decision.reason in PASSING:
            return ""
        return str(self._decision.reason.value)

    def _core(self) -> Guard:
        assert self._guard is not None
        return self._guard

    # What comes in

    def _take_command(self, source: str, message: Twist | TwistStamped) -> None:
        twist = message.twist if isinstance(message, TwistStamped) else message
        self._core().command(conversions.twist2(twist), self.now_s(), source)
        self._commanded_s = time.monotonic()

    def _take_scan(self, message: LaserScanMessage) -> None:
        self._core().see(conversions.laser_scan(message))

    def _take_bumper(self, message: UInt8) -> None:
        self._feel(Contacts(message.data != 0, self._contacts.emergency_stop))

    def _take_stop(self, message: Bool) -> None:
        self._feel(Contacts(self._contacts.bumper, message.data))

    def _take_store_stop(self, message: StoreStop) -> None:
        self._is_stopped_by_store = message.stopped
        if self._guard is not None:
            self._guard.obey_store(message.stopped)

    def _feel(self, contacts: Contacts) -> None:
        self._contacts = contacts
        if self._guard is not None:
            self._guard.feel(contacts)

    def _release(self, _request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        held = self._core().release(self._contacts) if self._guard is not None else None
        response.success = held is None
        response.message = "the guard lets the robot drive" if held is None else f"still held: {held.value}"
        return response

    # What goes out

    def _step(self) -> None:
        decision = self._core().step(self.now_s())
        self._velocity.publish(conversions.twist_message(decision.twist))
        if self._commanded_s is not None:
            self.ages["command to guard"].note(time.monotonic() - self._commanded_s)
            self._commanded_s = None
        before, self._decision = self._decision, decision
        if before is None or decision.reason is not before.reason:
            self._tell_reason(before.reason if before is not None else None, decision)
        if before is None or decision.source != before.source:
            self._source.publish(String(data=decision.source))

    def _tell_reason(self, before: GuardReason | None, after: GuardDecision) -> None:
        self._state.publish(String(data=after.reason.value))
        self._stopped.publish(Bool(data=after.reason in LATCHED))
        # Clear and slowed take turns many times a minute; that the robot passes at all is the news.
        if before not in PASSING or after.reason not in PASSING:
            driver = f" ({after.source} drives)" if after.source else ""
            self.get_logger().info(f"guard: {after.reason.value}{driver}")


def main() -> None:
    spin(GuardNode)


if __name__ == "__main__":
    main()
