"""Where people stand in a store: before the shelves, and at the tills."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.scene.floor import ROUTE_CLEARANCE_M, Floor

BROWSE_DISTANCE_M = 0.45


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to stand in the map frame, the direction to face there, and the height of what stands there."""

    x_m: float
    y_m: float
    face_rad: float
    shelf_height_m: float = 1.8
    is_till: bool = False


def browse_spots(fronts: list[tuple[float, float, float, float]], floor: Floor) -> list[Spot]:
    """Return where a person can stand and look at a shelf.

    `fronts` are the centres of shelf fronts with the direction out of the shelf and its height:
    (x_m, y_m, normal_yaw_rad, height_m).
    Fronts without enough free floor before them are left out.
    """
    spots = []
    for x_m, y_m, normal_rad, height_m in fronts:
        x = x_m + BROWSE_DISTANCE_M * math.cos(normal_rad)
        y = y_m + BROWSE_DISTANCE_M * math.sin(normal_rad)
        if floor.clearance(x, y) >= ROUTE_CLEARANCE_M:
            spots.append(Spot(x, y, math.remainder(normal_rad + math.pi, math.tau), height_m))
    return spots
