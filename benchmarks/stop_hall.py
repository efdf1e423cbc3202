"""A hall in which the robot drives at full speed and, from one moment to the next, two legs stand in its way.

Nobody walks: the robot is put before them in motion. What its sensors and its base notice is the same as if somebody
had stepped out right before it, and more sudden than anybody can.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aisle.geometry import Pose2
from sim.scene.floor import Floor
from sim.scene.layout import Layout
from sim.scene.solids import Point, Solid

SIZE_M = (20.0, 12.0)
START = Pose2(2.0, 2.5, 0.0)
_FLOOR_M, _WALL_M, _HEIGHT_M = 0.05, 0.1, 1.0
_GREY = (0.6, 0.6, 0.6, 1.0)


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg in the map frame, upright and round."""

    x_m: float
    y_m: float
    radius_m: float = 0.07


LEGS = (Leg(15.0, 8.4), Leg(15.0, 8.6))
"""As far apart and as thick as those of a man in the simulator (`sim.people.bodies`)."""


def place_before(gap_m: float, aside_m: float, robot_radius_m: float, legs: tuple[Leg, ...] = LEGS) -> Pose2:
    """Return where a round robot that drives along x has `gap_m` left until it touches a leg.

    `aside_m` is how far its middle is to the left of the middle between the legs. Raises ValueError when it would
    pass all of them.
    """
    y_m = sum(leg.y_m for leg in legs) / len(legs) + aside_m
    reaches = [(leg, robot_radius_m + leg.radius_m, leg.y_m - y_m) for leg in legs]
    touches = [leg.x_m - math.sqrt(reach**2 - off**2) for leg, reach, off in reaches if abs(off) < reach]
    if not touches:
        raise ValueError(f"{aside_m:.2f} m aside a robot of radius {robot_radius_m:.2f} m touches no leg: go nearer")
    return Pose2(min(touches) - gap_m, y_m, 0.0)


def hall() -> Layout:
    """Return the hall with its walls and the legs; the way from START on is free."""
    width, depth = SIZE_M
    walls = (
        _box("south", (0.0, 0.0), (width, _WALL_M)),
        _box("north", (0.0, depth - _WALL_M), (width, depth)),
        _box("west", (0.0, 0.0), (_WALL_M, depth)),
        _box("east", (width - _WALL_M, 0.0), (width, depth)),
    )
    legs = tuple(_round(f"leg_{number}", leg) for number, leg in enumerate(LEGS))
    # Only people need the floor's cells, and there are none.
    cells = np.zeros((round(depth / _FLOOR_M), round(width / _FLOOR_M)), dtype=np.uint8)
    return Layout(SIZE_M, walls + legs, Floor(cells, _FLOOR_M), (), START, (1.0, 1.0))


def _box(name: str, low: Point, high: Point) -> Solid:
    return Solid(name, (low, (high[0], low[1]), high, (low[0], high[1])), _HEIGHT_M, _GREY)


def _round(name: str, leg: Leg, corners: int = 12) -> Solid:
    angles = [math.tau * corner / corners for corner in range(corners)]
    outline = tuple((leg.x_m + leg.radius_m * math.cos(a), leg.y_m + leg.radius_m * math.sin(a)) for a in angles)
    return Solid(name, outline, _HEIGHT_M, _GREY)
