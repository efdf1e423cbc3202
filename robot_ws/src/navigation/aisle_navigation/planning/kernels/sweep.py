"""Dijkstra from the goal with a ring of buckets, and the walk along what it found.

E. W. Dijkstra, "A note on two problems in connexion with graphs" (1959), with the buckets of E. A. Dinic (1978): when
no move is cheaper than a bucket is wide, nothing in the first bucket can become cheaper any more, so its cells are
taken in any order and no heap is needed. Costs are whole numbers here: a straight move over open floor costs `MOVE`,
which is the width of a bucket, and every other move more.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from aisle_navigation.planning.kernels.directions import COLUMN_STEP, DIAGONAL, ROW_STEP

MOVE_BITS = 7
MOVE = 1 << MOVE_BITS
FLOOR_UNIT = MOVE // 2
"""What a cell of open floor costs; a move costs the sum of its two cells."""

SIDE_BITS = 4
"""In these lowest bits of a cell stands its side, the row of `factor` that holds there."""

_SIDE = (1 << SIDE_BITS) - 1
FACTOR_BITS = 10
LARGEST_COST, LARGEST_MOVE_FACTOR = 30.0, 4.0
"""The most that a metre, and that a move over a metre of cost 1, may cost: the product has to fit into the ring."""

_DIAGONAL = int(DIAGONAL * (1 << FACTOR_BITS))
_BUCKETS = 128
_WALL, _UNKNOWN = -1, np.iinfo(np.int32).max
_FIRST_ROOM = 1 << 14


@njit(cache=True)
def sweep(floor, factor, goal, start, margin):
    """Return what it costs to go from every cell to `goal`, int32.

    `floor`, uint16, is what `in_units` makes of the costs; it must be 0 on the whole border. `factor`, shape (n, 8), is
    what moving in each direction costs by the side that a cell has, shifted by FACTOR_BITS: at least 1, and the root of
    2 for diagonal moves. Cells are numbered by row, then column. Costs are right up to that of `start` and `margin`
    more; beyond, and where there is no way, they are below zero.
    """
    flat = floor.ravel()
    cost = _unknown(flat)
    steps = (ROW_STEP * floor.shape[1] + COLUMN_STEP).astype(np.int64)
    buckets, sizes = np.empty((_BUCKETS, _FIRST_ROOM), dtype=np.int32), np.zeros(_BUCKETS, dtype=np.int64)
    cost[goal], buckets[0, 0], sizes[0] = 0, goal, 1
    waiting, bucket, limit = 1, 0, np.int64(_UNKNOWN)
    while waiting > 0 and bucket << MOVE_BITS <= limit:
        count = sizes[bucket & (_BUCKETS - 1)]
        while sizes.max() + 8 * count > buckets.shape[1]:
            buckets = _widened(buckets)
        waiting += _settle(flat, factor, steps, cost, buckets, sizes, bucket) - count
        sizes[bucket & (_BUCKETS - 1)] = 0
        bucket += 1
        if start >= 0 and 0 <= cost[start] < bucket << MOVE_BITS:
            limit = min(limit, cost[start] + margin)
    _forget(cost, bucket << MOVE_BITS)
    return cost.reshape(floor.shape)


@njit(cache=True)
def _settle(floor, factor, steps, cost, buckets, sizes, bucket):
    """Let all cells of a bucket offer their neighbours a way; returns how many cells were put into other buckets.

    Indices are unsigned, because compiled code looks first whether a signed one counts from the end.
    """
    put, slot = 0, np.uint64(bucket & (_BUCKETS - 1))
    for index in range(sizes[slot]):
        cell = np.int64(buckets[slot, index])
        # It may have been put into an earlier bucket since, and have had its turn.
        if cost[np.uint64(cell)] >> MOVE_BITS == bucket:
            put += _spread(floor, factor, steps, cost, buckets, sizes, cell)
    return put


@njit(cache=True, inline="always")
def _spread(floor, factor, steps, cost, buckets, sizes, cell):
    """Offer all neighbours the way through this cell; returns how many of them were put into a bucket."""
    here, own = cost[np.uint64(cell)], np.int32(floor[np.uint64(cell)] >> SIDE_BITS)
    cheapest = own + np.int32(FLOOR_UNIT)
    cheapest_diagonal = np.int32((cheapest * _DIAGONAL) >> FACTOR_BITS)
    put = 0
    for direction in range(8):
        before = np.uint64(cell - steps[direction])
        known = cost[before]
        if known <= here + (cheapest_diagonal if direction & 1 else cheapest):
            continue
        if direction & 1 and _cuts_corner(cost, steps, cell, direction):
            continue
        through = np.int32(here + _move(floor[before], own, factor, direction))
        if through < known:
            cost[before] = through
            # In the bucket that it is in already it may stay.
            if through >> MOVE_BITS != known >> MOVE_BITS:
                slot = np.uint64((through >> MOVE_BITS) & (_BUCKETS - 1))
                buckets[slot, np.uint64(sizes[slot])] = np.int32(before)
                sizes[slot] += 1
                put += 1
    return put


@njit(cache=True, inline="always")
def _move(begin, end, factor, direction):
    """Cost of a move from a cell, as it stands in `floor`, to one whose cost is `end`."""
    length = np.int32(begin >> SIDE_BITS) + end
    return (length * factor[np.uint64(begin & _SIDE), direction]) >> FACTOR_BITS


@njit(cache=True)
def _cuts_corner(cost, steps, cell, direction):
    one, other = cell - steps[direction - 1], cell - steps[(direction + 1) & 7]
    return cost[np.uint64(one)] < 0 or cost[np.uint64(other)] < 0


@njit(cache=True)
def _unknown(flat):
    """What is known before anything is: which cells are walls."""
    cost = np.empty(flat.size, dtype=np.int32)
    for cell in range(flat.size):
        cost[cell] = _UNKNOWN if flat[cell] else _WALL
    return cost


@njit(cache=True)
def _widened(buckets):
    wider = np.empty((_BUCKETS, 2 * buckets.shape[1]), dtype=np.int32)
    wider[:, : buckets.shape[1]] = buckets
    return wider


@njit(cache=True)
def _forget(cost, settled_below):
    """Take back what the cells still waiting were given: it is a way, but perhaps not the cheapest."""
    for cell in range(len(cost)):
        if cost[cell] >= settled_below:
            cost[cell] = _WALL


@njit(cache=True)
def in_units(metre_cost, side):
    """Return costs of a metre, float32, and sides, uint8 below 16, in one number: 0 where one may not be."""
    flat, sides = metre_cost.ravel(), side.ravel()
    floor = np.zeros(flat.size, dtype=np.uint16)
    for cell in range(flat.size):
        if flat[cell] < np.inf:
            floor[cell] = (int(FLOOR_UNIT * flat[cell] + 0.5) << SIDE_BITS) | sides[cell]
    return floor.reshape(metre_cost.shape)


@njit(cache=True)
def in_metres(cost, unit_m):
    """Return costs that `sweep` found as metres of open floor, float32, inf where there is none."""
    flat = cost.ravel()
    metres = np.empty(flat.size, dtype=np.float32)
    for cell in range(flat.size):
        metres[cell] = flat[cell] * unit_m if flat[cell] >= 0 else np.inf
    return metres.reshape(cost.shape)


@njit(cache=True)
def follow(cost, floor, factor, row, column):
    """Go from a cell to the goal by the moves that its cost is made of; returns cells, shape (n, 2), (row, column)."""
    cells = np.empty((cost.size, 2), dtype=np.int64)
    cells[0, 0], cells[0, 1], count = row, column, 1
    while cost[row, column] > 0:
        direction = _way_down(cost, floor, factor, row, column)
        row, column = row + ROW_STEP[direction], column + COLUMN_STEP[direction]
        cells[count, 0], cells[count, 1] = row, column
        count += 1
    return cells[:count].copy()


@njit(cache=True)
def _way_down(cost, floor, factor, row, column):
    for direction in range(8):
        to_row, to_column = row + ROW_STEP[direction], column + COLUMN_STEP[direction]
        if cost[to_row, to_column] < 0 or floor[to_row, column] == 0 or floor[row, to_column] == 0:
            continue
        end = np.int32(floor[to_row, to_column] >> SIDE_BITS)
        move = _move(floor[row, column], end, factor, direction)
        if cost[to_row, to_column] + move == cost[row, column]:
            return direction
    raise ValueError("the costs are not those of a sweep over this floor")
