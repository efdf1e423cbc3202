import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from aisle_navigation.planning.kernels.smooth import line_cost
from aisle_navigation.planning.smoothing import Floor, divided, smoothed

EVEN = np.ones((1, 8), dtype=np.float32)


def plain(cost: np.ndarray) -> Floor:
    return cost.astype(np.float32), np.zeros(cost.shape, dtype=np.uint8), EVEN


def with_block(rows: slice, columns: slice, size: int = 20) -> Floor:
    cost = np.ones((size, size))
    cost[rows, columns] = np.inf
    return plain(cost)


def length(points: np.ndarray) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def cost_of(floor: Floor, points: np.ndarray) -> float:
    return sum(line_cost(floor, *a, *b) for a, b in pairwise(points))


def random_floor(seed: int) -> tuple[Floor, np.ndarray]:
    """Cells of different costs, some forbidden, moves that cost more in one direction; and a walk over free cells."""
    rng = np.random.default_rng(seed)
    cost = rng.uniform(1.0, rng.uniform(1.1, 6.0), (24, 24)).astype(np.float32)
    cost[rng.random(cost.shape) < rng.uniform(0.0, 0.35)] = np.inf
    side = rng.integers(0, 2, cost.shape).astype(np.uint8)
    factor = np.vstack((EVEN, rng.uniform(1.0, 1.3, (1, 8)))).astype(np.float32)
    free = np.argwhere(np.isfinite(cost))
    cell = free[rng.integers(len(free))]
    walk = [cell]
    for step in rng.integers(-1, 2, (80, 2)):
        after = cell + step
        touched = [after, (after[0], cell[1]), (cell[0], after[1])]
        if all(0 <= r < 24 and 0 <= c < 24 and np.isfinite(cost[r, c]) for r, c in touched):
            cell = after
            walk.append(cell)
    return (cost, side, factor), np.array(walk)[:, ::-1] + 0.5


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_smooth_path_keeps_its_ends_costs_no_more_is_no_longer_and_leaves_no_free_cell(seed: int) -> None:
    floor, raw = random_floor(seed)
    path = smoothed(raw, floor, rounds=10)
    assert (path[[0, -1]] == raw[[0, -1]]).all()
    assert length(path) <= length(raw) + 1e-6
    assert cost_of(floor, path) <= cost_of(floor, raw) + 1e-5
    forbidden = [box(c, r, c + 1, r + 1).buffer(-1e-6) for r, c in np.argwhere(np.isinf(floor[0]))]
    line = LineString(path if len(path) > 1 else np.vstack((path, path)))
    assert not any(line.intersects(cell) for cell in forbidden)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_cost_of_a_line_is_that_of_the_pieces_that_lie_in_each_cell(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.uniform(1.0, 5.0, (8, 8))
    (ax, ay), (bx, by) = rng.uniform(0.1, 7.9, (2, 2)) if seed % 3 else rng.integers(0, 8, (2, 2)) + 0.5
    line = LineString([(ax, ay), (bx, by)])
    pieces = sum(cost[r, c] * line.intersection(box(c, r, c + 1, r + 1)).length for r in range(8) for c in range(8))
    assert line_cost(plain(cost), ax, ay, bx, by) == pytest.approx(pieces, rel=1e-4, abs=1e-6)


def test_a_line_that_touches_the_corner_of_a_wall_is_no_way() -> None:
    floor = with_block(slice(2, 3), slice(2, 3))
    assert line_cost(floor, 1.5, 3.5, 3.5, 1.5) == math.inf
    assert line_cost(floor, 1.5, 4.6, 4.6, 1.5) < math.inf


def test_a_line_off_the_grid_is_no_way() -> None:
    assert line_cost(plain(np.ones((3, 3))), 1.5, 1.5, 1.5, 5.0) == math.inf


def test_a_staircase_over_open_floor_becomes_a_straight_line() -> None:
    stairs = np.array([[1.5, 1.5], [2.5, 2.5], [3.5, 2.5], [4.5, 3.5], [5.5, 3.5], [6.5, 4.5], [7.5, 4.5]])
    path = smoothed(stairs, plain(np.ones((20, 20))), rounds=0)
    assert length(path) == pytest.approx(math.dist(stairs[0], stairs[-1]))


def test_a_turn_around_a_corner_becomes_round_where_closeness_costs() -> None:
    rows, columns = np.indices((40, 40))
    away = np.hypot(np.maximum(0, rows - 14), np.maximum(0, 15 - columns))
    floor = plain(np.where(away > 0, 1.0 + 3.0 * np.clip(1.0 - away / 15.0, 0.0, 1.0) ** 2, np.inf))
    angle = np.array([[5.5, 1.5], [5.5, 24.5], [38.5, 24.5]])

    def sharpest(points: np.ndarray) -> float:
        headings = np.unwrap(np.arctan2(*np.diff(points, axis=0).T[::-1]))
        return float(np.abs(np.diff(headings)).max())

    assert sharpest(divided(angle, 2.0)) > 1.5
    assert sharpest(smoothed(angle, floor, rounds=12)) < 0.5


def test_expensive_floor_is_not_crossed_for_the_sake_of_a_straight_line() -> None:
    cost = np.ones((20, 20))
    cost[5:15, 5:15] = 8.0
    around = np.array([[2.5, 10.5], [2.5, 17.5], [17.5, 17.5], [17.5, 10.5]])
    path = smoothed(around, plain(cost), rounds=40)
    inside = ((path > 5.0) & (path < 15.0)).all(axis=1)
    assert not inside.any()


@pytest.mark.parametrize("points", [np.array([[1.5, 1.5]]), np.array([[1.5, 1.5], [1.5, 1.5]])])
def test_a_path_that_goes_nowhere_stays(points: np.ndarray) -> None:
    path = smoothed(points, plain(np.ones((4, 4))), rounds=3)
    assert (path[[0, -1]] == points[[0, -1]]).all()
    assert length(path) == 0.0


@given(st.floats(0.1, 5.0))
def test_points_are_added_on_the_line_and_nowhere_else(spacing: float) -> None:
    points = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 3.0]])
    path = divided(points, spacing)
    assert np.hypot(*np.diff(path, axis=0).T).max() <= spacing + 1e-9
    assert length(path) == pytest.approx(7.0)
    assert all(any(np.allclose(point, place) for place in path) for point in points)
