"""Lifecycle manager: configures and activates the nodes in order, and again whenever one has been restarted.

Also publishes what never moves: the robot description and the static transform of the laser.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from diagnostic_msgs.msg import DiagnosticArray, KeyValue
from lifecycle_msgs.msg import State as PrimaryState
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rclpy.client import Client
from rclpy.clock import Clock, ClockType
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

from aisle.config import load
from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle_bringup.robot_description import urdf
from aisle_bringup.sequence import Move, Sequence, State
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, ManagedNode, spin

_PERIOD_S = 0.1
# Compiling kernels while activating takes long; saying how it is does not.
_ANSWER_WITHIN_S = {Move.ASK: 2.0, Move.CONFIGURE: 60.0, Move.ACTIVATE: 60.0}
_SILENT_AFTER_S = 3.0
_TRANSITIONS = {Move.CONFIGURE: Transition.TRANSITION_CONFIGURE, Move.ACTIVATE: Transition.TRANSITION_ACTIVATE}
_STATES = {
    PrimaryState.PRIMARY_STATE_UNCONFIGURED: State.UNCONFIGURED,
    PrimaryState.PRIMARY_STATE_INACTIVE: State.INACTIVE,
    PrimaryState.PRIMARY_STATE_ACTIVE: State.ACTIVE,
}


class StartRefused(RuntimeError):
    """A node refused its transition for good; the log has said which."""


@dataclass(slots=True)
class Ward:
    """A node that is looked after: its two services, and when it last said how it is (monotonic seconds)."""

    change: Client
    state: Client
    heard_s: float


class LifecycleManager(ManagedNode):
    """Asks one thing at a time; a node that is not there yet is waited for, one that comes back is brought up again.

    Every node says on /diagnostics once a second whether it is active; one that says no, or nothing for a while, is
    asked for its state. When a node refuses for good, the log and /robot_ready name it, and the next step raises
    StartRefused.
    """

    def __init__(self) -> None:
        super().__init__("lifecycle_manager", {"robot": "", "nodes": [""]})
        names = [str(name) for name in self.get_parameter("nodes").value]
        self._sequence = Sequence(tuple(names))
        self._wards = {name: self._ward(name) for name in names}
        self._asked_s = 0.0
        self._was_ready = False
        self._ready = self.create_publisher(String, "/robot_ready", LATCHED_QOS)
        self.create_subscription(DiagnosticArray, "/diagnostics", self._take_diagnostics, 50)
        self._describe(load(Path(self.text("robot")), RobotModel))
        # On the machine's clock: nodes are brought up also while the simulated one stands still.
        self.create_timer(_PERIOD_S, self._step, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _ward(self, name: str) -> Ward:
        change = self.create_client(ChangeState, f"/{name}/change_state")
        return Ward(change, self.create_client(GetState, f"/{name}/get_state"), time.monotonic())

    def _describe(self, robot: RobotModel) -> None:
        self._description = self.create_publisher(String, "/robot_description", LATCHED_QOS)
        self._description.publish(String(data=urdf(robot)))
        self._static = self.create_publisher(TFMessage, "/tf_static", LATCHED_QOS)
        mount = conversions.transform("base_link", "laser_link", Pose2(robot.laser.x_m, 0.0, 0.0), 0.0, robot.laser.z_m)
        self._static.publish(TFMessage(transforms=[mount]))

    def _take_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            ward = self._wards.get(status.name)
            if ward is None:
                continue
            ward.heard_s = time.monotonic()
            if self._sequence.finished_once and KeyValue(key="active", value="False") in status.values:
                self._sequence.learned(status.name, State.UNKNOWN)

    def _step(self) -> None:
        if self._sequence.failed:
            raise StartRefused
        self._watch(time.monotonic())
        reachable = [name for name, ward in self._wards.items() if ward.change.service_is_ready()]
        request = self._sequence.next_request(reachable)
        if request is not None:
            self._ask(*request)

    def _watch(self, now_s: float) -> None:
        """Give up on an answer that does not come, and doubt who has fallen silent."""
        under_way = self._sequence.under_way
        if under_way is not None:
            name, move = under_way
            is_gone = not self._wards[name].change.service_is_ready()
            if is_gone or now_s - self._asked_s > _ANSWER_WITHIN_S[move]:
                self._sequence.gave_up()
        for name, ward in self._wards.items():
            if self._sequence.finished_once and now_s - ward.heard_s > _SILENT_AFTER_S:
                self._sequence.learned(name, State.UNKNOWN)

    def _ask(self, name: str, move: Move) -> None:
        self._sequence.asked(name, move)
        self._asked_s = time.monotonic()
        ward = self._wards[name]
        if move is Move.ASK:
            ward.state.call_async(GetState.Request()).add_done_callback(
                lambda future: self._take_state(name, future.result())
            )
            return
        message = ChangeState.Request()
        message.transition.id = _TRANSITIONS[move]
        ward.change.call_async(message).add_done_callback(lambda future: self._take(name, move, future.result()))

    def _take_state(self, name: str, response: GetState.Response | None) -> None:
        if self._sequence.under_way != (name, Move.ASK):
            return
        state = _STATES.get(response.current_state.id, State.UNKNOWN) if response is not None else State.UNKNOWN
        self._wards[name].heard_s = time.monotonic()
        self._sequence.told(state)
        self._tell()

    def _take(self, name: str, move: Move, response: ChangeState.Response | None) -> None:
        if self._sequence.under_way != (name, move):
            return
        self._wards[name].heard_s = time.monotonic()
        self._sequence.answered(response is not None and response.success)
        if self._sequence.failed:
            self.get_logger().error(f"{name} did not start; its own log says why")
            self._ready.publish(String(data=f"failed: {name}"))
        self._tell()

    def _tell(self) -> None:
        """Say once when all have become active, and once when that is no longer so."""
        is_ready = self._sequence.all_active
        if is_ready is self._was_ready:
            return
        self._was_ready = is_ready
        self.get_logger().info("all nodes are active" if is_ready else "a node is being brought up again")
        self._ready.publish(String(data="ready" if is_ready else "not ready"))


def main() -> None:
    try:
        spin(LifecycleManager, sys.argv)
    except StartRefused:
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
