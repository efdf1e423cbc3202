"""The navigator: takes a goal, plans, drives, waits politely, plans again, arrives or says why not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from aisle.geometry import STOP, FloatArray, Pose2, Twist2, wrap_angle
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan, Person
from aisle_navigation.control.controller import Controller, ControllerSettings, local_obstacles
from aisle_navigation.planning.obstacle_memory import ObstacleMemory
from aisle_navigation.planning.planner import Plan, PlannerSettings, PlanOutcome, plan
from store_model.clearance import ClearanceMap


class Status(Enum):
    """Where a goal stands."""

    IDLE = "idle"
    DRIVING = "driving"
    WAITING = "waiting for the way to clear"
    ARRIVED = "arrived"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NavigatorSettings:
    """Tolerances in metres and radians, times in seconds, speeds in m/s."""

    position_tolerance_m: float = 0.08
    yaw_tolerance_rad: float = 0.05
    last_stretch_m: float = 0.5
    settle: tuple[tuple[float, float], ...] = ((2.0, 0.15), (8.0, 0.25))
    """Seconds without getting nearer, and how far from the goal is then near enough."""
    replan_every_s: float = 1.0
    stuck_after_s: float = 3.0
    give_up_after_s: float = 30.0
    give_up_in_all_s: float = 45.0
    remember_obstacles_s: float = 60.0
    cruise_mps: float = 0.8
    near_people_mps: float = 0.5
    crowd_mps: float = 0.3
    near_people_m: float = 1.2
    crowd_m: float = 0.6
    turn_gain: float = 1.8
    turn_limit_radps: float = 0.8
    standing_mps: float = 0.15


@dataclass(frozen=True, slots=True)
class Progress:
    """The result of one step: what to send to the guard, and how the goal stands."""

    twist: Twist2
    status: Status
    distance_left_m: float
    path: FloatArray
    error_code: int = 0
    sentence: str = ""


_NO_PATH = np.zeros((0, 2))
_SENTENCES = {
    PlanOutcome.START_OUTSIDE_MAP: "the robot believes it is outside the map; show it where it is",
    PlanOutcome.GOAL_OUTSIDE_MAP: "the goal lies outside the map",
    PlanOutcome.START_OCCUPIED: "the robot believes it is inside a shelf; show it where it is",
    PlanOutcome.GOAL_OCCUPIED: "the goal is inside or too close to a shelf",
    PlanOutcome.NO_VALID_PATH: "no way leads to the goal",
}
_OFF_MAP_M = 0.2
_LAST_STRETCH_MPS = 0.3
_PROGRESS_M = 0.10
_DETOUR_M = 2.0
_FAILED_TO_MAKE_PROGRESS = 105
"""Nav2's FollowPath error code for a robot that cannot go on."""


