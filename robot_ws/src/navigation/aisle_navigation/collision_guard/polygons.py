"""The zones as polygons, for the console and the documents. The guard itself measures along the arc."""

from __future__ import annotations

import math

import numpy as np
from shapely.geometry import LineString

from aisle.geometry import FloatArray, Pose2, Twist2, advance
from aisle_navigation.collision_guard.zones import Zones

_STEPS = 24
_QUARTER_SEGMENTS = 12


def polygons(zones: Zones, twist: Twist2 | None = None) -> dict[str, FloatArray]:
    """Return the corners of every zone in the base frame, each of shape (n, 2), in metres and counter-clockwise.

    The zones lie along the arc of `twist`; straight ahead where none is given. Raises ValueError for a twist that
    only turns, since then the base sweeps nothing.
    """
    wanted = Twist2(zones.top.linear_mps, 0.0) if twist is None else twist
    if wanted.linear_mps == 0.0:
        raise ValueError("the zones of a base that only turns have no direction; give a linear speed")
    return {zone.name: _swept(wanted, zone.length_m, zones.radius_m + zone.side_m) for zone in zones.rows}


def _swept(twist: Twist2, length_m: float, reach_m: float) -> FloatArray:
    """Return the outline of what a disc sweeps along an arc; a full circle is not driven twice."""
    duration_s = length_m / abs(twist.linear_mps)
    if twist.angular_radps != 0.0:
        duration_s = min(duration_s, math.tau / abs(twist.angular_radps))
    start = Pose2(0.0, 0.0, 0.0)
    places = [advance(start, twist, float(time_s)) for time_s in np.linspace(0.0, duration_s, _STEPS)]
    shape = LineString([(place.x_m, place.y_m) for place in places]).buffer(reach_m, quad_segs=_QUARTER_SEGMENTS)
    return np.array(shape.exterior.coords)[:0:-1]
