"""Where people can walk: clearance to the nearest obstacle, and routes around the fixtures."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

FloatArray = npt.NDArray[np.float64]
Point = tuple[float, float]

ROUTE_CELL_M = 0.2
ROUTE_CLEARANCE_M = 0.34
_COMFORT_CLEARANCE_M = 0.8
_NEIGHBOURS = ((0, 1, 1.0), (1, 0, 1.0), (1, 1, math.sqrt(2)), (1, -1, math.sqrt(2)))


class Floor:
    """The free floor of a store.

    Built from occupancy cells (row 0 at the lowest y, 0 free) whose lower-left corner is the map origin.
    Everything outside the cells counts as occupied.
    """

    def __init__(self, cells: npt.NDArray[np.uint8], resolution_m: float) -> None:
        padded = np.pad(cells != 0, 1, constant_values=True)
        # From the centre of a free cell to the edge, not the centre, of the nearest occupied one.
        distance = np.asarray(distance_transform_edt(~padded), dtype=np.float64)[1:-1, 1:-1]
        self.clearance_m: FloatArray = np.maximum(distance - 0.5, 0.0) * resolution_m
        self._resolution_m = resolution_m
        self._rows, self._columns = cells.shape
        self._values: list[list[float]] = self.clearance_m.tolist()
        self._ringed: FloatArray = np.pad(self.clearance_m, 1).ravel()
        self._route_shape, self._route_clearance = self._sample_route_cells()
        self._graph = lru_cache(maxsize=8)(lambda clearance_m: _route_graph(self._route_clearance, clearance_m))
        self._predecessors = lru_cache(maxsize=512)(self._search)

    def clearance(self, x_m: float, y_m: float) -> float:
        """Return the distance from a map point to the nearest obstacle in metres, bilinear between cells."""
        u, v = x_m / self._resolution_m - 0.5, y_m / self._resolution_m - 0.5
        column, row = math.floor(u), math.floor(v)
        if not (0 <= column < self._columns - 1 and 0 <= row < self._rows - 1):
            return 0.0
        a, b = u - column, v - row
        low, high = self._values[row], self._values[row + 1]
        return (1 - b) * ((1 - a) * low[column] + a * low[column + 1]) + b * (
            (1 - a) * high[column] + a * high[column + 1]
        )

    def clearances(self, points: FloatArray) -> FloatArray:
        """Return the clearances of map points, shape (n, 2), as `clearance` does for one."""
        # One ring of zeros around: whatever is outside is in its outermost cells.
        u = np.clip(points[:, 0] / self._resolution_m + 0.5, 0.0, self._columns + 0.999)
        v = np.clip(points[:, 1] / self._resolution_m + 0.5, 0.0, self._rows + 0.999)
        column, row = u.astype(np.intp), v.astype(np.intp)
        a, b = u - column, v - row
        width, values = self._columns + 2, self._ringed
        corner = row * width + column
        low = values[corner] + a * (values[corner + 1] - values[corner])
        high = values[corner + width] + a * (values[corner + width + 1] - values[corner + width])
        return np.asarray(low + b * (high - low))

    def uphill(self, x_m: float, y_m: float) -> Point:
        """Return the direction in which the clearance grows fastest, as a unit vector (zero where it is flat)."""
        step = self._resolution_m
        dx = self.clearance(x_m + step, y_m) - self.clearance(x_m - step, y_m)
        dy = self.clearance(x_m, y_m + step) - self.clearance(x_m, y_m - step)
        length = math.hypot(dx, dy)
        return (dx / length, dy / length) if length > 1e-9 else (0.0, 0.0)

    def nearest_walkable(self, x_m: float, y_m: float, clearance_m: float = ROUTE_CLEARANCE_M) -> Point:
        """Return the centre of the route cell nearest to a point that has at least that much free floor around."""
        rows, columns = np.nonzero(self._route_clearance >= clearance_m)
        if not len(rows):
            raise ValueError(f"the store has no place with {clearance_m} m of free floor: check the plan")
        xs, ys = (columns + 0.5) * ROUTE_CELL_M, (rows + 0.5) * ROUTE_CELL_M
        best = int(np.argmin((xs - x_m) ** 2 + (ys - y_m) ** 2))
        return float(xs[best]), float(ys[best])

    def route(self, start: Point, goal: Point, clearance_m: float = ROUTE_CLEARANCE_M) -> list[Point]:
        """Return the waypoints from start to goal around the fixtures, both ends included; empty if there is none.

        Between the ends the way keeps at least that clearance.
        """
        source = self._cell(self.nearest_walkable(*goal, clearance_m))
        target = self._cell(self.nearest_walkable(*start, clearance_m))
        predecessors = self._predecessors(source, clearance_m)
        cells = [target]
        while cells[-1] != source:
            following = int(predecessors[cells[-1]])
            if following < 0:
                return []
            cells.append(following)
        columns = self._route_shape[1]
        inner = [((c % columns + 0.5) * ROUTE_CELL_M, (c // columns + 0.5) * ROUTE_CELL_M) for c in cells]
        return [start, *inner, goal]

    def sees(self, start: Point, end: Point, clearance_m: float) -> bool:
        """Tell whether a disc of that radius can move straight from one point to the other."""
        distance, step = math.dist(start, end), 2 * self._resolution_m
        ahead = (end[0] - start[0]) / max(distance, 1e-9), (end[1] - start[1]) / max(distance, 1e-9)
        along = min(step, distance)
        while True:
            room = self.clearance(start[0] + along * ahead[0], start[1] + along * ahead[1]) - clearance_m
            if room < 0.0:
                return False
            if along >= distance:
                return True
            # Nothing can be nearer than the room there is.
            along = min(along + max(step, room), distance)

    def _cell(self, point: Point) -> int:
        return int(point[1] / ROUTE_CELL_M) * self._route_shape[1] + int(point[0] / ROUTE_CELL_M)

    def _sample_route_cells(self) -> tuple[tuple[int, int], FloatArray]:
        shape = (
            int(self._rows * self._resolution_m / ROUTE_CELL_M),
            int(self._columns * self._resolution_m / ROUTE_CELL_M),
        )
        values = [
            [self.clearance((c + 0.5) * ROUTE_CELL_M, (r + 0.5) * ROUTE_CELL_M) for c in range(shape[1])]
            for r in range(shape[0])
        ]
        return shape, np.array(values, dtype=np.float64)

    def _search(self, source: int, clearance_m: float) -> npt.NDArray[np.int32]:
        _, predecessors = dijkstra(self._graph(clearance_m), directed=False, indices=[source], return_predecessors=True)
        return np.asarray(predecessors[0], dtype=np.int32)


def _route_graph(clearance_m: FloatArray, least_m: float) -> csr_matrix:
    """Connect walkable route cells to their eight neighbours; passing close to a shelf costs up to double."""
    rows, columns = clearance_m.shape
    free = clearance_m >= least_m
    price = 1.0 + np.clip((_COMFORT_CLEARANCE_M - clearance_m) / _COMFORT_CLEARANCE_M, 0.0, 1.0)
    index = np.arange(rows * columns).reshape(rows, columns)
    ends: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    for row_step, column_step, length in _NEIGHBOURS:
        here = (slice(0, rows - row_step), slice(max(0, -column_step), columns - max(0, column_step)))
        there = (slice(row_step, rows), slice(max(0, column_step), columns + min(0, column_step)))
        linked = free[here] & free[there]
        cost = 0.5 * (price[here] + price[there]) * length * ROUTE_CELL_M
        ends.append((index[here][linked], index[there][linked], cost[linked]))
    starts, stops, costs = (np.concatenate(part) for part in zip(*ends, strict=True))
    return csr_matrix((costs, (starts, stops)), shape=(rows * columns, rows * columns))
