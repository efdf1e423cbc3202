"""Moments on open ground and in corridors for the controller's tests, and an ideal base that does as it is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aisle.geometry import STOP, FloatArray, Pose2, Twist2, advance
from aisle.sensing import Person
from aisle_navigation.control.companions import Pair
from aisle_navigation.control.controller import Controller, RobotState, Route
from aisle_navigation.control.forecast import foresee
from aisle_navigation.control.kernels import BLOCK, STATES, roll_out
from aisle_navigation.control.obstacles import local_obstacles
from aisle_navigation.control.path_integral import Problem
from aisle_navigation.control.profiles import OPEN, STORE, Foresight, Profile
from aisle_navigation.control.scene import Costs, Crowd, Drive, Floats, Motion, as_float32
from aisle_navigation.planning.planner import CostToGo, plan
from tests.navigation.rooms import ROBOT, grid, room, with_box

PERIOD_S = 0.1
RADIUS_M = ROBOT.base.radius_m
NO_COSTS = as_float32(Costs(**dict.fromkeys(Costs._fields, 0.0)))._replace(  # type: ignore[arg-type]
    closeness_m=np.float32(1.0), intrusion_m=np.float32(0.5), between_m=np.float32(0.5), wall_soft_m=np.float32(0.3),
    temperature=np.float32(0.1),
)  # fmt: skip
FEW = replace(STORE, sampling=replace(STORE.sampling, rollouts=400, steps=30))
"""The profile of the store with fewer rollouts, for tests that drive."""
CERTAIN = Foresight(spread_mps=0.0, spread_m_per_m=0.0)


def holonomic(fastest_mps: float = 1.0) -> Motion:
    return as_float32(Motion(Drive.HOLONOMIC, 0.0, fastest_mps, 1.5, 1e6, 1e6, 1e6))


def differential(fastest_mps: float = 1.0) -> Motion:
    return as_float32(Motion(Drive.DIFFERENTIAL, 0.0, fastest_mps, 1.5, 0.8, 1.5, 3.0))


def crowd(
    people: tuple[Person, ...],
    steps: int,
    step_s: float = PERIOD_S,
    pairs: frozenset[Pair] = frozenset(),
    free_mps: float = 0.05,
    foresight: Foresight = CERTAIN,
) -> Crowd:
    return foresee(people, RADIUS_M, free_mps, pairs, steps, step_s, foresight)


def price(
    controls: FloatArray, costs: Costs, people: Crowd, goal: tuple[float, float] = (0.0, 0.0), step_s: float = PERIOD_S
) -> float:
    """What one plan costs a holonomic robot that starts at the origin of open ground; controls of shape (steps, 2)."""
    steps = len(controls)
    state, total = np.zeros((STATES, BLOCK), np.float32), np.zeros(1, np.float32)
    noise, applied = np.zeros((steps, 2, 1), np.float32), np.zeros((steps, 2, 1), np.float32)
    mean: Floats = np.ascontiguousarray(controls, dtype=np.float32)
    origin = np.zeros(5, np.float32)
    origin[3:] = mean[0]
    roll_out(
        origin, mean, noise, 0, 1, holonomic(10.0), np.float32(step_s), np.array(goal, np.float32), None, people,
        as_float32(costs), state, applied, total,
    )  # fmt: skip
    return float(total[0])


def open_problem(
    people: tuple[Person, ...],
    goal: tuple[float, float],
    steps: int,
    motion: Motion,
    pairs: frozenset[Pair] = frozenset(),
) -> Problem:
    """A problem on open ground for a robot that stands at the origin; the one proposal is to stand."""
    return Problem(
        start=np.zeros(5, np.float32),
        goal=np.array(goal, np.float32),
        motion=motion,
        floor=None,
        crowd=crowd(people, steps, pairs=pairs, foresight=OPEN.foresight),
        proposals=np.zeros((1, steps, 2), np.float32),
    )


def corridor(width_m: float) -> np.ndarray:
    """A corridor along x, 10 m long, its lower wall at y = 2 m."""
    return with_box(with_box(room(10.0, 8.0), 0.0, 0.0, 10.0, 2.0), 0.0, 2.0 + width_m, 10.0, 8.0)


def way_to(cells: np.ndarray, start: Pose2, goal: tuple[float, float]) -> CostToGo:
    """The cost to go in a map, with nobody in it."""
    cost_to_go = plan(grid(cells), (start.x_m, start.y_m), goal).cost_to_go
    assert cost_to_go is not None
    return cost_to_go


class Walk:
    """A drive with an ideal base through a map, where the laser sees nothing new; `people` tells who is where when."""

    def __init__(self, cells: np.ndarray, start: Pose2, goal: tuple[float, float], profile: Profile = FEW) -> None:
        self.controller = Controller(ROBOT, profile, seed=1)
        self.pose, self.twist, self.now_s = start, STOP, 0.0
        self.least_gap_m = np.inf
        self.fastest_approach_mps = 0.0
        """How fast the robot came towards somebody nearer than 0.5 m."""
        self._cost_to_go = way_to(cells, start, goal)

    def step(self, people: tuple[Person, ...], served_id: int | None = None) -> Twist2:
        obstacles = local_obstacles(np.zeros((0, 2)), self.pose)
        route = Route(self._cost_to_go, obstacles)
        state = RobotState(self.pose, self.twist)
        self.twist = self.controller.step(state, route, people, self.now_s, served_id)
        self.pose = advance(self.pose, self.twist, PERIOD_S)
        self.now_s += PERIOD_S
        for person in people:
            self._note(person)
        return self.twist

    def _note(self, person: Person) -> None:
        away = np.array([person.x_m - self.pose.x_m, person.y_m - self.pose.y_m])
        gap_m = float(np.hypot(*away)) - person.radius_m - RADIUS_M
        self.least_gap_m = min(self.least_gap_m, gap_m)
        if gap_m < 0.5:
            heading = np.array([np.cos(self.pose.yaw_rad), np.sin(self.pose.yaw_rad)])
            approach_mps = self.twist.linear_mps * float(heading @ away) / float(np.hypot(*away))
            self.fastest_approach_mps = max(self.fastest_approach_mps, approach_mps)
