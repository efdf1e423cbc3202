"""How far one can jump from every cell in every direction, found once for a grid.

The tables of JPS+ (D. Harabor and A. Grastien, "Improving jump point search", ICAPS 2014) for moves that cut no corner.
A number above zero is the distance to the next cell that matters in that direction; zero or below is, negated, how many
steps are free before the wall, with nothing on them that matters.

Along a straight line a cell matters when a cell beside it is free and the one behind that is blocked: as no corner may
be cut, whoever wants to turn there has to come to this very cell first. Along a diagonal a cell matters when something
that matters can be jumped to from it, straight on in one of its two components.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from aisle_navigation.planning.kernels.directions import COLUMN_STEP, ROW_STEP


@njit(cache=True)
def jump_tables(blocked):
    """Return the distances, shape (cells, 8), int16, of a grid with a blocked cell all around it.

    Cells are numbered by row, then column; a cell is visited after the one ahead of it. Indices are unsigned, because
    compiled code looks first whether a signed one counts from the end.
    """
    walls, columns = blocked.ravel(), blocked.shape[1]
    tables = np.zeros((walls.size, 8), dtype=np.int16)
    if min(blocked.shape) > 2:
        for direction in (0, 2, 4, 6):
            _fill_straight(walls, columns, tables, direction)
        for direction in (1, 3, 5, 7):
            _fill_diagonal(walls, columns, tables, direction)
    return tables


@njit(cache=True)
def _onwards(distance):
    """The distance from one step further back."""
    return distance + 1 if distance > 0 else distance - 1


@njit(cache=True)
def _visits(cells, columns, step):
    """The cells within the border, so that the one `step` further comes before each."""
    first, last = columns + 1, cells - columns - 2
    return range(last, first - 1, -1) if step > 0 else range(first, last + 1, 1)


@njit(cache=True)
def _fill_straight(walls, columns, tables, direction):
    step = ROW_STEP[direction] * columns + COLUMN_STEP[direction]
    across = COLUMN_STEP[direction] * columns + ROW_STEP[direction]
    for cell in _visits(walls.size, columns, step):
        here, ahead = np.uint64(cell), np.uint64(cell + step)
        if walls[here] or walls[ahead]:
            continue
        if _opens(walls, cell, step, across) or _opens(walls, cell, step, -across):
            tables[here, direction] = 1
        else:
            tables[here, direction] = _onwards(tables[ahead, direction])


@njit(cache=True)
def _opens(walls, cell, step, aside):
    """Tell whether beside the cell ahead there is a free one that cannot be reached diagonally from here."""
    return walls[np.uint64(cell + aside)] and not walls[np.uint64(cell + step + aside)]


@njit(cache=True)
def _fill_diagonal(walls, columns, tables, direction):
    row_step, column_step = ROW_STEP[direction] * columns, COLUMN_STEP[direction]
    one, other = (direction + 7) % 8, (direction + 1) % 8
    for cell in _visits(walls.size, columns, row_step):
        here, ahead = np.uint64(cell), np.uint64(cell + row_step + column_step)
        if walls[here] or walls[ahead] or walls[np.uint64(cell + row_step)] or walls[np.uint64(cell + column_step)]:
            continue
        if tables[ahead, one] > 0 or tables[ahead, other] > 0:
            tables[here, direction] = 1
        else:
            tables[here, direction] = _onwards(tables[ahead, direction])
