"""What every drive does at each step: the speed that is allowed, the velocity towards the goal, and the arrival."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from aisle.geometry import STOP, FloatArray, Pose2, Twist2, wrap_angle
from aisle_navigation.control.controller import RobotState, Route
from aisle_navigation.control.obstacles import local_obstacles
from aisle_navigation.driving.arrival import approach_speed, last_stretch, people_between, turn_rate
from aisle_navigation.driving.maneuvers import PERSONAL_SPACE_M
from aisle_navigation.driving.means import Means
from aisle_navigation.driving.outcome import Progress, Status
from aisle_navigation.driving.situation import Situation, without_people
from aisle_navigation.planning.planner import CostToGo

_AHEAD_RAD = math.radians(75.0)


def still_points(situation: Situation, means: Means) -> FloatArray:
    """Return what the laser hits and is no person, in the map frame, shape (n, 2)."""
    points = situation.pose_map.transform(situation.points_in_base(means.robot))
    return without_people(points, situation.people)


def steer(
    situation: Situation,
    means: Means,
    cost_to_go: CostToGo,
    still: FloatArray,
    stop_at: Pose2 | None,
    is_stuck: bool = False,
) -> Twist2:
    """Return the velocity downhill on the cost to go; `stop_at` is a goal to stop at, None one to pass.

    A robot that `is_stuck` weighs only who is ahead of it. To stand costs it less than to move so near to somebody,
    and a shopper who waits beside it would keep it there for ever. The last word on their space stays.
    """
    wanted = _wanted(_looking_ahead(situation) if is_stuck else situation, means, cost_to_go, still, stop_at)
    if means.courtesy is None:
        return wanted
    return means.courtesy.step(wanted, situation.pose_map, situation.people, situation.now_s, situation.served_id)


def _looking_ahead(situation: Situation) -> Situation:
    ahead = (one for one in situation.people if one.is_ahead_of(situation.pose_map, _AHEAD_RAD))
    return replace(situation, people=tuple(ahead))


def _wanted(
    situation: Situation, means: Means, cost_to_go: CostToGo, still: FloatArray, stop_at: Pose2 | None
) -> Twist2:
    pose, limit_mps = situation.pose_map, _limit_mps(situation, means, stop_at)
    if stop_at is not None and _is_last_stretch(situation, means, stop_at):
        slow_mps = min(limit_mps, means.settings.last_stretch_mps)
        return last_stretch(pose, stop_at, slow_mps, means.settings.turn_limit_radps)
    state = RobotState(pose, situation.twist)
    route = Route(cost_to_go, local_obstacles(still, pose), limit_mps)
    return means.controller.step(state, route, situation.people, situation.now_s, situation.served_id)


def _limit_mps(situation: Situation, means: Means, stop_at: Pose2 | None) -> float:
    zone_mps = means.ground.limit_mps(situation.pose_map)
    limit_mps = min(means.settings.cruise_mps, means.staff_limit.limit_mps, zone_mps)
    if stop_at is None:
        return limit_mps
    return min(limit_mps, approach_speed(situation.pose_map.distance_to(stop_at)))


def _is_last_stretch(situation: Situation, means: Means, goal_map: Pose2) -> bool:
    pose = situation.pose_map
    is_near = pose.distance_to(goal_map) < means.settings.last_stretch_m
    return is_near and not people_between(pose, goal_map, situation.people)


@dataclass(slots=True)
class Arrival:
    """The end of a drive at one pose: near enough, then facing the right way."""

    goal_map: Pose2
    means: Means
    _turning: bool = False

    def is_at(self, pose_map: Pose2, waited_s: float) -> bool:
        """Tell whether the robot is at the goal, or so near that one which gets no nearer should not fuss on."""
        settings = self.means.settings
        settled_m = [near_m for after_s, near_m in settings.settle if waited_s > after_s]
        slack = 1.5 if self._turning else 1.0
        return pose_map.distance_to(self.goal_map) <= slack * max([settings.position_tolerance_m, *settled_m])

    def drive_on(self) -> None:
        """Note that the robot is on its way again."""
        self._turning = False

    def turn(self, situation: Situation) -> Progress:
        """Face the way the goal says; slowly when somebody is near."""
        self._turning = True
        settings = self.means.settings
        error_rad = wrap_angle(self.goal_map.yaw_rad - situation.pose_map.yaw_rad)
        if abs(error_rad) <= settings.yaw_tolerance_rad:
            return Progress(STOP, Status.ARRIVED)
        is_near = situation.nearest_gap_m(self.means.robot) < PERSONAL_SPACE_M
        limit_radps = settings.turn_near_people_radps if is_near else settings.turn_limit_radps
        return Progress(Twist2(0.0, turn_rate(error_rad, limit_radps)), Status.DRIVING)
