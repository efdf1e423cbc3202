"""What a legal path on a grid is and how long the shortest are, found without the planner that is judged."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

Free = npt.NDArray[np.bool_]
Cell = tuple[int, int]
Cells = npt.NDArray[np.integer]


def fault_of(free: Free, cells: Cells, start: Cell, goal: Cell) -> str | None:
    """Return what is wrong with a path of cells (row, column), shape (n, 2); None when it is legal.

    It must go from start to goal over free cells, each a neighbour of the one before, and cut no corner: beside a
    diagonal move both cells are free.
    """
    if len(cells) == 0 or tuple(cells[0]) != start or tuple(cells[-1]) != goal:
        return "has other ends than asked"
    if (cells < 0).any() or (cells >= free.shape).any() or not free[cells[:, 0], cells[:, 1]].all():
        return "leaves the free cells"
    if (np.abs(np.diff(cells, axis=0)).max(axis=1, initial=0) != 1).any():
        return "jumps or stands still"
    return "cuts a corner" if corners_cut(free, cells) else None


def corners_cut(free: Free, cells: Cells) -> int:
    """Count the diagonal moves of a path of neighbours that do not have both cells beside them free."""
    before, after = cells[:-1], cells[1:]
    both = free[before[:, 0], after[:, 1]] & free[after[:, 0], before[:, 1]]
    return int(np.count_nonzero(~both & (before != after).all(axis=1)))


def length_of(cells: Cells) -> float:
    """Return the length of a path of neighbours in cells."""
    return float(np.hypot(*np.diff(cells, axis=0).T).sum()) if len(cells) > 1 else 0.0


def shortest_lengths(moves: csr_array, free: Free, start: Cell, goals: Sequence[Cell]) -> list[float]:
    """Return the lengths of the shortest ways from one cell to others, by SciPy's Dijkstra; inf where there is none."""
    columns = free.shape[1]
    lengths = dijkstra(moves, directed=False, indices=start[0] * columns + start[1])
    return [float(lengths[row * columns + column]) for row, column in goals]


def moves_of(free: Free) -> csr_array:
    """Return all legal moves, each in one of its two directions, as a sparse matrix from cell to cell."""
    number = np.arange(free.size, dtype=np.int32).reshape(free.shape)
    one, other, lengths = [], [], []
    for here, there, length, is_open in _pairs(free):
        one.append(number[here][is_open])
        other.append(number[there][is_open])
        lengths.append(np.full(len(one[-1]), length))
    entries = np.concatenate(lengths), (np.concatenate(one), np.concatenate(other))
    return coo_array(entries, shape=(free.size, free.size)).tocsr()


Window = tuple[slice, slice]


def _pairs(free: Free) -> list[tuple[Window, Window, float, Free]]:
    """For right, down and both diagonals down: the windows of both ends, the length, and where the move is legal."""
    everything, first, last = slice(None), slice(None, -1), slice(1, None)
    right, down = ((everything, first), (everything, last)), ((first, everything), (last, everything))
    pairs = [(here, there, 1.0, free[here] & free[there]) for here, there in (right, down)]
    quad = free[:-1, :-1] & free[:-1, 1:] & free[1:, :-1] & free[1:, 1:]
    pairs.append(((first, first), (last, last), math.sqrt(2.0), quad))
    pairs.append(((first, last), (last, first), math.sqrt(2.0), quad))
    return pairs
