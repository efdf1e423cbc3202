"""Compiled ray casting on the clearance map, by sphere tracing: every step is as long as the floor is free."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

_SURFACE_CELLS = 0.75
_SHORTEST_STEP_CELLS = 0.5


@njit(cache=True)
def clearance_at(clearance, resolution, origin_x, origin_y, x, y):
    """Return the clearance of a point; outside the map everything is solid."""
    row, column = math.floor((y - origin_y) / resolution), math.floor((x - origin_x) / resolution)
    if 0 <= row < clearance.shape[0] and 0 <= column < clearance.shape[1]:
        return clearance[row, column]
    return np.float32(0.0)


@njit(cache=True)
def first_surface(clearance, resolution, origin_x, origin_y, x, y, cos, sin, along, farthest):
    """Return how far along the ray, from `along` on, the floor ends; `farthest` where it does not."""
    surface, shortest = _SURFACE_CELLS * resolution, _SHORTEST_STEP_CELLS * resolution
    while along < farthest:
        free = clearance_at(clearance, resolution, origin_x, origin_y, x + along * cos, y + along * sin)
        if free < surface:
            return along
        along += max(free - resolution, shortest)
    return farthest


@njit(cache=True)
def far_side(clearance, resolution, origin_x, origin_y, x, y, cos, sin, along, farthest):
    """Return how far along the ray, from a surface at `along` on, the floor begins again."""
    surface, shortest = _SURFACE_CELLS * resolution, _SHORTEST_STEP_CELLS * resolution
    while along < farthest:
        if clearance_at(clearance, resolution, origin_x, origin_y, x + along * cos, y + along * sin) >= surface:
            return along
        along += shortest
    return farthest


@njit(cache=True)
def tell_apart(clearance, resolution, origin_x, origin_y, pose, directions, ranges, near, before, beyond, thinnest):
    """Return for each beam, shape (n,): 1 where it ends at the map, 0 where before it, -1 where it went through it.

    A beam went through when it ends more than `beyond` behind the far side of something at least `thinnest` thick:
    people cannot do that, and glass ends inside the cabinet. It ends at the map within `near` of anything on it, or
    less than `before` in front of the surface.
    """
    kinds = np.zeros(directions.shape[0], np.int8)
    for j in range(directions.shape[0]):
        cos, sin = math.cos(pose[2] + directions[j]), math.sin(pose[2] + directions[j])
        reached = ranges[j]
        surface = back = 0.0
        while surface < reached:
            surface = first_surface(
                clearance, resolution, origin_x, origin_y, pose[0], pose[1], cos, sin, back, reached
            )
            back = far_side(clearance, resolution, origin_x, origin_y, pose[0], pose[1], cos, sin, surface, reached)
            if back - surface >= thinnest and back < reached:
                break
        end = clearance_at(clearance, resolution, origin_x, origin_y, pose[0] + reached * cos, pose[1] + reached * sin)
        if back < reached - beyond:
            kinds[j] = -1
        elif (
            surface < reached
            or end < near
            or _is_just_before(clearance, resolution, origin_x, origin_y, pose, cos, sin, reached, before)
        ):
            kinds[j] = 1
    return kinds


@njit(cache=True)
def _is_just_before(clearance, resolution, origin_x, origin_y, pose, cos, sin, reached, before):
    limit = reached + before
    return first_surface(clearance, resolution, origin_x, origin_y, pose[0], pose[1], cos, sin, reached, limit) < limit
