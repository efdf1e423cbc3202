"""A Nav2 client drives our navigator: the same names, calls and codes that it would use with Nav2."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("aisle_interfaces.msg")

from action_msgs.msg import GoalStatus
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import GetState
from nav2_msgs.action import (
    BackUp,
    ComputePathToPose,
    FollowPath,
    FollowWaypoints,
    NavigateThroughPoses,
    NavigateToPose,
    Spin,
    Wait,
)
from nav2_msgs.msg import SpeedLimit
from nav2_msgs.srv import ClearEntireCostmap
from nav_msgs.msg import OccupancyGrid
from rclpy.action import ActionClient

from aisle.geometry import Pose2, wrap_angle
from aisle.paths import reference_robot
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS
from tests.navigation.rooms import room, with_box
from tests.ros.ideal_robot import IdealRobot
from tests.ros.live_nodes import START_S, Listener, node_command, ros_environment, running

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning"),
]
CELLS = with_box(room(), 4.0, 2.5, 5.0, 8.0)
START = Pose2(2.0, 5.0, 0.0)
NAN = float("nan")


class Client:
    """Sends a goal, collects its feedback, waits for its end."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.robot = IdealRobot(listener.node, CELLS, START)
        self._clients: dict[str, ActionClient] = {}

    def send(self, name: str, action: Any, **request: Any) -> tuple[Any, list[Any]]:
        """Return the handle of an accepted goal and the list into which its feedback comes."""
        client = self._clients.get(name) or ActionClient(self.listener.node, action, name)
        self._clients[name] = client
        self.listener.wait_for(client.server_is_ready, f"the action {name}", START_S)
        feedback: list[Any] = []
        sent = client.send_goal_async(action.Goal(**request), lambda message: feedback.append(message.feedback))
        self.listener.wait_for(sent.done, f"an answer of {name}")
        assert sent.result().accepted
        return sent.result(), feedback

    def end_of(self, handle: Any, within_s: float = 60.0) -> tuple[int, Any]:
        answer = handle.get_result_async()
        self.listener.wait_for(answer.done, "the end of the goal", within_s)
        return answer.result().status, answer.result().result

    def play(self, name: str, action: Any, **request: Any) -> tuple[int, Any, list[Any]]:
        handle, feedback = self.send(name, action, **request)
        return *self.end_of(handle), feedback

    def close(self) -> None:
        for client in self._clients.values():
            client.destroy()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    from tests.ros.live_nodes import listening

    with pytest.MonkeyPatch.context() as patch:
        for name, value in ros_environment().items():
            patch.setenv(name, value)
        log = tmp_path_factory.mktemp("nav2") / "log"
        command = node_command("aisle_navigation.nodes.navigator_node", robot=reference_robot())
        with listening() as listener, running(command, log, ros_environment()):
            opened = Client(listener)
            assert listener.change("navigator", Transition.TRANSITION_CONFIGURE)
            assert listener.change("navigator", Transition.TRANSITION_ACTIVATE)
            listener.wait_for(lambda: opened.listener.state_of("bt_navigator") == "active", "bt_navigator", START_S)
            yield opened
            opened.close()


def stamped(x_m: float, y_m: float, yaw_rad: float = 0.0, frame: str = "map") -> Any:
    return conversions.pose_stamped(Pose2(x_m, y_m, yaw_rad), frame, 0.0)


def path_of(*points: tuple[float, float]) -> Any:
    path = conversions.path_message(np.array(points), 0.0)
    for pose in path.poses:
        pose.header.frame_id = ""
    return path


def test_the_names_that_clients_wait_for_answer_active(client: Client) -> None:
    for name in ("bt_navigator", "controller_server", "planner_server", "behavior_server", "waypoint_follower"):
        state = client.listener.call(GetState, f"/{name}/get_state", GetState.Request())
        assert state.current_state.label == "active"


def test_a_goal_is_reached_with_feedback_on_the_way(client: Client) -> None:
    status, result, feedback = client.play("navigate_to_pose", NavigateToPose, pose=stamped(3.0, 1.5, 1.0))
    assert (status, result.error_code, result.error_msg) == (GoalStatus.STATUS_SUCCEEDED, 0, "")
    assert client.robot.pose.distance_to(Pose2(3.0, 1.5, 0.0)) < 0.3
    assert abs(wrap_angle(client.robot.pose.yaw_rad - 1.0)) < 0.2
    assert feedback[0].distance_remaining > 2.0 > feedback[-1].distance_remaining
    assert feedback[-1].navigation_time.sec >= 1
    assert feedback[-1].current_pose.header.frame_id == "map"


@pytest.mark.parametrize(
    ("goal", "code", "sentence"),
    [
        (stamped(4.5, 5.0), 206, "shelf"),
        (stamped(40.0, 5.0), 204, "outside the map"),
        (stamped(NAN, 5.0), 204, "not a number"),
        (stamped(3.0, 5.0, frame="kitchen"), 202, "'kitchen'"),
    ],
)
def test_a_bad_goal_gets_nav2s_code_and_a_sentence_and_no_motion(
    client: Client, goal: Any, code: int, sentence: str
) -> None:
    before = client.robot.pose
    status, result, _ = client.play("navigate_to_pose", NavigateToPose, pose=goal)
    assert (status, result.error_code) == (GoalStatus.STATUS_ABORTED, code)
    assert sentence in result.error_msg
    status, result, _ = client.play("compute_path_to_pose", ComputePathToPose, goal=goal)
    assert (status, result.error_code) == (GoalStatus.STATUS_ABORTED, code)
    assert sentence in result.error_msg
    assert client.robot.pose.distance_to(before) < 0.01


