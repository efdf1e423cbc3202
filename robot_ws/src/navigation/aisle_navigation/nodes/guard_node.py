"""Collision guard shell: wanted velocity, scan, bumpers and emergency stop in; the velocity that may be sent out."""

from __future__ import annotations

import time
from pathlib import Path

from geometry_msgs.msg import Twist
from std_msgs.msg import Bool, String, UInt8
from std_srvs.srv import Trigger

from aisle.config import load
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_navigation.collision_guard.guard import LATCHED, Contacts, Guard, GuardReason
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, ManagedNode, spin
from aisle_ros.scans import on_scan

_PERIOD_S = 0.05
_PASSING = (GuardReason.CLEAR, GuardReason.SLOWED)


class GuardNode(ManagedNode):
    """The last stage before the base: it needs nothing but the scan, and stops when in doubt."""

    def __init__(self) -> None:
        super().__init__("collision_guard", {"robot": ""})
        self._guard: Guard | None = None
        self._contacts = Contacts()
        self._reason: GuardReason | None = None
        self._commanded_s: float | None = None
        self._velocity = self.create_publisher(Twist, "/cmd_vel", 1)
        self._state = self.create_publisher(String, "/guard_state", LATCHED_QOS)
        self._stopped = self.create_publisher(Bool, "/stopped", LATCHED_QOS)
        self.create_subscription(Twist, "/cmd_vel_nav", self.while_active(self._take_command), 1)
        on_scan(self, self.while_active(self._take_scan))
        self.create_subscription(UInt8, "/bumpers", self.while_active(self._take_bumper), 10)
        self.create_subscription(Bool, "/emergency_stop", self.while_active(self._take_stop), 10)
        self.create_service(Trigger, "~/release", self._release)
        self.every(_PERIOD_S, self._step)

    def configure(self) -> None:
        self._guard = Guard(load(Path(self.text("robot")), RobotModel))

    def health(self) -> str:
        if self._reason is None or self._reason in _PASSING:
            return ""
        return str(self._reason.value)

    def _core(self) -> Guard:
        assert self._guard is not None
        return self._guard

    def _take_command(self, message: Twist) -> None:
        self._core().command(conversions.twist2(message), self.now_s())
        self._commanded_s = time.monotonic()

    def _take_scan(self, scan: LaserScan) -> None:
        self._core().see(scan)

    def _take_bumper(self, message: UInt8) -> None:
        self._contacts = Contacts(message.data != 0, self._contacts.emergency_stop)
        self._core().feel(self._contacts)

    def _take_stop(self, message: Bool) -> None:
        self._contacts = Contacts(self._contacts.bumper, message.data)
        self._core().feel(self._contacts)

    def _release(self, _request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        self._core().release()
        self._core().feel(self._contacts)
        response.success = True
        return response

    def _step(self) -> None:
        decision = self._core().step(self.now_s())
        self._velocity.publish(conversions.twist_message(decision.twist))
        if self._commanded_s is not None:
            self.ages["command to guard"].note(time.monotonic() - self._commanded_s)
            self._commanded_s = None
        if decision.reason is not self._reason:
            self._log_change(self._reason, decision.reason)
            self._reason = decision.reason
            self._state.publish(String(data=decision.reason.value))
            self._stopped.publish(Bool(data=decision.reason in LATCHED))

    def _log_change(self, before: GuardReason | None, after: GuardReason) -> None:
        # Clear and slowed take turns many times a minute; that the robot passes at all is the news.
        if before not in _PASSING or after not in _PASSING:
            self.get_logger().info(f"guard: {after.value}")


def main() -> None:
    spin(GuardNode)


if __name__ == "__main__":
    main()
