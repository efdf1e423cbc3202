"""Where and how fast people ask to go: to their target, past the side of who comes, out of the robot's way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

GIVE_WAY_GAP_M = 0.30
GIVE_WAY_SPEED_MPS = 0.5
NEAR_ROBOT_M = 1.5
BLOCKED_GAP_M = 0.35
_SIDESTEP_STRENGTH, _SIDESTEP_RANGE_M = 0.9, 0.8
_LEAST_SPEED_MPS = 0.02


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where n people are and where they want to go; lengths in m, speeds in m/s, in the map frame."""

    centre: FloatArray
    velocity: FloatArray
    radius: FloatArray
    target: FloatArray
    speed: FloatArray
    gives_way: BoolArray
    ignores: BoolArray
    robot: FloatArray
    robot_velocity: FloatArray
    robot_radius: float

    @property
    def is_near_robot(self) -> BoolArray:
        away = self.centre - self.robot
        gap = np.hypot(away[:, 0], away[:, 1]) - self.radius - self.robot_radius
        return np.asarray(gap < NEAR_ROBOT_M)


@dataclass(frozen=True, slots=True)
class Steering:
    """Unit directions, shape (n, 2), speeds in m/s, and who stands in the way: an index, n for the robot, or -1."""

    direction: FloatArray
    speed: FloatArray
    blocker: npt.NDArray[np.intp]


def steer(around: Surroundings) -> Steering:
    """Return what everybody asks JuPedSim for."""
    way = around.target - around.centre
    distance = np.hypot(way[:, 0], way[:, 1])
    # Slowing down over the last half metre keeps a person from stepping past the place and back.
    speed = np.minimum(around.speed, 2.0 * distance)
    is_walking = speed >= _LEAST_SPEED_MPS
    ahead = np.where(is_walking[:, None], way / np.maximum(distance, 1e-9)[:, None], 0.0)
    away, gap = _apart(around)
    direction = _unit(ahead + _side_steps(ahead, away, gap))
    speed = np.where(is_walking, speed, 0.0)
    blocker = _blockers(around, ahead, away, gap)
    return Steering(*_with_giving_way(around, direction, speed, away[:, -1], gap[:, -1]), blocker)


def _apart(around: Surroundings) -> tuple[FloatArray, FloatArray]:
    """Return the unit vectors from everybody else, the robot last, to each, shape (n, n + 1, 2), and the gaps.

    Who does not count, such as oneself, is infinitely far.
    """
    others = np.vstack((around.centre, around.robot))
    away = around.centre[:, None] - others[None]
    distance = np.hypot(away[..., 0], away[..., 1])
    gap = distance - around.radius[:, None] - np.append(around.radius, around.robot_radius)[None]
    np.fill_diagonal(gap, np.inf)
    gap[around.ignores, -1] = np.inf
    return away / np.maximum(distance, 1e-9)[..., None], gap


def _side_steps(ahead: FloatArray, away: FloatArray, gap: FloatArray) -> FloatArray:
    """Return how far to the side each has to aim, to pass whoever is ahead on the side where there is more room."""
    towards = -(away[..., 0] * ahead[:, None, 0] + away[..., 1] * ahead[:, None, 1])
    strength = np.where(towards > 0.5, _SIDESTEP_STRENGTH * np.exp(-np.maximum(gap, 0.0) / _SIDESTEP_RANGE_M), 0.0)
    # Straight ahead means: keep to the right.
    left = ahead[:, None, 0] * away[..., 1] - ahead[:, None, 1] * away[..., 0] > 1e-3
    push = np.where(left, strength, -strength).sum(axis=1)
    return np.stack((-push * ahead[:, 1], push * ahead[:, 0]), axis=1)


def _blockers(around: Surroundings, ahead: FloatArray, away: FloatArray, gap: FloatArray) -> npt.NDArray[np.intp]:
    """Say for those who want to walk and hardly get on who is close before them."""
    towards = -(away[..., 0] * ahead[:, None, 0] + away[..., 1] * ahead[:, None, 1])
    near = np.where((towards > 0.3) & (gap < BLOCKED_GAP_M), gap, np.inf)
    nearest = np.argmin(near, axis=1)
    is_held_up = (around.speed > 0.3) & (np.hypot(around.velocity[:, 0], around.velocity[:, 1]) < 0.1)
    return np.where(is_held_up & np.isfinite(near[np.arange(len(near)), nearest]), nearest, -1)


def _with_giving_way(
    around: Surroundings, direction: FloatArray, speed: FloatArray, away: FloatArray, gap: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Let those who stand step back from a robot that comes too near."""
    closing = away @ around.robot_velocity
    steps_back = around.gives_way & (speed == 0.0) & (gap < GIVE_WAY_GAP_M) & (closing >= 0.05)
    return (
        np.where(steps_back[:, None], away, direction),
        np.where(steps_back, GIVE_WAY_SPEED_MPS, speed),
    )


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.hypot(vectors[:, 0], vectors[:, 1])
    return np.asarray(vectors / np.maximum(length, 1e-9)[:, None])
