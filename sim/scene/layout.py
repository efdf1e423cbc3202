"""What the simulator needs to know about a store: solids, free floor, and where people go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aisle.geometry import Pose2
from sim.scene.floor import Floor, Point
from sim.scene.solids import Solid
from sim.scene.spots import Spot
from sim.scene.surfaces import Surface


@dataclass(frozen=True)
class Layout:
    """A store as the simulator sees it, in the map frame.

    `spots` are the places where shoppers browse and pay, `home` is where the robot starts, `entrance` where
    people come from and leave to, and it charges while it stands at the `dock`; `surfaces` says what a solid of that
    name is made of, where it is not matt. `baskets` are the places
    of what people really bought together, in the order of the planogram; empty where that is not known.
    """

    size_m: tuple[float, float]
    solids: tuple[Solid, ...]
    floor: Floor
    spots: tuple[Spot, ...]
    home: Pose2
    entrance: Point
    dock: Pose2 | None = None
    surfaces: Mapping[str, Surface] = field(default_factory=dict)
    baskets: tuple[tuple[Spot, ...], ...] = ()