class Navigator:
    """Drives to one goal at a time; every step needs the present pose, scan and people."""

    def __init__(
        self,
        grid: ClearanceMap,
        robot: RobotModel,
        seed: int,
        settings: NavigatorSettings = NavigatorSettings(),
        controller: ControllerSettings = ControllerSettings(),
        planner: PlannerSettings = PlannerSettings(),
    ) -> None:
        self.grid = grid
        self.robot = robot
        self.settings = settings
        self._planner = planner
        self._controller = Controller(robot, controller, seed)
        self._goal: Pose2 | None = None
        self._plan: Plan | None = None
        self._planned_s = -math.inf
        self._moved_s = -math.inf
        self._best_left_m = math.inf
        self._last_goal: Pose2 | None = None
        self._stuck_in_all_s = 0.0
        self._stepped_s = -math.inf
        self._turning = False
        self._obstacles = ObstacleMemory(settings.remember_obstacles_s)

    def go_to(self, goal_map: Pose2, now_s: float) -> None:
        """Take a new goal; a goal under way is dropped. The same goal again goes on where it was interrupted."""
        if goal_map != self._last_goal:
            self._last_goal, self._stuck_in_all_s = goal_map, 0.0
        self._goal, self._plan, self._best_left_m = goal_map, None, math.inf
        self._planned_s, self._moved_s, self._turning = -math.inf, now_s, False
        self._stepped_s = now_s
        self._controller.reset()

    def cancel(self) -> None:
        """Drop the goal; the next step stands still."""
        self._goal, self._plan = None, None

    def step(
        self, now_s: float, pose_map: Pose2, twist: Twist2, scan: LaserScan, people: tuple[Person, ...]
    ) -> Progress:
        """Return the velocity wanted now. After ARRIVED or FAILED the goal is gone."""
        if self._goal is None:
            return Progress(STOP, Status.IDLE, 0.0, _NO_PATH)
        if self._is_at_goal(pose_map, now_s):
            return self._turn_to_goal(pose_map)
        if now_s - self._planned_s >= self.settings.replan_every_s:
            failure = self._replan(now_s, pose_map, people)
            if failure is not None:
                return failure
        assert self._plan is not None and self._plan.cost_to_go is not None
        return self._drive(now_s, pose_map, twist, scan, people, self._plan)

    def _is_at_goal(self, pose_map: Pose2, now_s: float) -> bool:
        """At the goal, or so near that a robot which gets no nearer should not fuss on."""
        assert self._goal is not None
        settings, waited_s = self.settings, now_s - self._moved_s
        settled_m = [near_m for after_s, near_m in settings.settle if waited_s > after_s]
        enough_m = [settings.position_tolerance_m, *settled_m]
        slack = 1.5 if self._turning else 1.0
        return pose_map.distance_to(self._goal) <= slack * max(enough_m)

    def _turn_to_goal(self, pose_map: Pose2) -> Progress:
        assert self._goal is not None
        self._turning = True
        settings = self.settings
        error_rad = wrap_angle(self._goal.yaw_rad - pose_map.yaw_rad)
        if abs(error_rad) <= settings.yaw_tolerance_rad:
            self.cancel()
            self._last_goal = None
            return Progress(STOP, Status.ARRIVED, 0.0, _NO_PATH)
        turn_radps = max(-settings.turn_limit_radps, min(settings.turn_limit_radps, settings.turn_gain * error_rad))
        return Progress(Twist2(0.0, turn_radps), Status.DRIVING, 0.0, _NO_PATH)

    def _replan(self, now_s: float, pose_map: Pose2, people: tuple[Person, ...]) -> Progress | None:
        assert self._goal is not None
        self._turning = False
        standing = [(p.x_m, p.y_m) for p in people if math.hypot(p.vx_mps, p.vy_mps) < self.settings.standing_mps]
        in_the_way = np.array(standing + self._obstacles.places(now_s)).reshape(-1, 2)
        goal = (self._goal.x_m, self._goal.y_m)
        self._plan = plan(self.grid, (pose_map.x_m, pose_map.y_m), goal, in_the_way, self._planner)
        self._planned_s = now_s
        if self._plan.outcome is PlanOutcome.FOUND:
            return None
        outcome = self._plan.outcome
        self.cancel()
        return Progress(STOP, Status.FAILED, 0.0, _NO_PATH, outcome.value, _SENTENCES[outcome])

    def _drive(
        self, now_s: float, pose_map: Pose2, twist: Twist2, scan: LaserScan, people: tuple[Person, ...], route: Plan
    ) -> Progress:
        assert route.cost_to_go is not None and self._goal is not None
        left_m = _length_from(route.path, pose_map)
        waited_s = self._waited(now_s, left_m)
        if waited_s > self.settings.give_up_after_s or self._stuck_in_all_s > self.settings.give_up_in_all_s:
            return self._give_up(left_m)
        points = pose_map.transform(scan.points() + np.array([self.robot.laser.x_m, 0.0]))
        still = _without_people(points, people)
        if waited_s > self.settings.stuck_after_s:
            self._stuck_in_all_s += max(0.0, now_s - self._stepped_s)
            self._obstacles.see(still[self.grid.at(still) > _OFF_MAP_M], pose_map, now_s)
        self._stepped_s = now_s
        obstacles = local_obstacles(still, pose_map)
        goal_m = pose_map.distance_to(self._goal)
        limit_mps = min(self._speed_limit(pose_map, people), _approach_speed(goal_m))
        if goal_m < self.settings.last_stretch_m and not people_between(pose_map, self._goal, people):
            slow_mps = min(limit_mps, _LAST_STRETCH_MPS)
            wanted = last_stretch(pose_map, self._goal, slow_mps, self.settings.turn_limit_radps)
        else:
            wanted = self._controller.step(pose_map, twist, route.cost_to_go, obstacles, people, limit_mps)
        status = Status.WAITING if waited_s > self.settings.stuck_after_s else Status.DRIVING
        return Progress(wanted, status, left_m, route.path)

    def _give_up(self, left_m: float) -> Progress:
        sentence = f"the way has been blocked for {self._stuck_in_all_s:.0f} s"
        self.cancel()
        self._last_goal = None
        return Progress(STOP, Status.FAILED, left_m, _NO_PATH, _FAILED_TO_MAKE_PROGRESS, sentence)

    def _waited(self, now_s: float, left_m: float) -> float:
        """Seconds since the robot last got nearer to the goal; a detour starts its own measure."""
        if left_m < self._best_left_m - _PROGRESS_M:
            self._best_left_m, self._moved_s = left_m, now_s
        elif left_m > self._best_left_m + _DETOUR_M:
            self._best_left_m = left_m
        return now_s - self._moved_s

    def _speed_limit(self, pose_map: Pose2, people: tuple[Person, ...]) -> float:
        """Slow near people, except for those behind: they follow, and slowing for them would never end."""
        settings = self.settings
        gaps = [
            math.hypot(p.x_m - pose_map.x_m, p.y_m - pose_map.y_m) - p.radius_m - self.robot.base.radius_m
            for p in people
            if abs(pose_map.bearing_to(p.x_m, p.y_m)) < math.radians(110.0)
        ]
        nearest_m = min(gaps, default=math.inf)
        if nearest_m < settings.crowd_m:
            return settings.crowd_mps
        return settings.near_people_mps if nearest_m < settings.near_people_m else settings.cruise_mps


