"""What an action's goal asks for, as a task of the navigator; what cannot be asked is refused with Nav2's code."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aisle.geometry import Pose2
from aisle_navigation.driving.follow import FollowPath
from aisle_navigation.driving.maneuvers import Spin, Straight, Wait
from aisle_navigation.driving.navigator import Navigator, Task
from aisle_navigation.driving.outcome import ErrorCode
from aisle_navigation.driving.several import DriveThrough, VisitWaypoints
from aisle_ros import conversions

MAX_POSES = 10_000
MAX_ROUNDS = 1_000
_LONGEST_S = 3600.0
MapFromFrame = Callable[[str], Pose2 | None]
"""Gives the pose of a frame in the map; None for a frame that is unknown or not known now."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a goal is not begun: Nav2's error code and a sentence."""

    error_code: int
    sentence: str


def pose_in_map(stamped: Any, map_from: MapFromFrame) -> Pose2 | Refusal:
    """Return a PoseStamped in the map frame."""
    frame = stamped.header.frame_id
    map_from_frame = map_from(frame)
    if map_from_frame is None:
        sentence = f"goals are taken in the frames 'map', 'odom' and 'base_link', not in '{frame}'"
        return Refusal(ErrorCode.PLANNER_TF_ERROR, sentence)
    turn = stamped.pose.orientation
    length = math.sqrt(turn.x**2 + turn.y**2 + turn.z**2 + turn.w**2)
    if not 0.9 < length < 1.1:
        return Refusal(ErrorCode.PLANNER_TF_ERROR, f"the goal's orientation has length {length:.2f}, it must be 1")
    return map_from_frame @ conversions.pose2(stamped.pose)


def poses_in_map(stamped: list[Any], map_from: MapFromFrame) -> tuple[Pose2, ...] | Refusal:
    """Return several poses in the map frame; the first that cannot be taken refuses all."""
    if len(stamped) > MAX_POSES:
        return Refusal(ErrorCode.INVALID_PATH, f"{len(stamped)} poses are too many; at most {MAX_POSES} are taken")
    poses = []
    for each in stamped:
        pose = pose_in_map(each, map_from)
        if isinstance(pose, Refusal):
            return pose
        poses.append(pose)
    return tuple(poses)


def navigate_to_pose(goal: Any, navigator: Navigator, map_from: MapFromFrame) -> Task | Refusal:
    pose = pose_in_map(goal.pose, map_from)
    return pose if isinstance(pose, Refusal) else navigator.drive_to(pose)


def navigate_through_poses(goal: Any, navigator: Navigator, map_from: MapFromFrame) -> Task | Refusal:
    poses = poses_in_map(goal.poses, map_from)
    return poses if isinstance(poses, Refusal) else DriveThrough(poses, navigator.means)


def follow_waypoints(goal: Any, navigator: Navigator, map_from: MapFromFrame) -> Task | Refusal:
    poses = poses_in_map(goal.poses, map_from)
    if isinstance(poses, Refusal):
        return poses
    if not poses or goal.goal_index >= len(poses):
        sentence = f"the first waypoint is number {goal.goal_index} of {len(poses)}; there is none to go to"
        return Refusal(ErrorCode.WAYPOINTS_UNKNOWN, sentence)
    if goal.number_of_loops >= MAX_ROUNDS:
        return Refusal(ErrorCode.WAYPOINTS_UNKNOWN, f"at most {MAX_ROUNDS} rounds are driven")
    return VisitWaypoints(poses, navigator.means, goal.goal_index, goal.number_of_loops + 1)


def follow_path(goal: Any, navigator: Navigator, map_from: MapFromFrame) -> Task | Refusal:
    poses = goal.path.poses
    for pose in poses:
        # Many planners fill in the frame of the path only.
        pose.header.frame_id = pose.header.frame_id or goal.path.header.frame_id
    in_map = poses_in_map(poses, map_from)
    if isinstance(in_map, Refusal):
        code = ErrorCode.CONTROLLER_TF_ERROR if in_map.error_code == ErrorCode.PLANNER_TF_ERROR else in_map.error_code
        return Refusal(code, in_map.sentence)
    return FollowPath(in_map, navigator.means)


def spin(goal: Any, navigator: Navigator, _map_from: MapFromFrame) -> Task | Refusal:
    if not math.isfinite(goal.target_yaw) or abs(goal.target_yaw) > 20.0 * math.pi:
        return Refusal(ErrorCode.SPIN_UNKNOWN, f"a turn by {goal.target_yaw} rad is none; at most ten turns are made")
    return Spin(navigator.means.robot, goal.target_yaw, _allowance_s(goal))


def back_up(goal: Any, navigator: Navigator, _map_from: MapFromFrame) -> Task | Refusal:
    return _straight(goal, navigator, -1.0, ErrorCode.BACKUP_INVALID_INPUT)


def drive_on_heading(goal: Any, navigator: Navigator, _map_from: MapFromFrame) -> Task | Refusal:
    return _straight(goal, navigator, math.copysign(1.0, goal.target.x), ErrorCode.DRIVE_INVALID_INPUT)


def _straight(goal: Any, navigator: Navigator, direction: float, invalid: ErrorCode) -> Task | Refusal:
    distance_m, speed_mps = abs(goal.target.x), abs(goal.speed)
    limit_mps = navigator.means.robot.limits.speed_mps
    if goal.target.y != 0.0 or goal.target.z != 0.0:
        return Refusal(invalid, "this base drives straight: only x of the target may differ from 0")
    if not 0.0 < distance_m <= 10.0:
        return Refusal(invalid, f"a way of {goal.target.x} m is refused; it must be up to 10 m")
    if not 0.0 < speed_mps <= limit_mps:
        return Refusal(invalid, f"a speed of {goal.speed} m/s is refused; it must be up to {limit_mps} m/s")
    return Straight(navigator.means.robot, distance_m, direction * speed_mps, _allowance_s(goal))


def wait(goal: Any, _navigator: Navigator, _map_from: MapFromFrame) -> Task | Refusal:
    return Wait(min(_LONGEST_S, max(0.0, conversions.seconds(goal.time))))


def _allowance_s(goal: Any) -> float:
    """Return how long a manoeuvre may take; nothing given means 10 s, Nav2's default."""
    return min(_LONGEST_S, conversions.seconds(goal.time_allowance)) or 10.0
