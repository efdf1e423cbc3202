"""One step of the controller: 2000 rollouts of 56 steps among ten people, beside numpy and beside rollouts for free."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from aisle import paths
from aisle.config import load
from aisle.geometry import FloatArray, Pose2, Twist2, advance
from aisle.robot_model import RobotModel
from aisle.sensing import Person
from aisle_navigation.control.controller import Controller, RobotState, Route
from aisle_navigation.control.obstacles import local_obstacles
from aisle_navigation.control.path_integral import PathIntegral, Problem
from aisle_navigation.control.profiles import STORE
from aisle_navigation.planning.planner import plan
from benchmarks import controller_numpy
from benchmarks.rows import BenchmarkProblem, Request, Row
from store_model.clearance import ClearanceMap, clearance_map

ROLLOUTS, STEPS, PEOPLE, PERIOD_S = 2000, 56, 10, 0.1
_START, _GOAL = Pose2(1.5, 1.5, 0.0), (18.5, 12.5)


def run(request: Request) -> list[Row]:
    """Time the steps of a drive through a small store."""
    steps = 60 if request.quick else 300
    robot = load(paths.reference_robot(), RobotModel)
    profile = replace(STORE, sampling=replace(STORE.sampling, rollouts=ROLLOUTS, steps=STEPS))
    drive = Drive(Controller(robot, profile, seed=1), _small_store())
    whole_ms = np.array([drive.step() for _ in range(steps + 2)])[2:]
    problem = drive.problem()
    optimizer, costs = PathIntegral(profile.sampling, profile.costs, seed=1), profile.costs
    kernel_ms = timed(lambda: optimizer.improve(problem, 0.0), steps)
    free_ms = timed(lambda: optimizer.improve(_without_costs(problem), 0.0), steps)
    mean, noise = optimizer.drawn()
    numpy_ms = timed(lambda: controller_numpy.update(problem, mean, noise, PERIOD_S, costs), max(5, steps // 30))
    work = f"{ROLLOUTS} rollouts of {STEPS} steps, {PEOPLE} people"
    return [
        Row("step, median", _median(whole_ms), "ms", "10", f"{work}, a store's floor, one core", key="step_median_ms"),
        Row("step, 95th percentile", float(np.percentile(whole_ms, 95)), "ms", key="step_p95_ms"),
        Row("step, longest", float(whole_ms.max()), "ms", "", f"of {steps}"),
        Row("of this the optimizer", _median(kernel_ms), "ms", "", "the rest: people, laser, floor, limits"),
        Row("floor: rollouts without cost", _median(free_ms), "ms", "", "motion, distance to the goal, average"),
        Row("peer: the same terms in numpy", _median(numpy_ms), "ms", "", "whole arrays of rollouts, double precision"),
        Row("faster than numpy", _median(numpy_ms) / _median(kernel_ms), "x"),
    ]


def timed(work: Callable[[], object], times: int) -> FloatArray:
    """Return how long each of several calls takes, in milliseconds; two go before, unmeasured."""
    taken = []
    for _ in range(times + 2):
        started_s = time.perf_counter()
        work()
        taken.append(1000.0 * (time.perf_counter() - started_s))
    return np.array(taken[2:])


def _median(values: FloatArray) -> float:
    return float(np.median(values))


class Drive:
    """An ideal base on its way through a small store, with people who walk round in circles."""

    def __init__(self, controller: Controller, grid: ClearanceMap) -> None:
        route = plan(grid, (_START.x_m, _START.y_m), _GOAL)
        if route.cost_to_go is None:
            raise BenchmarkProblem(f"the planner found no way through the benchmark's own store: {route.outcome}")
        self.controller = controller
        self.state = RobotState(_START, Twist2())
        self.now_s = 0.0
        self._cost_to_go = route.cost_to_go
        self._wall = _wall_points()

    @property
    def people(self) -> tuple[Person, ...]:
        """Ten people on circles around places near the robot."""
        return tuple(_walker(index, self.state.pose_map, self.now_s) for index in range(PEOPLE))

    @property
    def route(self) -> Route:
        return Route(self._cost_to_go, local_obstacles(self._wall, self.state.pose_map))

    def problem(self) -> Problem:
        """Return what the optimizer is asked now."""
        return self.controller.problem(self.state, self.route, self.people, self.now_s)

    def step(self) -> float:
        """Decide and move on; return how long the decision took, in milliseconds."""
        asked = self.state, self.route, self.people, self.now_s
        started_s = time.perf_counter()
        twist = self.controller.step(*asked)
        taken_s = time.perf_counter() - started_s
        pose = advance(self.state.pose_map, twist, PERIOD_S)
        is_there = math.dist((pose.x_m, pose.y_m), _GOAL) < 1.0
        self.state, self.now_s = RobotState(_START if is_there else pose, twist), self.now_s + PERIOD_S
        return 1000.0 * taken_s


def _walker(index: int, pose: Pose2, now_s: float) -> Person:
    angle_rad = now_s * 0.8 + index
    middle_x, middle_y = pose.x_m + 4.0 * math.cos(index * 0.7), pose.y_m + 4.0 * math.sin(index * 0.7)
    vx, vy = -0.8 * math.sin(angle_rad), 0.8 * math.cos(angle_rad)
    return Person(index, middle_x + math.cos(angle_rad), middle_y + math.sin(angle_rad), vx, vy, 0.25)


def _small_store() -> ClearanceMap:
    """20 m x 14 m with three shelves."""
    cells = np.zeros((280, 400), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = 100
    for left in (80, 180, 280):
        cells[60:220, left : left + 20] = 100
    return clearance_map(cells, 0.05, 0.0, 0.0)


def _wall_points() -> FloatArray:
    ends = np.arange(0.0, 20.0, 0.05)
    return np.vstack((np.column_stack((ends, np.zeros_like(ends))), np.column_stack((np.zeros_like(ends), ends))))


def _without_costs(problem: Problem) -> Problem:
    """Return the same problem on open ground with nobody there: what the rollouts themselves take."""
    crowd = problem.crowd
    nobody = crowd._replace(
        places=np.ascontiguousarray(crowd.places[:, :, :0]),
        spread_m=np.ascontiguousarray(crowd.spread_m[:, :0]),
        reach_m=crowd.reach_m[:0],
        free_mps=crowd.free_mps[:0],
        pairs=crowd.pairs[:0],
    )
    return replace(problem, floor=None, crowd=nobody)
