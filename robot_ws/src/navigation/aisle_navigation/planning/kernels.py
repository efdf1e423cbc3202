"""Compiled kernels of the planner: Dijkstra from the goal with a binary heap, and the walk downhill."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def _push(heap_cost, heap_cell, size, cost, cell):
    index = size
    while index > 0:
        parent = (index - 1) >> 1
        if heap_cost[parent] <= cost:
            break
        heap_cost[index], heap_cell[index] = heap_cost[parent], heap_cell[parent]
        index = parent
    heap_cost[index], heap_cell[index] = cost, cell
    return size + 1


@njit(cache=True)
def _pop(heap_cost, heap_cell, size):
    cost, cell = heap_cost[0], heap_cell[0]
    size -= 1
    last_cost, last_cell = heap_cost[size], heap_cell[size]
    index = 0
    while True:
        child = 2 * index + 1
        if child >= size:
            break
        if child + 1 < size and heap_cost[child + 1] < heap_cost[child]:
            child += 1
        if heap_cost[child] >= last_cost:
            break
        heap_cost[index], heap_cell[index] = heap_cost[child], heap_cell[child]
        index = child
    heap_cost[index], heap_cell[index] = last_cost, last_cell
    return cost, cell, size


@njit(cache=True)
def sweep(cell_cost, goal_row, goal_column, resolution_m):
    """Dijkstra from the goal; a diagonal needs both its straight neighbours free."""
    rows, columns = cell_cost.shape
    cost = np.full((rows, columns), np.inf, dtype=np.float32)
    heap_cost = np.empty(rows * columns * 8, dtype=np.float32)
    heap_cell = np.empty(rows * columns * 8, dtype=np.int64)
    cost[goal_row, goal_column] = 0.0
    size = _push(heap_cost, heap_cell, 0, np.float32(0.0), goal_row * columns + goal_column)
    while size > 0:
        here_cost, cell, size = _pop(heap_cost, heap_cell, size)
        row, column = cell // columns, cell % columns
        if here_cost > cost[row, column]:
            continue
        for row_step in range(-1, 2):
            for column_step in range(-1, 2):
                if row_step == 0 and column_step == 0:
                    continue
                next_row, next_column = row + row_step, column + column_step
                if not (0 <= next_row < rows and 0 <= next_column < columns):
                    continue
                there = cell_cost[next_row, next_column]
                if not np.isfinite(there):
                    continue
                length = resolution_m
                if row_step != 0 and column_step != 0:
                    if not (np.isfinite(cell_cost[row, next_column]) and np.isfinite(cell_cost[next_row, column])):
                        continue
                    length *= 1.4142135623730951
                new_cost = np.float32(here_cost + length * 0.5 * (there + cell_cost[row, column]))
                if new_cost < cost[next_row, next_column]:
                    cost[next_row, next_column] = new_cost
                    size = _push(heap_cost, heap_cell, size, new_cost, next_row * columns + next_column)
    return cost


@njit(cache=True)
def descend(cost, row, column):
    """Walk downhill to the goal; returns cells, shape (n, 2), as (row, column)."""
    rows, columns = cost.shape
    cells = np.empty((rows * columns, 2), dtype=np.int64)
    count = 0
    while True:
        cells[count, 0], cells[count, 1] = row, column
        count += 1
        best, best_row, best_column = cost[row, column], row, column
        for row_step in range(-1, 2):
            for column_step in range(-1, 2):
                next_row, next_column = row + row_step, column + column_step
                if not (0 <= next_row < rows and 0 <= next_column < columns):
                    continue
                is_diagonal = row_step != 0 and column_step != 0
                if is_diagonal and not (np.isfinite(cost[row, next_column]) and np.isfinite(cost[next_row, column])):
                    continue
                if cost[next_row, next_column] < best:
                    best, best_row, best_column = cost[next_row, next_column], next_row, next_column
        if best_row == row and best_column == column:
            break
        row, column = best_row, best_column
    return cells[:count].copy()
