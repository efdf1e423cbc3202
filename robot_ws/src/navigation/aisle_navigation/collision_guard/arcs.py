"""How far a round base can drive along its arc before it touches something.

After D. Fox, W. Burgard and S. Thrun, "The dynamic window approach to collision avoidance", IEEE Robotics and
Automation Magazine 4(1), 1997: a base at constant velocity runs on a circle, and what counts is the way left on it.
"""

from __future__ import annotations

import math

import numpy as np

from aisle.geometry import FloatArray, Twist2

_STRAIGHT_PER_M = 1e-3
"""Less curvature than this is a line: over a metre it differs by half a millimetre."""


def free_distance(twist: Twist2, points: FloatArray, reach_m: float) -> float:
    """Return how far a disc of radius `reach_m` drives along the arc of `twist` before it touches a point, in metres.

    Points are in the base frame, shape (n, 2), in metres. Points inside the disc that lie behind the motion do not
    count, so that a robot can leave a place where it stands close to something. `inf` when nothing is in the way or
    the base does not move forwards or backwards.
    """
    if len(points) == 0 or twist.linear_mps == 0.0:
        return math.inf
    forward = math.copysign(1.0, twist.linear_mps)
    x, y = points[:, 0] * forward, points[:, 1]
    curvature = twist.angular_radps * forward / abs(twist.linear_mps)
    if abs(curvature) < _STRAIGHT_PER_M:
        return _free_line(x, y, reach_m)
    return _free_arc(x, y * math.copysign(1.0, curvature), 1.0 / abs(curvature), reach_m)


def _free_line(x: FloatArray, y: FloatArray, reach_m: float) -> float:
    hit = (np.abs(y) < reach_m) & (x > 0.0)
    if not hit.any():
        return math.inf
    return max(0.0, float((x[hit] - np.sqrt(reach_m**2 - y[hit] ** 2)).min()))


def _free_arc(x: FloatArray, y: FloatArray, turn_radius_m: float, reach_m: float) -> float:
    """Free arc for a left turn: the base centre runs on a circle around (0, turn_radius_m)."""
    distance = np.hypot(x, y - turn_radius_m)
    hit = np.abs(distance - turn_radius_m) < reach_m
    inside = np.hypot(x, y) < reach_m
    # Two circles: the angle at the turning centre between the base centre and the moment of touch.
    bearing = np.arctan2(x, turn_radius_m - y)
    cosine = (distance**2 + turn_radius_m**2 - reach_m**2) / np.maximum(2.0 * distance * turn_radius_m, 1e-9)
    touch = np.mod(bearing, math.tau) - np.arccos(np.clip(cosine, -1.0, 1.0))
    # What is inside already must not come nearer than it is: ahead at once, behind when the circle leads back to it.
    touch = np.where(inside, np.where(bearing > 0.0, 0.0, math.tau - 2.0 * np.abs(bearing)), touch)
    if not (hit | inside).any():
        return math.inf
    return max(0.0, float(touch[hit | inside].min()) * turn_radius_m)
