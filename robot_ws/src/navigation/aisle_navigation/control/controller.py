"""The local controller: the velocity of the next moment, downhill on the cost to go, among people who walk on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aisle.geometry import STOP, Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import Person
from aisle_navigation.control.companions import Companions
from aisle_navigation.control.forecast import NO_PAIRS, foresee, noticed
from aisle_navigation.control.obstacles import LocalObstacles
from aisle_navigation.control.pace import allowed_mps
from aisle_navigation.control.path_integral import PathIntegral, Problem
from aisle_navigation.control.profiles import STORE, Profile
from aisle_navigation.control.proposals import arcs
from aisle_navigation.control.scene import Crowd, Floats, Floor, motion_of
from aisle_navigation.planning.planner import CostToGo

_BEYOND_M = 8.0
"""What is out of reach counts as this much farther than the robot is now."""
_UNKNOWN_M = 60.0
_MINDED_RAD = math.radians(120.0)
"""Whoever is farther behind is where the robot cannot come to them; to get away from a follower it would weave."""


@dataclass(frozen=True, slots=True)
class RobotState:
    """Where the robot is, in the map frame, and how it moves."""

    pose_map: Pose2
    twist: Twist2

    @property
    def is_finite(self) -> bool:
        return self.twist.is_finite and all(
            math.isfinite(value) for value in (self.pose_map.x_m, self.pose_map.y_m, self.pose_map.yaw_rad)
        )


@dataclass(frozen=True, slots=True)
class Route:
    """Where to: the cost to go of the plan, what the laser sees around the robot, and the speed allowed at most."""

    cost_to_go: CostToGo
    obstacles: LocalObstacles
    speed_limit_mps: float = math.inf


class Controller:
    """Drives one robot by one profile; the same seed and the same inputs give the same velocities."""

    def __init__(self, robot: RobotModel, profile: Profile = STORE, seed: int = 0) -> None:
        self.robot = robot
        self.profile = profile
        self._optimizer = PathIntegral(profile.sampling, profile.costs, seed)
        self._companions = Companions(profile.companionship) if profile.companionship else None

    def reset(self) -> None:
        """Forget what was planned; call when the goal changes or something else moved the robot."""
        self._optimizer.reset()

    def step(
        self,
        state: RobotState,
        route: Route,
        people: tuple[Person, ...],
        now_s: float,
        served_id: int | None = None,
    ) -> Twist2:
        """Return the velocity for the next control period.

        `served_id` is the track of the shopper who is served: the robot may come nearer to them than to others. A
        state that is no number gives a standing robot.
        """
        if not state.is_finite:
            return STOP
        problem = self.problem(state, route, people, now_s, served_id)
        linear_mps, angular_radps = self._optimizer.improve(problem, now_s)[0]
        return Twist2(float(linear_mps), float(angular_radps))

    def problem(
        self, state: RobotState, route: Route, people: tuple[Person, ...], now_s: float, served_id: int | None = None
    ) -> Problem:
        """Return what the optimizer is asked at this moment."""
        radius_m = self.robot.base.radius_m
        people_mps = allowed_mps(state.pose_map, people, radius_m, self.profile.pace)
        fastest_mps = max(0.0, min(route.speed_limit_mps, people_mps))
        motion = motion_of(self.robot.limits, -self.profile.reverse_mps, fastest_mps)
        return Problem(
            start=_start_of(state),
            goal=np.array([route.cost_to_go.goal_x_m, route.cost_to_go.goal_y_m], dtype=np.float32),
            motion=motion,
            floor=_floor_of(route, state.pose_map, radius_m),
            crowd=self._crowd(state.pose_map, people, now_s, served_id),
            proposals=arcs(self.profile.sampling.steps, float(motion.fastest), float(motion.turn)),
        )

    def _crowd(self, pose_map: Pose2, people: tuple[Person, ...], now_s: float, served_id: int | None) -> Crowd:
        profile = self.profile
        ahead = tuple(person for person in people if person.is_ahead_of(pose_map, _MINDED_RAD))
        near = noticed(ahead, pose_map.x_m, pose_map.y_m, profile.foresight)
        pairs = self._companions.step(near, now_s) if self._companions else NO_PAIRS
        free_mps = {person.track_id: profile.approach.strangers_mps for person in near}
        if served_id is not None and served_id in free_mps:
            free_mps[served_id] = profile.approach.served_mps
        sampling = profile.sampling
        return foresee(
            near, self.robot.base.radius_m, free_mps, pairs, sampling.steps, sampling.step_s, profile.foresight
        )


def _start_of(state: RobotState) -> Floats:
    pose, twist = state.pose_map, state.twist
    return np.array([pose.x_m, pose.y_m, pose.yaw_rad, twist.linear_mps, twist.angular_radps], dtype=np.float32)


def _floor_of(route: Route, pose_map: Pose2, radius_m: float) -> Floor:
    cost_to_go, near = route.cost_to_go, route.obstacles
    grid = cost_to_go.grid
    here_m = cost_to_go.at(pose_map.x_m, pose_map.y_m)
    return Floor(
        cost_to_go.cost_m,
        grid.clearance_m,
        np.array([1.0 / grid.resolution_m, grid.origin_x_m, grid.origin_y_m], dtype=np.float32),
        near.clearance_m,
        np.array([1.0 / near.resolution_m, near.origin_x_m, near.origin_y_m], dtype=np.float32),
        np.float32(radius_m),  # type: ignore[arg-type]
        np.float32(here_m + _BEYOND_M if math.isfinite(here_m) else _UNKNOWN_M),  # type: ignore[arg-type]
    )
