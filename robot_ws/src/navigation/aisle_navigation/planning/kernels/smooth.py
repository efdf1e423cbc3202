"""What a straight line costs on the grid, and two ways to make a path straighter that never cost more.

Points are in cells, as (x, y); the centre of cell (0, 0) is at (0.5, 0.5). `floor` is (cost of a metre in each cell,
inf where one may not be; the row of the table that belongs to a cell; the table, shape (n, 8): what moving in a
direction costs there).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

_TIE = 1e-9
_STRAIGHT = 1e-3
"""A point that would move by fewer cells is where it should be."""


@njit(cache=True)
def line_cost(floor, ax, ay, bx, by):
    """Cost of a straight line in cells, inf where it enters or cuts the corner of a cell where one may not be.

    Walks from cell to cell after J. Amanatides and A. Woo, "A fast voxel traversal algorithm" (1987).
    """
    length = math.hypot(bx - ax, by - ay)
    column, row = math.floor(ax), math.floor(ay)
    column_step, row_step = (1 if bx > ax else -1), (1 if by > ay else -1)
    per_column, per_row = _share_of_cell(bx - ax), _share_of_cell(by - ay)
    next_column = abs(column + (column_step > 0) - ax) * per_column if per_column < np.inf else np.inf
    next_row = abs(row + (row_step > 0) - ay) * per_row if per_row < np.inf else np.inf
    direction = round(math.atan2(by - ay, bx - ax) / (0.25 * math.pi)) % 8
    done, total = 0.0, 0.0
    while True:
        reached = min(1.0, next_column, next_row)
        total += (reached - done) * length * _cost_at(floor, row, column, direction)
        done = reached
        if reached >= 1.0 or total == np.inf:
            return total
        if abs(next_column - next_row) < _TIE:
            if not _is_open(floor, row + row_step, column) or not _is_open(floor, row, column + column_step):
                return np.inf
            row, column = row + row_step, column + column_step
            next_row, next_column = next_row + per_row, next_column + per_column
        elif next_column < next_row:
            column, next_column = column + column_step, next_column + per_column
        else:
            row, next_row = row + row_step, next_row + per_row


@njit(cache=True)
def _share_of_cell(distance):
    return 1.0 / abs(distance) if distance != 0.0 else np.inf


@njit(cache=True)
def _is_open(floor, row, column):
    rows, columns = floor[0].shape
    return 0 <= row < rows and 0 <= column < columns and floor[0][row, column] < np.inf


@njit(cache=True)
def _cost_at(floor, row, column, direction):
    if not _is_open(floor, row, column):
        return np.inf
    return floor[0][row, column] * floor[2][floor[1][row, column], direction]


@njit(cache=True)
def shortcut(floor, points):
    """Return those of the points, shape (n, 2), that remain when straight lines replace what costs no less."""
    count = len(points)
    so_far = np.zeros(count)
    for index in range(1, count):
        so_far[index] = so_far[index - 1] + _between(floor, points, index - 1, index)
    kept = np.empty(count, dtype=np.int64)
    kept[0], size = 0, 1
    while kept[size - 1] < count - 1:
        kept[size] = _furthest(floor, points, so_far, kept[size - 1])
        size += 1
    return points[kept[:size]]


@njit(cache=True)
def _between(floor, points, one, other):
    return line_cost(floor, points[one, 0], points[one, 1], points[other, 0], points[other, 1])


@njit(cache=True)
def _furthest(floor, points, so_far, index):
    """The furthest point that a straight line reaches at no more cost: in doubling steps, then in halving ones."""
    last = len(points) - 1
    reached, step = index + 1, 1
    while reached < last and _is_worth(floor, points, so_far, index, min(last, reached + step)):
        reached, step = min(last, reached + step), 2 * step
    while step > 1:
        step //= 2
        if reached + step <= last and _is_worth(floor, points, so_far, index, reached + step):
            reached += step
    return reached


@njit(cache=True)
def _is_worth(floor, points, so_far, one, other):
    return _between(floor, points, one, other) <= so_far[other] - so_far[one] + _TIE


@njit(cache=True)
def relax(floor, points, rounds):
    """Move every inner point towards the middle of its neighbours, in place, where that costs no more.

    A point between its neighbours makes the path shorter, whatever share of the way it goes: lengths are convex.
    """
    for _ in range(rounds):
        for index in range(1, len(points) - 1):
            old_x, old_y = points[index, 0], points[index, 1]
            new_x = 0.5 * old_x + 0.25 * (points[index - 1, 0] + points[index + 1, 0])
            new_y = 0.5 * old_y + 0.25 * (points[index - 1, 1] + points[index + 1, 1])
            if abs(new_x - old_x) + abs(new_y - old_y) < _STRAIGHT:
                continue
            before = _between(floor, points, index - 1, index) + _between(floor, points, index, index + 1)
            points[index, 0], points[index, 1] = new_x, new_y
            after = _between(floor, points, index - 1, index) + _between(floor, points, index, index + 1)
            if not after <= before + _TIE:
                points[index, 0], points[index, 1] = old_x, old_y
