"""Lifecycle manager: configures and activates the nodes in order, and takes them down in reverse.

Also publishes what never moves: the robot description and the static transform of the laser.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

from aisle.config import load
from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle_bringup.robot_description import urdf
from aisle_bringup.sequence import Move, Sequence
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, ManagedNode, spin

_PERIOD_S = 0.1
_TRANSITIONS = {Move.CONFIGURE: Transition.TRANSITION_CONFIGURE, Move.ACTIVATE: Transition.TRANSITION_ACTIVATE}


class StartRefused(RuntimeError):
    """A node refused its transition for good; the log has said which."""


class LifecycleManager(ManagedNode):
    """Asks one transition at a time; a node that is not there yet is waited for.

    When a node refuses for good, the log and /robot_ready name it, and the next step raises StartRefused.
    """

    def __init__(self) -> None:
        super().__init__("lifecycle_manager", {"robot": "", "nodes": [""]})
        names = [str(name) for name in self.get_parameter("nodes").value]
        self._sequence = Sequence(tuple(names))
        self._clients_by_name = {name: self.create_client(ChangeState, f"/{name}/change_state") for name in names}
        self._ready = self.create_publisher(String, "/robot_ready", LATCHED_QOS)
        self._describe(load(Path(self.text("robot")), RobotModel))
        self.create_timer(_PERIOD_S, self._step)

    def _describe(self, robot: RobotModel) -> None:
        self._description = self.create_publisher(String, "/robot_description", LATCHED_QOS)
        self._description.publish(String(data=urdf(robot)))
        self._static = self.create_publisher(TFMessage, "/tf_static", LATCHED_QOS)
        mount = conversions.transform("base_link", "laser_link", Pose2(robot.laser.x_m, 0.0, 0.0), 0.0, robot.laser.z_m)
        self._static.publish(TFMessage(transforms=[mount]))

    def _step(self) -> None:
        if self._sequence.failed:
            raise StartRefused
        request = self._sequence.next_request()
        if request is None:
            return
        name, move = request
        client = self._clients_by_name[name]
        if not client.service_is_ready():
            return
        self._sequence.asked()
        message = ChangeState.Request()
        message.transition.id = _TRANSITIONS[move]
        client.call_async(message).add_done_callback(lambda future: self._take(name, future.result()))

    def _take(self, name: str, response: ChangeState.Response | None) -> None:
        self._sequence.answered(response is not None and response.success)
        if self._sequence.failed:
            self.get_logger().error(f"{name} did not start; its own log says why")
            self._ready.publish(String(data=f"failed: {name}"))
        elif self._sequence.finished:
            self.get_logger().info("all nodes are active")
            self._ready.publish(String(data="ready"))


def main() -> None:
    try:
        spin(LifecycleManager, sys.argv)
    except StartRefused:
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
