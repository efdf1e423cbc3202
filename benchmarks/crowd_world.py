"""A crowd on open ground, as in the literature on crowd navigation: people who cross and do not see the robot.

The setting is CrowdSim's (C. Chen et al., "Crowd-robot interaction: crowd-aware robot navigation with
attention-based deep reinforcement learning", ICRA 2019) with its "invisible" robot. People are driven by ORCA
(J. van den Berg et al., "Reciprocal n-body collision avoidance", 2011), each with its goal in mind and with eyes
for the others only. All lengths are in metres, in one fixed frame whose origin is the middle of the crossing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from aisle.geometry import FloatArray
from benchmarks.rows import BenchmarkProblem

STEP_S, TIME_LIMIT_S = 0.25, 25.0
RADIUS_M, SPEED_MPS = 0.3, 1.0
CIRCLE_RADIUS_M, SQUARE_WIDTH_M = 4.0, 10.0
ROBOT_START, ROBOT_GOAL = (0.0, -CIRCLE_RADIUS_M), (0.0, CIRCLE_RADIUS_M)
_APART_M = 2.0 * RADIUS_M + 0.2
_NEIGHBOUR_M, _NEIGHBOURS, _HORIZON_S, _SKIN_M = 10.0, 10, 5.0, 0.01
"""ORCA's parameters are CrowdSim's; the skin keeps people who just touch from counting as overlapping."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where people start and where they want to be, shapes (n, 2); nobody starts or ends near another one."""

    starts: FloatArray
    goals: FloatArray


def circle_scene(people: int, rng: np.random.Generator) -> Scene:
    """Place people on a circle, a little off it at random, with their goals opposite."""
    starts, goals = [np.array(ROBOT_START)], [np.array(ROBOT_GOAL)]
    while len(starts) <= people:
        angle_rad = rng.uniform(0.0, math.tau)
        place = CIRCLE_RADIUS_M * np.array([math.cos(angle_rad), math.sin(angle_rad)]) + rng.uniform(-0.5, 0.5, 2)
        if _is_clear(place, starts) and _is_clear(place, goals):
            starts.append(place)
            goals.append(-place)
    return Scene(np.array(starts[1:]), np.array(goals[1:]))


def square_scene(people: int, rng: np.random.Generator) -> Scene:
    """Place people in the left or right half of a square, with their goals in the other half."""
    starts, goals = [np.array(ROBOT_START)], [np.array(ROBOT_GOAL)]
    while len(starts) <= people:
        side = rng.choice((-1.0, 1.0))
        starts.append(_place_in_half(side, starts, rng))
        goals.append(_place_in_half(-side, goals, rng))
    return Scene(np.array(starts[1:]), np.array(goals[1:]))


def _place_in_half(side: float, others: list[FloatArray], rng: np.random.Generator) -> FloatArray:
    while True:
        half_m = 0.5 * SQUARE_WIDTH_M
        place: FloatArray = np.array([side * rng.uniform(0.0, half_m), rng.uniform(-half_m, half_m)])
        if _is_clear(place, others):
            return place


def _is_clear(place: FloatArray, others: list[FloatArray]) -> bool:
    return all(math.dist(place, other) >= _APART_M for other in others)


class OrcaCrowd:
    """People on their way; they avoid each other by ORCA. `margin_m` is what each keeps beyond its radius."""

    def __init__(self, starts: FloatArray, goals: FloatArray, margin_m: float = 0.0) -> None:
        self._goals = goals
        self._simulator = _simulator()
        for x_m, y_m in starts:
            radius_m = RADIUS_M + _SKIN_M + margin_m
            self._simulator.add_agent(
                (x_m, y_m), _NEIGHBOUR_M, _NEIGHBOURS, _HORIZON_S, _HORIZON_S, radius_m, SPEED_MPS
            )
        self.positions = starts.astype(np.float64)
        self.velocities = np.zeros_like(self.positions)

    def step(self) -> None:
        """Let everybody walk for one step of the world."""
        for index, wanted in enumerate(_towards(self.positions, self._goals)):
            self._simulator.set_agent_pref_velocity(index, (wanted[0], wanted[1]))
        self._simulator.do_step()
        for index in range(len(self.positions)):
            self.positions[index] = self._simulator.get_agent_position(index).to_tuple()
            self.velocities[index] = self._simulator.get_agent_velocity(index).to_tuple()

    def set_out(self, positions: FloatArray, velocities: FloatArray, goals: FloatArray) -> None:
        """Put everybody somewhere else; for a policy that lets a crowd walk in its head."""
        for index, (place, velocity) in enumerate(zip(positions.tolist(), velocities.tolist(), strict=True)):
            self._simulator.set_agent_position(index, tuple(place))
            self._simulator.set_agent_velocity(index, tuple(velocity))
        self.positions[:], self.velocities[:], self._goals = positions, velocities, goals


def _simulator() -> Any:
    try:
        import pyrvo
    except ImportError as error:
        raise BenchmarkProblem("the people of this benchmark need pyrvo; install it: uv sync --group dev") from error
    return pyrvo.RVOSimulator(STEP_S, _NEIGHBOUR_M, _NEIGHBOURS, _HORIZON_S, _HORIZON_S, RADIUS_M, SPEED_MPS)


def _towards(positions: FloatArray, goals: FloatArray) -> FloatArray:
    """Return the velocities that people would have if they were alone; near the goal they slow down."""
    way = goals - positions
    far_m = np.maximum(np.linalg.norm(way, axis=1, keepdims=True), SPEED_MPS)
    return np.asarray(SPEED_MPS * way / far_m)


def closest_gap_m(robot_way: FloatArray, before: FloatArray, after: FloatArray) -> float:
    """Return the smallest distance, surface to surface, between robot and people during a step; inf without people.

    `robot_way` are the robot's places at equal times, shape (m + 1, 2), joined by straight lines; people walk
    straight from `before` to `after`, shapes (n, 2). Between two places the relative motion is a straight line
    too, so its point nearest to the origin is exact: nobody passes through anybody between two steps.
    """
    if len(before) == 0:
        return math.inf
    shares = np.linspace(0.0, 1.0, len(robot_way))[:, None, None]
    offsets = robot_way[:, None, :] - (before + shares * (after - before))
    starts, moves = offsets[:-1], np.diff(offsets, axis=0)
    length_squared = np.maximum((moves**2).sum(axis=2), 1e-12)
    nearest = np.clip(-(starts * moves).sum(axis=2) / length_squared, 0.0, 1.0)
    distances = np.linalg.norm(starts + nearest[..., None] * moves, axis=2)
    return float(distances.min() - 2.0 * RADIUS_M)
