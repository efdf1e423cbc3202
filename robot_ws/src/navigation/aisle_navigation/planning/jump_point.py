"""Shortest paths on a grid where every free cell costs the same: jump-point search, exact, in well under a millisecond.

Made for maps that stay as they are for many questions: lengths of ways, what can be reached, the shortest tour. Around
people who stand in the way leads the cost-aware planner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aisle_navigation.planning.kernels.jump_search import NODE, search, trace
from aisle_navigation.planning.kernels.jump_tables import jump_tables

Cell = tuple[int, int]
Cells = npt.NDArray[np.int32]
LONGEST_SIDE = 32_000
"""Jumps are kept in 16 bits."""

_HEAP = 1 << 14
_LAST_RUN = 2**30 - 1


@dataclass(frozen=True, slots=True)
class GridPath:
    """Cells from start to goal, shape (n, 2), as (row, column), each beside the one before; and its length in cells."""

    cells: Cells
    cost: float


class JumpPointSearch:
    """Answers one question at a time about one grid. What a search needs is kept for the next, and never cleared."""

    def __init__(self, is_free: npt.NDArray[np.bool_]) -> None:
        """Find all jumps on a grid, shape (rows, columns). Raises ValueError for a side over LONGEST_SIDE."""
        if is_free.ndim != 2 or max(is_free.shape) > LONGEST_SIDE:
            raise ValueError(f"the grid has shape {is_free.shape}; it needs two sides of at most {LONGEST_SIDE} cells")
        blocked = np.pad(~is_free, 1, constant_values=True)
        self._shape: tuple[int, int] = (is_free.shape[0], is_free.shape[1])
        self._columns = self._shape[1] + 2
        self._blocked = blocked
        self._tables = jump_tables(blocked)
        self._nodes = np.zeros(blocked.size, dtype=NODE)
        self._heap = (np.empty(_HEAP, np.float64), np.empty(_HEAP, np.int64))
        self._run = 0

    def is_free(self, cell: Cell) -> bool:
        """Tell whether a cell (row, column) lies on the grid and is free."""
        rows, columns = self._shape
        return 0 <= cell[0] < rows and 0 <= cell[1] < columns and not self._blocked[cell[0] + 1, cell[1] + 1]

    def find(self, start: Cell, goal: Cell) -> GridPath | None:
        """Return a shortest path between two cells (row, column); None where there is none, or an end is not free.

        Moves go to the eight neighbours, straight ones cost 1 and diagonal ones the root of 2; a diagonal move needs
        both cells beside it free.
        """
        if not (self.is_free(start) and self.is_free(goal)):
            return None
        self._begin_run()
        columns, (from_cell, to_cell) = self._columns, (self._number(start), self._number(goal))
        if not search(self._tables, columns, from_cell, to_cell, self._nodes, self._run, *self._heap):
            return None
        cells = trace(self._nodes, columns, from_cell, to_cell) - np.int32(1)
        return GridPath(cells, cost_of(cells))

    def _number(self, cell: Cell) -> int:
        return (cell[0] + 1) * self._columns + cell[1] + 1

    def _begin_run(self) -> None:
        if self._run == _LAST_RUN:
            self._nodes[:], self._run = 0, 0
        self._run += 1


def cost_of(cells: Cells) -> float:
    """Return the length of a path in cells: straight steps count 1, diagonal ones the root of 2."""
    diagonal = int(np.count_nonzero((cells[1:] != cells[:-1]).all(axis=1)))
    return (len(cells) - 1 - diagonal) + math.sqrt(2.0) * diagonal
