"""Plain plans that are always tried beside the random ones: standing, going on straight or round, going for the goal.

Random plans rarely stand still, or reach a goal and stay there, and they rarely find the other way around somebody.
A proposal has shape (steps, 2): the two controls of each step.
"""

from __future__ import annotations

import math

import numpy as np

from aisle.geometry import FloatArray
from aisle_navigation.control.scene import Floats

_DIRECTIONS = 16
_SPEED_SHARES = (0.5, 1.0)
_TURN_SHARES = (-0.5, -0.2, 0.0, 0.2, 0.5)
_WAITS_S = (0.0, 0.5, 1.0, 2.0, 3.0)


def arcs(steps: int, fastest_mps: float, turn_radps: float) -> Floats:
    """Return plans for a differential drive: standing, turning on the spot, straight lines and arcs."""
    controls = [(speed * fastest_mps, turn * turn_radps) for speed in (0.0, *_SPEED_SHARES) for turn in _TURN_SHARES]
    return _held(controls, steps)


def directions(steps: int, fastest_mps: float) -> Floats:
    """Return plans for a holonomic base: standing, and straight on in every direction."""
    angles = [math.tau * index / _DIRECTIONS for index in range(_DIRECTIONS)]
    speeds = [share * fastest_mps for share in _SPEED_SHARES]
    controls = [(speed * math.cos(angle), speed * math.sin(angle)) for speed in speeds for angle in angles]
    return _held([(0.0, 0.0), *controls], steps)


def ways_to_goal(way: FloatArray, steps: int, step_s: float, fastest_mps: float) -> Floats:
    """Return plans for a holonomic base: straight to the goal and stop there, at once or after standing a while.

    `way` is the vector from the base to the goal, shape (2,), in metres.
    """
    length_m = math.hypot(*way)
    plans = []
    for wait_s in _WAITS_S:
        for speed_mps in (share * fastest_mps for share in _SPEED_SHARES):
            times_s = step_s * np.arange(steps + 1) - wait_s
            done_m = np.clip(speed_mps * times_s, 0.0, length_m)
            plans.append(np.diff(done_m)[:, None] / step_s * way / max(length_m, 1e-9))
    return np.array(plans, dtype=np.float32)


def _held(controls: list[tuple[float, float]], steps: int) -> Floats:
    return np.repeat(np.array(controls, dtype=np.float32)[:, None], steps, axis=1)
