"""The sweep is held against a plain Dijkstra with a heap over the same whole numbers."""

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_navigation.planning.kernels.directions import COLUMN_STEP, ROW_STEP
from aisle_navigation.planning.kernels.sweep import (
    FACTOR_BITS,
    FLOOR_UNIT,
    LARGEST_COST,
    LARGEST_MOVE_FACTOR,
    MOVE,
    SIDE_BITS,
    follow,
    in_metres,
    in_units,
    sweep,
)  # fmt: skip

Floor = tuple[np.ndarray, np.ndarray, np.ndarray]


def packed(floor: Floor) -> np.ndarray:
    """Cost and side of a cell in one number, as the sweep takes them."""
    cells, side, _ = floor
    return np.where(cells > 0, (cells << SIDE_BITS) | side, 0).astype(np.uint16)


def plain_dijkstra(floor: Floor, goal: tuple[int, int]) -> dict[tuple[int, int], int]:
    cells, side, factor = floor
    costs: dict[tuple[int, int], int] = {}
    queue = [(0, goal)]
    while queue:
        cost, (row, column) = heapq.heappop(queue)
        if (row, column) in costs:
            continue
        costs[row, column] = cost
        for direction in range(8):
            row_step, column_step = int(ROW_STEP[direction]), int(COLUMN_STEP[direction])
            before = row - row_step, column - column_step
            if 0 in (cells[before], cells[before[0], column], cells[row, before[1]]):
                continue
            move = (int(cells[before]) + int(cells[row, column])) * int(factor[side[before], direction])
            heapq.heappush(queue, (cost + (move >> FACTOR_BITS), before))
    return costs


def random_floor(seed: int) -> tuple[Floor, list[tuple[int, int]]]:
    """Cells of every cost that there may be, walls and a border, and moves that cost up to the limit."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(3, 20, 2)
    cells = rng.integers(FLOOR_UNIT, int(FLOOR_UNIT * rng.uniform(1.1, LARGEST_COST)), (rows, columns))
    cells[rng.random((rows, columns)) < rng.uniform(0.0, 0.4)] = 0
    cells[[0, -1]] = cells[:, [0, -1]] = 0
    side = rng.integers(0, 3, (rows, columns)).astype(np.uint8)
    lengths = np.where(np.arange(8) % 2, 1.4143, 1.0)
    factor = np.minimum(lengths * rng.uniform(1.0, 3.0, (3, 8)), LARGEST_MOVE_FACTOR) * (1 << FACTOR_BITS)
    free = [(int(row), int(column)) for row, column in np.argwhere(cells)]
    return (cells.astype(np.uint16), side, factor.astype(np.int32)), free


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_costs_are_those_of_dijkstra_and_ways_lead_down_them_to_the_goal(seed: int) -> None:
    floor, free = random_floor(seed)
    if not free:
        return
    goal = free[seed % len(free)]
    costs = sweep(packed(floor), floor[2], goal[0] * floor[0].shape[1] + goal[1], -1, 0)
    expected = plain_dijkstra(floor, goal)
    assert {cell: int(costs[cell]) for cell in free if costs[cell] >= 0} == expected
    for cell in expected:
        way = follow(costs, packed(floor), floor[2], *cell)
        assert tuple(way[-1]) == goal
        assert np.abs(np.diff(way, axis=0)).max(initial=0) <= 1
        along = [int(costs[tuple(place)]) for place in way]
        assert along == sorted(along, reverse=True)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 40 * MOVE))
def test_what_costs_little_more_than_the_start_is_right_and_the_rest_unknown(seed: int, margin: int) -> None:
    floor, free = random_floor(seed)
    if not free:
        return
    columns = floor[0].shape[1]
    goal, start = free[seed % len(free)], free[seed % 7 % len(free)]
    costs = sweep(packed(floor), floor[2], goal[0] * columns + goal[1], start[0] * columns + start[1], margin)
    expected = plain_dijkstra(floor, goal)
    if start not in expected:
        return
    for cell in free:
        if cell in expected and expected[cell] <= expected[start] + margin:
            assert costs[cell] == expected[cell]
        else:
            assert costs[cell] in (-1, expected.get(cell, -1))


def test_costs_of_another_floor_are_not_followed() -> None:
    floor = np.zeros((3, 6), dtype=np.uint16)
    floor[1, 1:5] = FLOOR_UNIT << SIDE_BITS
    even = np.full((1, 8), 1 << FACTOR_BITS, dtype=np.int32)
    costs = sweep(floor, even, 7, -1, 0)
    assert len(follow(costs, floor, even, 1, 4)) == 4
    with pytest.raises(ValueError, match="not those of a sweep"):
        follow(costs + np.int32(3), floor, 2 * even, 1, 4)


def test_a_wide_front_finds_room() -> None:
    cells = np.full((1200, 1200), FLOOR_UNIT, dtype=np.uint16)
    cells[[0, -1]] = cells[:, [0, -1]] = 0
    lengths = np.array([[1.0, 1.5] * 4])
    even = (lengths * (1 << FACTOR_BITS)).astype(np.int32)
    costs = sweep(cells << SIDE_BITS, even, 600 * 1200 + 600, -1, 0)
    rows, columns = np.indices(cells.shape)
    rows, columns = abs(rows - 600), abs(columns - 600)
    expected = MOVE * (rows + columns) - MOVE // 2 * np.minimum(rows, columns)
    assert (costs[1:-1, 1:-1] == expected[1:-1, 1:-1]).all()


def test_units_and_metres_are_each_others_inverse() -> None:
    cost, side = np.array([[1.0, 2.5, np.inf]], dtype=np.float32), np.array([[0, 9, 9]], dtype=np.uint8)
    assert in_units(cost, side).tolist() == [[FLOOR_UNIT << SIDE_BITS, (round(2.5 * FLOOR_UNIT) << SIDE_BITS) + 9, 0]]
    assert in_metres(np.array([[0, MOVE, -1]], dtype=np.int32), 0.05 / MOVE).tolist() == [
        [0.0, np.float32(0.05), np.inf]
    ]