def test_a_plan_is_computed_without_a_move(client: Client) -> None:
    before = client.robot.pose
    status, result, _ = client.play(
        "compute_path_to_pose", ComputePathToPose, goal=stamped(7.0, 6.0), start=stamped(2.0, 6.0), use_start=True
    )
    assert (status, result.error_code) == (GoalStatus.STATUS_SUCCEEDED, 0)
    first, last = result.path.poses[0].pose.position, result.path.poses[-1].pose.position
    assert math.hypot(first.x - 2.0, first.y - 6.0) < 0.1
    assert math.hypot(last.x - 7.0, last.y - 6.0) < 0.1
    assert client.robot.pose.distance_to(before) < 0.01


def test_a_new_goal_takes_over_and_a_cancelled_one_stops(client: Client) -> None:
    first, _ = client.send("navigate_to_pose", NavigateToPose, pose=stamped(2.0, 6.0))
    second, _ = client.send("spin", Spin, target_yaw=3.0, time_allowance=conversions.duration(20.0))
    status, result = client.end_of(first)
    assert (status, result.error_msg) == (GoalStatus.STATUS_ABORTED, "another goal took over")
    second.cancel_goal_async()
    assert client.end_of(second)[0] == GoalStatus.STATUS_CANCELED
    client.listener.wait_for(lambda: client.robot.twist.angular_radps == 0.0, "the robot to stand")


def test_short_moves_do_what_they_say(client: Client) -> None:
    before = client.robot.pose
    allowance = conversions.duration(20.0)
    status, result, feedback = client.play("spin", Spin, target_yaw=1.0, time_allowance=allowance)
    assert (status, result.error_code) == (GoalStatus.STATUS_SUCCEEDED, 0)
    assert abs(wrap_angle(client.robot.pose.yaw_rad - before.yaw_rad - 1.0)) < 0.1
    assert feedback[-1].angular_distance_traveled > 0.5
    assert result.total_elapsed_time.sec + result.total_elapsed_time.nanosec > 0
    target = conversions.pose_message(Pose2(0.3, 0.0, 0.0)).position
    before = client.robot.pose
    status, result, _ = client.play("backup", BackUp, target=target, speed=0.2, time_allowance=allowance)
    assert (status, result.error_code) == (GoalStatus.STATUS_SUCCEEDED, 0)
    assert client.robot.pose.distance_to(before) == pytest.approx(0.3, abs=0.08)
    target.y = 1.0
    status, result, _ = client.play("backup", BackUp, target=target, speed=0.2, time_allowance=allowance)
    assert (status, result.error_code) == (GoalStatus.STATUS_ABORTED, 713)
    status, _, feedback = client.play("wait", Wait, time=conversions.duration(0.5))
    assert status == GoalStatus.STATUS_SUCCEEDED
    assert feedback


def test_poses_are_passed_and_waypoints_visited(client: Client) -> None:
    poses = [stamped(2.0, 4.0), stamped(2.0, 2.0)]
    status, result, feedback = client.play("navigate_through_poses", NavigateThroughPoses, poses=poses)
    assert (status, result.error_code) == (GoalStatus.STATUS_SUCCEEDED, 0)
    assert {message.number_of_poses_remaining for message in feedback} == {2, 1}
    waypoints = [stamped(2.5, 2.0), stamped(4.5, 6.0), stamped(2.0, 2.5)]
    status, result, feedback = client.play("follow_waypoints", FollowWaypoints, poses=waypoints)
    assert status == GoalStatus.STATUS_SUCCEEDED
    assert [(missed.index, missed.error_code) for missed in result.missed_waypoints] == [(1, 206)]
    assert feedback[-1].current_waypoint == 2


def test_a_path_is_followed(client: Client) -> None:
    status, result, feedback = client.play("follow_path", FollowPath, path=path_of((2.0, 2.5), (2.0, 4.5)))
    assert (status, result.error_code, result.error_msg) == (GoalStatus.STATUS_SUCCEEDED, 0, "")
    assert client.robot.pose.distance_to(Pose2(2.0, 4.5, 0.0)) < 0.3
    assert feedback[-1].distance_to_goal < 1.0


def test_staff_can_limit_the_speed_and_costmaps_are_there(client: Client) -> None:
    listener = client.listener
    heard = listener.listen(OccupancyGrid, "/global_costmap/costmap", LATCHED_QOS)
    limits = listener.node.create_publisher(SpeedLimit, "/speed_limit", 10)
    listener.wait_for(lambda: limits.get_subscription_count() > 0, "the navigator at /speed_limit")
    limits.publish(SpeedLimit(percentage=True, speed_limit=20.0))
    client.robot.fastest_mps = 0.0
    status, _, _ = client.play("navigate_to_pose", NavigateToPose, pose=stamped(2.0, 6.0))
    assert status == GoalStatus.STATUS_SUCCEEDED
    assert client.robot.fastest_mps <= 0.2 + 1e-6
    limits.publish(SpeedLimit(percentage=True, speed_limit=0.0))
    listener.wait_for(lambda: bool(heard), "a costmap")
    assert {100, 99} <= set(heard[-1].data)
    listener.call(ClearEntireCostmap, "/global_costmap/clear_entirely_global_costmap", ClearEntireCostmap.Request())
    listener.call(ClearEntireCostmap, "/local_costmap/clear_entirely_local_costmap", ClearEntireCostmap.Request())
