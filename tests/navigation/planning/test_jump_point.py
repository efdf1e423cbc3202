"""Jump-point search is held against a plain Dijkstra over every legal move, and its paths against the rules."""

import heapq
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_navigation.planning.jump_point import LONGEST_SIDE, Cell, JumpPointSearch, cost_of

MOVES = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if r or c]


def is_legal(free: np.ndarray, cell: Cell, step: Cell) -> bool:
    """One move to a neighbour: its cell is free, and beside a diagonal move both cells are."""
    row, column = cell
    touched = {(row + step[0], column + step[1]), (row + step[0], column), (row, column + step[1])}
    return all(0 <= r < free.shape[0] and 0 <= c < free.shape[1] and bool(free[r, c]) for r, c in touched)


def lengths_from(free: np.ndarray, start: Cell) -> dict[Cell, float]:
    """Dijkstra as in the textbook, slow and plain."""
    lengths: dict[Cell, float] = {}
    queue = [(0.0, start)]
    while queue:
        length, cell = heapq.heappop(queue)
        if cell in lengths:
            continue
        lengths[cell] = length
        for step in MOVES:
            if is_legal(free, cell, step):
                heapq.heappush(queue, (length + math.hypot(*step), (cell[0] + step[0], cell[1] + step[1])))
    return lengths


def random_grid(seed: int) -> tuple[np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 24, 2)
    return rng.random((rows, columns)) > rng.uniform(0.0, 0.5), rng


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_path_is_as_short_as_any_and_legal(seed: int) -> None:
    free, rng = random_grid(seed)
    if not free.any():
        return
    cells = [(int(r), int(c)) for r, c in np.argwhere(free)]
    search = JumpPointSearch(free)
    start = cells[rng.integers(len(cells))]
    lengths = lengths_from(free, start)
    for goal in (cells[i] for i in rng.integers(len(cells), size=30)):
        found = search.find(start, goal)
        if goal not in lengths:
            assert found is None
            continue
        assert found is not None
        assert found.cost == pytest.approx(lengths[goal], abs=1e-9)
        path = [(int(r), int(c)) for r, c in found.cells]
        assert (path[0], path[-1]) == (start, goal)
        for cell, after in pairwise(path):
            step = (after[0] - cell[0], after[1] - cell[1])
            assert step in MOVES
            assert is_legal(free, cell, step)


def test_a_corner_is_walked_around_and_not_cut() -> None:
    free = np.ones((3, 3), dtype=bool)
    free[1, 1] = False
    found = JumpPointSearch(free).find((0, 1), (1, 0))
    assert found is not None
    assert found.cells.tolist() == [[0, 1], [0, 0], [1, 0]]


def test_two_blocked_cells_that_touch_at_a_corner_let_nobody_through() -> None:
    free = np.array([[True, False], [False, True]])
    assert JumpPointSearch(free).find((0, 0), (1, 1)) is None


def test_a_start_that_is_the_goal_is_a_path_of_one_cell() -> None:
    found = JumpPointSearch(np.ones((4, 4), dtype=bool)).find((2, 3), (2, 3))
    assert found is not None
    assert found.cells.tolist() == [[2, 3]]
    assert found.cost == 0.0


@pytest.mark.parametrize("cell", [(-1, 0), (0, -1), (4, 0), (0, 5), (1, 1), (400, 400)])
def test_an_end_off_the_grid_or_in_a_wall_has_no_path(cell: Cell) -> None:
    free = np.ones((4, 5), dtype=bool)
    free[1, 1] = False
    search = JumpPointSearch(free)
    assert search.find(cell, (0, 0)) is None
    assert search.find((0, 0), cell) is None


def test_a_grid_without_cells_has_no_path() -> None:
    assert JumpPointSearch(np.zeros((0, 0), dtype=bool)).find((0, 0), (0, 0)) is None


def test_one_search_leaves_nothing_behind_for_the_next() -> None:
    rng = np.random.default_rng(7)
    free = rng.random((60, 60)) > 0.3
    cells = [(int(r), int(c)) for r, c in np.argwhere(free)]
    used = JumpPointSearch(free)
    for start, goal in zip(cells[:200:7], cells[::-11], strict=False):
        fresh, again = JumpPointSearch(free).find(start, goal), used.find(start, goal)
        assert (fresh is None) == (again is None)
        assert fresh is None or again is None or (fresh.cells == again.cells).all()


def test_a_side_that_does_not_fit_is_refused_with_the_limit() -> None:
    with pytest.raises(ValueError, match=str(LONGEST_SIDE)):
        JumpPointSearch(np.ones((1, LONGEST_SIDE + 1), dtype=bool))


def test_the_cost_counts_straight_and_diagonal_steps() -> None:
    assert cost_of(np.array([[0, 0], [1, 1], [1, 2]], dtype=np.int32)) == pytest.approx(1.0 + math.sqrt(2.0))