def last_stretch(pose_map: Pose2, goal_map: Pose2, limit_mps: float, limit_radps: float) -> Twist2:
    """Return the velocity that takes the base straight onto a goal that is near; backwards when it lies behind."""
    distance_m = pose_map.distance_to(goal_map)
    bearing_rad = pose_map.bearing_to(goal_map.x_m, goal_map.y_m)
    direction = 1.0
    if abs(bearing_rad) > 0.5 * math.pi:
        direction, bearing_rad = -1.0, wrap_angle(bearing_rad + math.pi)
    speed_mps = min(limit_mps, 0.05 + 0.8 * distance_m) * max(0.0, math.cos(bearing_rad)) ** 6
    turn_radps = max(-limit_radps, min(limit_radps, 2.0 * bearing_rad))
    return Twist2(direction * speed_mps, turn_radps)


def people_between(pose_map: Pose2, goal_map: Pose2, people: tuple[Person, ...], room_m: float = 0.9) -> bool:
    """Tell whether somebody stands so near to the last stretch that it must be planned around them."""
    middle_x, middle_y = 0.5 * (pose_map.x_m + goal_map.x_m), 0.5 * (pose_map.y_m + goal_map.y_m)
    ahead = (p for p in people if abs(pose_map.bearing_to(p.x_m, p.y_m)) < math.radians(110.0))
    return any(math.hypot(p.x_m - middle_x, p.y_m - middle_y) < room_m for p in ahead)


def _approach_speed(distance_m: float, braking_mps2: float = 0.4) -> float:
    return 0.10 + math.sqrt(2.0 * braking_mps2 * distance_m)


def _length_from(path: FloatArray, pose_map: Pose2) -> float:
    """Length of the path from its point nearest to the robot, in metres."""
    if len(path) < 2:
        return 0.0
    nearest = int(np.hypot(path[:, 0] - pose_map.x_m, path[:, 1] - pose_map.y_m).argmin())
    return float(np.hypot(*np.diff(path[nearest:], axis=0).T).sum())


def _without_people(points: FloatArray, people: tuple[Person, ...], around_m: float = 0.2) -> FloatArray:
    """Drop laser points that belong to tracked people; the controller predicts those."""
    keep = np.ones(len(points), dtype=bool)
    for person in people:
        away_m = np.hypot(points[:, 0] - person.x_m, points[:, 1] - person.y_m)
        keep &= away_m > person.radius_m + around_m
    return points[keep]
