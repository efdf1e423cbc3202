"""Jump-point search on a grid of uniform cost: A* over the few cells where a shortest path may turn.

D. Harabor and A. Grastien, "Online graph pruning for pathfinding on grid maps" (AAAI 2011), in the form in which a
diagonal move needs both cells beside it free; jumps are looked up, and the turns from diagonal to straight passed over,
as in their "Improving jump point search" (ICAPS 2014). Paths are diagonal first: from one node to the next go all
diagonal steps, then all straight ones.

`tables` has shape (cells, 8), see `jump_tables`; `columns` is the width of the grid, which has a blocked border.
`nodes` is what is known of every cell, `run` the number of this search, `keys` and `cells` are the heap and `size` its
size. Arrays go from function to function one by one: a tuple of them would be counted in and out at
every call.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from aisle_navigation.planning.kernels.directions import COLUMN_STEP, DIAGONAL, ROW_STEP
from aisle_navigation.planning.kernels.heap import doubled, pop, push

NODE = np.dtype([("cost", np.float64), ("parent", np.int32), ("mark", np.int32)])
"""What is known of a cell. `mark` is 2 * run once it was reached in that run and one more once it was expanded, so that
nothing has to be cleared between runs."""

_ROUNDING = 1e-9


@njit(cache=True)
def octile(rows, columns):
    """Length of the shortest way over that many rows and columns with nothing between."""
    rows, columns = abs(rows), abs(columns)
    return max(rows, columns) + (DIAGONAL - 1.0) * min(rows, columns)


@njit(cache=True)
def search(tables, columns, start, goal, nodes, run, keys, cells):
    """Fill `nodes` until the cell `goal` is expanded; returns whether there is a way."""
    room = 4 * (columns + len(tables) // columns) + 8
    size = _reach(nodes, run, keys, cells, columns, goal, 0, start, start, 0.0)
    while size > 0:
        cell, size = pop(keys, cells, size)
        if nodes[cell].mark == 2 * run + 1:
            continue
        nodes[cell].mark = 2 * run + 1
        if cell == goal:
            return True
        while len(keys) < size + room:
            keys, cells = doubled(keys), doubled(cells)
        size = _expand(tables, columns, goal, nodes, run, keys, cells, size, cell)
    return False


@njit(cache=True)
def _expand(tables, columns, goal, nodes, run, keys, cells, size, cell):
    parent = nodes[cell].parent
    if parent == cell:
        for direction in range(8):
            size = _jump(tables, columns, goal, nodes, run, keys, cells, size, cell, direction)
        return size
    direction = _arrival(parent, cell, columns)
    size = _jump(tables, columns, goal, nodes, run, keys, cells, size, cell, direction)
    behind = cell - ROW_STEP[direction] * columns - COLUMN_STEP[direction]
    for turn in (1, 7):
        side = (direction + 2 * turn) % 8
        if tables[behind, side] == 0 and tables[cell, side] != 0:
            size = _jump(tables, columns, goal, nodes, run, keys, cells, size, cell, side)
            size = _jump(tables, columns, goal, nodes, run, keys, cells, size, cell, (direction + turn) % 8)
    return size


@njit(cache=True)
def _arrival(parent, cell, columns):
    """The straight direction in which a cell is entered from its parent."""
    rows_moved = cell // columns - parent // columns
    columns_moved = cell % columns - parent % columns
    if abs(columns_moved) > abs(rows_moved):
        return 0 if columns_moved > 0 else 4
    return 2 if rows_moved > 0 else 6


@njit(cache=True)
def _jump(tables, columns, goal, nodes, run, keys, cells, size, cell, direction):
    if direction % 2:
        return _jump_diagonally(tables, columns, goal, nodes, run, keys, cells, size, cell, direction)
    cost = nodes[cell].cost
    return _jump_straight(tables, columns, goal, nodes, run, keys, cells, size, cell, cell, cost, direction)


@njit(cache=True, inline="always")
def _jump_straight(tables, columns, goal, nodes, run, keys, cells, size, parent, cell, cost, direction):
    """Reach what matters on the straight line from `cell`, and the goal if it lies on it."""
    distance = tables[cell, direction]
    goal_distance = _distance_along(columns, cell, goal, direction)
    if 0 < goal_distance <= abs(distance):
        return _reach(nodes, run, keys, cells, columns, goal, size, goal, parent, cost + goal_distance)
    if distance <= 0:
        return size
    to_cell = cell + distance * (ROW_STEP[direction] * columns + COLUMN_STEP[direction])
    return _reach(nodes, run, keys, cells, columns, goal, size, to_cell, parent, cost + distance)


@njit(cache=True)
def _distance_along(columns, cell, goal, direction):
    """Steps from a cell to the goal in a straight direction; -1 if it does not lie there."""
    rows, places = goal // columns - cell // columns, goal % columns - cell % columns
    along = rows * ROW_STEP[direction] + places * COLUMN_STEP[direction]
    across = rows * COLUMN_STEP[direction] + places * ROW_STEP[direction]
    return along if across == 0 else -1


@njit(cache=True)
def _jump_diagonally(tables, columns, goal, nodes, run, keys, cells, size, parent, direction):
    """Follow the diagonal from turn to turn, and jump off straight at each of them and in line with the goal."""
    one, other = (direction + 7) % 8, (direction + 1) % 8
    step = ROW_STEP[direction] * columns + COLUMN_STEP[direction]
    cell, cost = parent, nodes[parent].cost
    while True:
        distance = tables[cell, direction]
        to_line = _steps_to_line(columns, cell, goal, direction)
        if 0 < to_line <= abs(distance):
            size = _reach_from_line(tables, columns, goal, nodes, run, keys, cells, size, parent, cell + to_line * step,
                                    cost + to_line * DIAGONAL)  # fmt: skip
        if distance <= 0:
            return size
        cell += distance * step
        cost += distance * DIAGONAL
        for straight in (one, other):
            if tables[cell, straight] > 0:
                size = _jump_straight(
                    tables, columns, goal, nodes, run, keys, cells, size, parent, cell, cost, straight
                )


@njit(cache=True)
def _steps_to_line(columns, cell, goal, direction):
    """Diagonal steps until the cell is in line with the goal, if that lies ahead; otherwise not above zero."""
    rows = (goal // columns - cell // columns) * ROW_STEP[direction]
    places = (goal % columns - cell % columns) * COLUMN_STEP[direction]
    return min(rows, places)


@njit(cache=True)
def _reach_from_line(tables, columns, goal, nodes, run, keys, cells, size, parent, cell, cost):
    """Reach the goal straight from a cell in line with it, if nothing is between."""
    if cell == goal:
        return _reach(nodes, run, keys, cells, columns, goal, size, goal, parent, cost)
    direction = _arrival(cell, goal, columns)
    distance = _distance_along(columns, cell, goal, direction)
    if distance > abs(tables[cell, direction]):
        return size
    return _reach(nodes, run, keys, cells, columns, goal, size, goal, parent, cost + distance)


@njit(cache=True, inline="always")
def _reach(nodes, run, keys, cells, columns, goal, size, cell, parent, cost):
    """Note a way to a cell if it is the shortest so far; returns the size of the heap."""
    node = nodes[cell]
    if node.mark >= 2 * run and node.cost <= cost + _ROUNDING:
        return size
    node.cost, node.parent, node.mark = cost, parent, 2 * run
    guess = octile(cell // columns - goal // columns, cell % columns - goal % columns)
    return push(keys, cells, size, cost + guess, cell)


@njit(cache=True)
def trace(nodes, columns, start, goal):
    """Return the cells from start to goal, shape (n, 2), as (row, column), by following the parents back."""
    steps = 1
    cell = goal
    while cell != start:
        steps += _longer(columns, nodes[cell].parent, cell)
        cell = nodes[cell].parent
    path = np.empty((steps, 2), dtype=np.int32)
    cell = goal
    while cell != start:
        steps = _write_jump(path, steps, columns, nodes[cell].parent, cell)
        cell = nodes[cell].parent
    path[0, 0], path[0, 1] = start // columns, start % columns
    return path


@njit(cache=True)
def _longer(columns, cell, to_cell):
    return max(abs(to_cell // columns - cell // columns), abs(to_cell % columns - cell % columns))


@njit(cache=True)
def _write_jump(path, end, columns, cell, to_cell):
    """Write the cells after `cell` up to its successor so that they end before `end`; returns their start."""
    count = _longer(columns, cell, to_cell)
    row, column = cell // columns, cell % columns
    for step in range(count):
        row += np.sign(to_cell // columns - row)
        column += np.sign(to_cell % columns - column)
        path[end - count + step, 0], path[end - count + step, 1] = row, column
    return end - count
