"""Distances from convex hulls, and the costs that people and things lay around themselves.

A hull is its corners in counter-clockwise order, shape (n, 2): one corner is a point, two are a line.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True)
def _from_segment(x, y, ax, ay, bx, by):
    along_x, along_y = bx - ax, by - ay
    length = along_x * along_x + along_y * along_y
    share = 0.0
    if length > 0.0:
        share = min(1.0, max(0.0, ((x - ax) * along_x + (y - ay) * along_y) / length))
    return math.hypot(x - ax - share * along_x, y - ay - share * along_y)


@njit(cache=True)
def distance_from(corners, x, y):
    """Distance of a point from a hull; 0 inside."""
    count = len(corners)
    nearest, is_inside = np.inf, count > 2
    for index in range(count):
        ax, ay = corners[index, 0], corners[index, 1]
        bx, by = corners[(index + 1) % count, 0], corners[(index + 1) % count, 1]
        is_inside = is_inside and (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0.0
        nearest = min(nearest, _from_segment(x, y, ax, ay, bx, by))
    return 0.0 if is_inside else nearest


@njit(cache=True)
def distances_from(corners, points):
    """Distances of points, shape (n, 2), from a hull."""
    distances = np.empty(len(points))
    for index in range(len(points)):
        distances[index] = distance_from(corners, points[index, 0], points[index, 1])
    return distances


@njit(cache=True)
def raise_cost(cell_cost, corners, near, reach, cost):
    """Raise the cost of cells to `cost` nearer than `near` to a hull, and to less and less out to `reach`.

    Corners and distances are in cells; the centre of cell (0, 0) is at (0.5, 0.5). Where one may not be stays inf.
    """
    rows, columns = cell_cost.shape
    low_row, high_row = _span(corners[:, 1], reach, rows)
    low_column, high_column = _span(corners[:, 0], reach, columns)
    for row in range(low_row, high_row):
        for column in range(low_column, high_column):
            distance = distance_from(corners, column + 0.5, row + 0.5)
            if distance < near:
                cell_cost[row, column] = max(cell_cost[row, column], cost)
            elif distance < reach:
                share = (reach - distance) / (reach - near)
                cell_cost[row, column] = max(cell_cost[row, column], 1.0 + share * (cost - 1.0))


@njit(cache=True)
def _span(along, reach, count):
    """First and last but one of the cells that a hull reaches along one axis."""
    low = min(float(count), max(0.0, math.floor(along.min() - reach)))
    high = min(float(count), max(0.0, math.ceil(along.max() + reach) + 1.0))
    return int(low), int(high)
