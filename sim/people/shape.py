"""What people and the things they push take up of the floor: discs on the line in which they face."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from sim.people.figures import CARGO_SHAPES, Cargo


@dataclass(frozen=True, slots=True)
class Shape:
    """Body and cargo as discs (how far ahead of the body's centre in m, radius in m); the first is the body.

    `lead_m` is how far the middle of it all is ahead of the body's centre. JuPedSim knows discs only:
    `crowd_radius_m` is the one around that middle that stands for it all, between half the width and half the length.
    """

    discs: tuple[tuple[float, float], ...]
    lead_m: float
    crowd_radius_m: float

    @property
    def is_long(self) -> bool:
        """Tell whether it is so long that it cannot turn on the spot beside a shelf."""
        return len(self.discs) > 1


@lru_cache(maxsize=512)
def shape_of(radius_m: float, cargo: Cargo) -> Shape:
    """Return the shape of a body of that radius with what it pushes. A basket is carried and takes up no floor."""
    body = (0.0, radius_m)
    if cargo not in CARGO_SHAPES or cargo is Cargo.BASKET:
        return Shape((body,), 0.0, radius_m)
    discs = (body, *cargo_discs(cargo))
    front = max(ahead + radius for ahead, radius in discs)
    back = max(radius - ahead for ahead, radius in discs)
    half_length, half_width = 0.5 * (front + back), max(radius for _, radius in discs)
    return Shape(discs, 0.5 * (front - back), half_width + 0.35 * (half_length - half_width))


def cargo_discs(cargo: Cargo) -> tuple[tuple[float, float], ...]:
    """Return a row of discs as wide as the cargo's box; they leave its corners out, as round as those of a trolley."""
    box = CARGO_SHAPES[cargo]
    radius = 0.5 * box.width_m
    count = max(1, math.ceil(1.5 * box.length_m / box.width_m - 0.5))
    if count == 1:
        return ((box.offset_m, radius),)
    first, spacing = box.offset_m - 0.5 * box.length_m + radius, (box.length_m - box.width_m) / (count - 1)
    return tuple((first + k * spacing, radius) for k in range(count))
