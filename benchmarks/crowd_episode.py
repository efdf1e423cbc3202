"""One crossing of the crowd from start to end, and what is kept of it."""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec
import numpy as np

from aisle.geometry import FloatArray, Pose2, Twist2, advance
from aisle.sensing import Person
from aisle_navigation.control.scene import Drive
from benchmarks.crowd_policies import Moment, Policy
from benchmarks.crowd_world import (
    RADIUS_M,
    ROBOT_GOAL,
    ROBOT_START,
    STEP_S,
    TIME_LIMIT_S,
    OrcaCrowd,
    Scene,
    closest_gap_m,
)

CLOSE_M = 0.2
PLACE_NOISE_M, VELOCITY_NOISE_MPS = 0.05, 0.15
_ARC_PIECES = 8


class End(StrEnum):
    """How a crossing ended."""

    SUCCESS = "success"
    COLLISION = "collision"
    TIMEOUT = "timeout"


class Episode(msgspec.Struct, frozen=True):
    """One crossing: `close_steps` of the `steps` came nearer to somebody than `CLOSE_M`, surface to surface."""

    end: End
    time_s: float
    steps: int
    close_steps: int
    least_gap_m: float


def cross(policy: Policy, scene: Scene, perception: np.random.Generator | None = None) -> Episode:
    """Let the robot cross. With a generator its perception is noisy; without, it is perfect.

    Robot and people decide at the same moment, from what is the case then; the robot's decision holds for one step.
    A crossing succeeds when the robot ends a step within its own radius of the goal, and fails when it touches
    anybody at any moment before, between two steps too.
    """
    crowd = OrcaCrowd(scene.starts, scene.goals)
    pose, controls = Pose2(*ROBOT_START, 0.5 * math.pi), (0.0, 0.0)
    close_steps, least_gap_m = 0, math.inf
    steps = round(TIME_LIMIT_S / STEP_S)
    for step in range(1, steps + 1):
        controls = policy.act(Moment(pose, controls, _seen(crowd, perception), (step - 1) * STEP_S))
        before = crowd.positions.copy()
        crowd.step()
        way, pose = _way(pose, controls, policy.drive)
        gap_m = closest_gap_m(way, before, crowd.positions)
        close_steps, least_gap_m = close_steps + (gap_m < CLOSE_M), min(least_gap_m, gap_m)
        end = _end(pose, gap_m)
        if end is not None:
            return Episode(end, step * STEP_S, step, close_steps, least_gap_m)
    return Episode(End.TIMEOUT, TIME_LIMIT_S, steps, close_steps, least_gap_m)


def _end(pose: Pose2, gap_m: float) -> End | None:
    if gap_m < 0.0:
        return End.COLLISION
    return End.SUCCESS if math.dist((pose.x_m, pose.y_m), ROBOT_GOAL) < RADIUS_M else None


def _way(pose: Pose2, controls: tuple[float, float], drive: Drive) -> tuple[FloatArray, Pose2]:
    """Return the places of the robot during a step, at equal times and shape (m, 2), and its pose at the end."""
    if drive is Drive.HOLONOMIC:
        end = Pose2(pose.x_m + controls[0] * STEP_S, pose.y_m + controls[1] * STEP_S, _heading(pose, controls))
        return np.array([(pose.x_m, pose.y_m), (end.x_m, end.y_m)]), end
    times_s = np.linspace(0.0, STEP_S, _ARC_PIECES + 1)
    poses = [advance(pose, Twist2(*controls), float(time_s)) for time_s in times_s]
    return np.array([(at.x_m, at.y_m) for at in poses]), poses[-1]


def _heading(pose: Pose2, velocity: tuple[float, float]) -> float:
    """Return the direction of motion: for a holonomic base that is where it looks."""
    return math.atan2(velocity[1], velocity[0]) if math.hypot(*velocity) > 0.05 else pose.yaw_rad


def _seen(crowd: OrcaCrowd, perception: np.random.Generator | None) -> tuple[Person, ...]:
    places, velocities = crowd.positions, crowd.velocities
    if perception is not None:
        places = places + PLACE_NOISE_M * perception.standard_normal(places.shape)
        velocities = velocities + VELOCITY_NOISE_MPS * perception.standard_normal(velocities.shape)
    rows = zip(places.tolist(), velocities.tolist(), strict=True)
    return tuple(Person(index, x, y, vx, vy, RADIUS_M) for index, ((x, y), (vx, vy)) in enumerate(rows))
