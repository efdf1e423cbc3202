"""Small stores for the tests of the simulator."""

from __future__ import annotations

import math

import numpy as np
import shapely

from aisle import paths
from aisle.config import load
from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from sim.scene.floor import Floor
from sim.scene.layout import Layout
from sim.scene.solids import Solid
from sim.scene.spots import Spot, browse_spots

RESOLUTION_M = 0.05
_GREY = (0.6, 0.6, 0.6, 1.0)


def reference_robot() -> RobotModel:
    return load(paths.reference_robot(), RobotModel)


def box(name: str, x: float, y: float, width: float, depth: float, height: float = 1.8) -> Solid:
    return Solid(name, ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth)), height, _GREY)


def walls(width: float, depth: float) -> list[Solid]:
    return [
        box("south", 0.0, 0.0, width, 0.1), box("north", 0.0, depth - 0.1, width, 0.1),
        box("west", 0.0, 0.0, 0.1, depth), box("east", width - 0.1, 0.0, 0.1, depth),
    ]  # fmt: skip


def floor_of(size_m: tuple[float, float], solids: list[Solid]) -> Floor:
    columns, rows = (round(s / RESOLUTION_M) for s in size_m)
    xs, ys = np.meshgrid((np.arange(columns) + 0.5) * RESOLUTION_M, (np.arange(rows) + 0.5) * RESOLUTION_M)
    solid = shapely.union_all([shapely.Polygon(s.outline) for s in solids])
    return Floor((shapely.contains_xy(solid, xs, ys) * 100).astype(np.uint8), RESOLUTION_M)


def layout(
    size_m: tuple[float, float],
    solids: list[Solid],
    home: Pose2,
    entrance: tuple[float, float] = (1.0, 1.0),
    spots: tuple[Spot, ...] = (),
) -> Layout:
    return Layout(size_m, tuple(solids), floor_of(size_m, solids), spots, home, entrance)


def empty_room(width: float = 12.0, depth: float = 12.0) -> Layout:
    return layout((width, depth), walls(width, depth), Pose2(width / 2, depth / 2, 0.0))


def small_shop() -> Layout:
    """Six gondolas in a 14 x 10 m room, with bays of 1 m on both long sides and one aisle of 1.2 m."""
    size = (14.0, 10.0)
    lefts = (2.0, 4.0, 6.2, 8.2, 10.2, 11.9)
    gondolas = [box(f"gondola_{n}", x, 2.5, 0.9 if n < 5 else 0.5, 5.0) for n, x in enumerate(lefts)]
    solids = walls(*size) + gondolas
    floor = floor_of(size, solids)
    fronts = []
    for gondola in gondolas:
        (x0, y0), (x1, _), _, _ = gondola.outline
        for k in range(5):
            fronts += [(x0, y0 + 0.5 + k, math.pi, 1.8), (x1, y0 + 0.5 + k, 0.0, 1.8)]
    spots = (*browse_spots(fronts, floor), Spot(2.0, 1.0, 0.0, is_till=True), Spot(6.0, 1.0, 0.0, is_till=True))
    return layout(size, solids, Pose2(3.5, 8.7, 0.0), (1.0, 1.0), spots)
