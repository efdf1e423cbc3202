"""The table of Nav2 actions that move the robot: what each is called, asks for, tells on the way, and answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nav2_msgs.action import (
    BackUp,
    DriveOnHeading,
    FollowPath,
    FollowWaypoints,
    NavigateThroughPoses,
    NavigateToPose,
    Spin,
    Wait,
)
from nav2_msgs.msg import MissedWaypoint

from aisle.geometry import Pose2
from aisle_navigation.driving.navigator import Navigator, Task
from aisle_navigation.driving.outcome import Progress
from aisle_navigation.nodes import nav2_requests as requests
from aisle_navigation.nodes.nav2_requests import MapFromFrame, Refusal
from aisle_ros import conversions

_LEAST_MPS = 0.1


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a goal: its progress, how long it has been under way, where the robot is, and the request."""

    now_s: float
    elapsed_s: float
    progress: Progress
    pose_map: Pose2
    request: Any


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action."""

    name: str
    action: Any
    task: Callable[[Any, Navigator, MapFromFrame], Task | Refusal]
    feedback: Callable[[Moment], Any]
    result: Callable[[Moment], Any]


def _goal_result(action: Any) -> Callable[[Moment], Any]:
    def result(moment: Moment) -> Any:
        return action.Result(error_code=moment.progress.error_code, error_msg=moment.progress.sentence)

    return result


def _timed_result(action: Any) -> Callable[[Moment], Any]:
    def result(moment: Moment) -> Any:
        answer = _goal_result(action)(moment)
        answer.total_elapsed_time = conversions.duration(moment.elapsed_s)
        return answer

    return result


def _navigation(action: Any) -> Callable[[Moment], Any]:
    def feedback(moment: Moment) -> Any:
        left_m = moment.progress.distance_left_m
        speed_mps = max(_LEAST_MPS, abs(moment.progress.twist.linear_mps))
        return action.Feedback(
            current_pose=conversions.pose_stamped(moment.pose_map, "map", moment.now_s),
            navigation_time=conversions.duration(moment.elapsed_s),
            estimated_time_remaining=conversions.duration(left_m / speed_mps if math.isfinite(left_m) else 0.0),
            number_of_recoveries=moment.progress.recoveries,
            distance_remaining=float(left_m),
        )

    return feedback


def _through_poses(moment: Moment) -> Any:
    feedback = _navigation(NavigateThroughPoses)(moment)
    feedback.number_of_poses_remaining = len(moment.request.poses) - moment.progress.passed
    return feedback


def _waypoint(moment: Moment) -> Any:
    count = max(1, len(moment.request.poses))
    return FollowWaypoints.Feedback(current_waypoint=(moment.request.goal_index + moment.progress.passed) % count)


def _waypoints_result(moment: Moment) -> Any:
    result = _goal_result(FollowWaypoints)(moment)
    result.missed_waypoints = [
        MissedWaypoint(index=missed.index, goal=moment.request.poses[missed.index], error_code=missed.error_code)
        for missed in moment.progress.missed
    ]
    return result


def _path(moment: Moment) -> Any:
    progress = moment.progress
    return FollowPath.Feedback(distance_to_goal=float(progress.distance_left_m), speed=abs(progress.twist.linear_mps))


def _turned(moment: Moment) -> Any:
    return Spin.Feedback(angular_distance_traveled=float(moment.progress.travelled))


def _travelled(action: Any) -> Callable[[Moment], Any]:
    def feedback(moment: Moment) -> Any:
        return action.Feedback(distance_traveled=float(moment.progress.travelled))

    return feedback


def _time_left(moment: Moment) -> Any:
    left_s = conversions.seconds(moment.request.time) - moment.elapsed_s
    return Wait.Feedback(time_left=conversions.duration(max(0.0, left_s)))


ACTIONS = (
    ActionRow(
        "navigate_to_pose",
        NavigateToPose,
        requests.navigate_to_pose,
        _navigation(NavigateToPose),
        _goal_result(NavigateToPose),
    ),
    ActionRow(
        "navigate_through_poses",
        NavigateThroughPoses,
        requests.navigate_through_poses,
        _through_poses,
        _goal_result(NavigateThroughPoses),
    ),
    ActionRow("follow_waypoints", FollowWaypoints, requests.follow_waypoints, _waypoint, _waypoints_result),
    ActionRow("follow_path", FollowPath, requests.follow_path, _path, _goal_result(FollowPath)),
    ActionRow("spin", Spin, requests.spin, _turned, _timed_result(Spin)),
    ActionRow("backup", BackUp, requests.back_up, _travelled(BackUp), _timed_result(BackUp)),
    ActionRow(
        "drive_on_heading",
        DriveOnHeading,
        requests.drive_on_heading,
        _travelled(DriveOnHeading),
        _timed_result(DriveOnHeading),
    ),
    ActionRow("wait", Wait, requests.wait, _time_left, _timed_result(Wait)),
)
