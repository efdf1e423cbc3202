"""What the kernels are told, as named tuples: they are what numba takes beside arrays.

Every number in them is a float32 and every array is C-contiguous, so that the compiled kernels always see the same
types. Places are in one fixed frame: the map's, or that of the open ground.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from aisle.robot_model import Limits

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]
Tuple = TypeVar("Tuple", bound=tuple[float, ...])


class Drive(IntEnum):
    """How a base moves; it decides what the two controls are."""

    DIFFERENTIAL = 0
    """Forward velocity in m/s and turn rate in rad/s, like `Twist2`."""
    HOLONOMIC = 1
    """Velocity along the two axes of the fixed frame, in m/s; the heading plays no part."""


class Motion(NamedTuple):
    """The motion model: the kind of drive, and limits in m/s, rad/s, m/s2 and rad/s2.

    A holonomic base changes its velocity by at most `acceleration` in any direction.
    """

    drive: float
    slowest: float
    fastest: float
    turn: float
    acceleration: float
    braking: float
    turn_acceleration: float


class Costs(NamedTuple):
    """Weights and distances of the cost terms; `kernels.py` says what each term does. Lengths in metres."""

    goal_end: float
    goal_run: float
    contact: float
    contact_margin_m: float
    contact_step_m: float
    closeness: float
    closeness_m: float
    intrusion: float
    intrusion_m: float
    between: float
    between_m: float
    standing_share: float
    """What share of the terms for people counts while the robot stands: it is politer to stand than to drive."""
    far_fade: float
    """How quickly people count less as their places become uncertain, per metre of spread."""
    wall: float
    wall_margin_m: float
    wall_soft_m: float
    turn: float
    change: float
    temperature: float


class Crowd(NamedTuple):
    """People as they are expected to walk on.

    `places` has shape (steps + 1, 2, n), `spread_m` (steps + 1, n). `reach_m`, shape (n,), is the sum of the radii of
    robot and person. `free_mps`, shape (n,), is how fast the robot may come towards them. `pairs`, shape (m, 2), are
    indices of people who belong together.
    """

    places: Floats
    spread_m: Floats
    reach_m: Floats
    free_mps: Floats
    pairs: Indices


class Floor(NamedTuple):
    """The store's floor: grids of shape (rows, columns), row 0 at the lowest y.

    A frame is (cells per metre, x and y of the lower-left corner). `worst` is the cost to go that stands for "unknown".
    """

    cost_to_go: Floats
    clearance: Floats
    frame: Floats
    near_clearance: Floats
    near_frame: Floats
    radius_m: float
    worst: float


def as_float32(values: Tuple) -> Tuple:
    """Return the same tuple of numbers with every one a float32."""
    return type(values)(*(np.float32(value) for value in values))  # type: ignore[arg-type]


def motion_of(limits: Limits, slowest_mps: float, fastest_mps: float) -> Motion:
    """Return the motion model of a differential drive within a base's limits."""
    fastest_mps = min(fastest_mps, limits.speed_mps)
    return as_float32(
        Motion(
            Drive.DIFFERENTIAL,
            slowest_mps,
            fastest_mps,
            limits.turn_radps,
            limits.acceleration_mps2,
            limits.braking_mps2,
            limits.turn_acceleration_radps2,
        )
    )
