"""Things that stand on the floor of a store: prisms over an outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from sim.sdf.description import Colour

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Solid:
    """Something that stands on the floor: its outline in the map frame, its height and its colour."""

    name: str
    outline: tuple[Point, ...]
    height_m: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle in any direction; `yaw_rad` is that of its length."""

    centre: Point
    length_m: float
    width_m: float
    yaw_rad: float


def convex_parts(outline: Sequence[Point]) -> list[list[Point]]:
    """Split a simple polygon into convex ones: itself if it is convex, else its triangles.

    Raises ValueError for an outline without area or that crosses itself.
    """
    polygon = shapely.Polygon(outline)
    if not polygon.is_valid or polygon.area < 1e-6:
        raise ValueError(f"outline {list(outline)} is no simple polygon with an area: correct the plan")
    if polygon.area > (1.0 - 1e-9) * polygon.convex_hull.area:
        return [_corners(polygon)]
    triangles = shapely.constrained_delaunay_triangles(polygon).geoms
    return [_corners(part) for part in triangles if isinstance(part, shapely.Polygon)]


def as_rectangle(outline: Sequence[Point]) -> Rectangle | None:
    """Return the rectangle that an outline is, or None for another shape."""
    if len(outline) != 4:
        return None
    a, b, c, d = (np.array(corner) for corner in outline)
    length, width = float(np.hypot(*(b - a))), float(np.hypot(*(d - a)))
    if not np.allclose(a + c, b + d, atol=1e-6) or abs(float(np.dot(b - a, d - a))) > 1e-6 * length * width:
        return None
    x, y = 0.5 * (a + c)
    return Rectangle((float(x), float(y)), length, width, float(np.arctan2(*(b - a)[::-1])))


def _corners(polygon: shapely.Polygon) -> list[Point]:
    return [(float(x), float(y)) for x, y in shapely.orient_polygons(polygon).exterior.coords[:-1]]
