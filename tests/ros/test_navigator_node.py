"""The navigator as a process: every goal gets an end of its own, with a code and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("aisle_interfaces.msg")

from action_msgs.msg import GoalStatus
from lifecycle_msgs.msg import Transition
from nav2_msgs.action import NavigateToPose
from nav_msgs.msg import OccupancyGrid
from rclpy.action import ActionClient

from aisle.geometry import Pose2
from aisle.paths import reference_robot
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS
from tests.ros.live_nodes import START_S, Listener, node_command, ros_environment, running

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning"),
]


def empty_room() -> OccupancyGrid:
    message = OccupancyGrid()
    message.header.frame_id = "map"
    message.info.resolution, message.info.width, message.info.height = 0.05, 80, 80
    message.data = [0] * 6400
    return message


class Caller:
    """Sends goals to the navigator and waits for answers and ends."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.maps = listener.node.create_publisher(OccupancyGrid, "/map", LATCHED_QOS)
        self.client = ActionClient(listener.node, NavigateToPose, "navigate_to_pose")

    def send(self, x_m: float, frame: str = "map") -> Any:
        """Return the handle of an accepted goal."""
        goal = NavigateToPose.Goal(pose=conversions.pose_stamped(Pose2(x_m, 1.0, 0.0), frame, 0.0))
        handle = self._wait(self.client.send_goal_async(goal))
        assert handle.accepted
        return handle

    def end_of(self, handle: Any) -> tuple[int, int, str]:
        """Return status, error code and sentence of a goal."""
        answer = self._wait(handle.get_result_async())
        return answer.status, answer.result.error_code, answer.result.error_msg

    def _wait(self, future: Any) -> Any:
        self.listener.wait_for(future.done, "the navigator's answer")
        return future.result()


@pytest.fixture
def caller(listener: Listener, tmp_path: Path) -> Iterator[Caller]:
    command = node_command("aisle_navigation.nodes.navigator_node", robot=reference_robot())
    with running(command, tmp_path / "log", ros_environment()):
        opened = Caller(listener)
        opened.maps.publish(empty_room())
        assert listener.change("navigator", Transition.TRANSITION_CONFIGURE)
        assert listener.change("navigator", Transition.TRANSITION_ACTIVATE)
        listener.wait_for(opened.client.server_is_ready, "the action", START_S)
        yield opened
        opened.client.destroy()


def test_every_goal_ends_with_its_own_reason(caller: Caller) -> None:
    first = caller.send(1.0)
    elsewhere = caller.send(2.0, frame="kitchen")
    assert caller.end_of(elsewhere) == (
        GoalStatus.STATUS_ABORTED, 202, "goals are taken in the frames 'map', 'odom' and 'base_link', not in 'kitchen'"
    )  # fmt: skip
    second = caller.send(3.0)
    assert caller.end_of(first) == (GoalStatus.STATUS_ABORTED, 0, "another goal took over")
    caller.maps.publish(empty_room())
    status, _, sentence = caller.end_of(second)
    assert (status, sentence) == (GoalStatus.STATUS_ABORTED, "another map came while driving; send the goal again")
    third = caller.send(1.5)
    third.cancel_goal_async()
    assert caller.end_of(third)[0] == GoalStatus.STATUS_CANCELED


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda message: message.data.pop(), "6399"),
        (lambda message: setattr(message, "data", [100] * 6400), "no free cell"),
        (lambda message: (setattr(message.info, "width", 0), setattr(message, "data", [])), "rows and columns"),
    ],
)
def test_a_map_that_cannot_be_used_is_said_with_every_goal(caller: Caller, spoil: Any, sentence: str) -> None:
    message = empty_room()
    spoil(message)
    caller.maps.publish(message)
    for _ in range(50):
        status, code, said = caller.end_of(caller.send(1.0))
        if code == 200:
            break
    assert (status, code) == (GoalStatus.STATUS_ABORTED, 200)
    assert "the map cannot be used" in said
    assert sentence in said
    caller.maps.publish(empty_room())
