"""What the simulator needs to know about a store: solids, free floor, and where people go."""

from __future__ import annotations

from dataclasses import dataclass

from aisle.geometry import Pose2
from sim.scene.floor import Floor, Point
from sim.scene.mjcf import Solid
from sim.scene.spots import Spot


@dataclass(frozen=True)
class Layout:
    """A store as the simulator sees it, in the map frame.

    `spots` are the places where shoppers browse and pay, `home` is where the robot starts, `entrance` is where
    people come from and leave to.
    """

    size_m: tuple[float, float]
    solids: tuple[Solid, ...]
    floor: Floor
    spots: tuple[Spot, ...]
    home: Pose2
    entrance: Point
