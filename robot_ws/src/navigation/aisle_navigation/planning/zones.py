"""Rules for parts of the floor: where the robot may not go at all, and where only slowly.

They lie on the cells of the map. Polygons come from the store's plan, masks from whoever speaks Nav2's costmap filters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from store_model.clearance import ClearanceMap, FloatGrid

BoolGrid = npt.NDArray[np.bool_]
SLOWEST_MPS = 0.05
"""A speed limit below this one would be a keep-out zone, and is an error."""


@dataclass(frozen=True, slots=True)
class Zones:
    """For each cell of `grid`: whether it is forbidden, and the speed limit in m/s, inf where there is none."""

    grid: ClearanceMap
    is_forbidden: BoolGrid
    limit_mps: FloatGrid

    def __post_init__(self) -> None:
        """Raise ValueError for zones that do not fit the map."""
        shape = self.grid.clearance_m.shape
        if self.is_forbidden.shape != shape or self.limit_mps.shape != shape:
            raise ValueError(f"zones of shape {self.is_forbidden.shape}, {self.limit_mps.shape} on a map of {shape}")

    def limit_at(self, x_m: float, y_m: float) -> float:
        """Return the speed limit at a point of the map frame, in m/s; inf where there is none, and off the map."""
        if not self.grid.contains(x_m, y_m):
            return math.inf
        return float(self.limit_mps[self.grid.cell_of(x_m, y_m)])

    def with_keep_out(self, cells: BoolGrid) -> Zones:
        """Return these zones and cells, of the map's shape, where the robot may not go."""
        return replace(self, is_forbidden=self.is_forbidden | cells)

    def with_speed_limit(self, cells: BoolGrid, limit_mps: float) -> Zones:
        """Return these zones and cells, of the map's shape, with a speed limit; the lower limit holds.

        Raises ValueError for a limit below SLOWEST_MPS.
        """
        if not limit_mps >= SLOWEST_MPS:
            raise ValueError(f"the speed limit {limit_mps} m/s is below {SLOWEST_MPS} m/s; make it a keep-out zone")
        limited = np.where(cells, np.float32(limit_mps), np.float32(np.inf))
        return replace(self, limit_mps=np.minimum(self.limit_mps, limited))


def no_zones(grid: ClearanceMap) -> Zones:
    """Return the zones of a floor without rules."""
    shape = grid.clearance_m.shape
    return Zones(grid, np.zeros(shape, dtype=np.bool_), np.full(shape, np.inf, dtype=np.float32))


def cells_inside(grid: ClearanceMap, polygon: Sequence[tuple[float, float]]) -> BoolGrid:
    """Return the cells whose centre lies in a polygon of the map frame, in metres; by crossings of a ray to the right.

    Raises ValueError for fewer than three corners, or one that is not a finite number.
    """
    corners = np.asarray(polygon, dtype=np.float64).reshape(-1, 2)
    if len(corners) < 3 or not np.isfinite(corners).all():
        raise ValueError(f"a zone needs at least three corners in metres, not {list(polygon)}")
    rows, columns = grid.clearance_m.shape
    x = (np.arange(columns) + 0.5) * grid.resolution_m + grid.origin_x_m
    y = (np.arange(rows) + 0.5) * grid.resolution_m + grid.origin_y_m
    inside = np.zeros((rows, columns), dtype=np.bool_)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crossed = (ay > y) != (by > y)
        if crossed.any():
            crossing_x = ax + (y[crossed] - ay) / (by - ay) * (bx - ax)
            inside[crossed] ^= x[None, :] < crossing_x[:, None]
    return inside


def resampled(values: FloatGrid, mask: ClearanceMap, grid: ClearanceMap, otherwise: float) -> FloatGrid:
    """Bring the values of a mask, which has its own origin and cell size, onto the cells of the map.

    `mask` says where the cells of `values` lie; cells of the map outside it get `otherwise`.
    """
    rows, columns = grid.clearance_m.shape
    x = (np.arange(columns) + 0.5) * grid.resolution_m + grid.origin_x_m
    y = (np.arange(rows) + 0.5) * grid.resolution_m + grid.origin_y_m
    at_row = np.floor((y - mask.origin_y_m) / mask.resolution_m).astype(np.int64)
    at_column = np.floor((x - mask.origin_x_m) / mask.resolution_m).astype(np.int64)
    is_row, is_column = ((at >= 0) & (at < size) for at, size in zip((at_row, at_column), values.shape, strict=True))
    result = np.full((rows, columns), otherwise, dtype=np.float32)
    result[np.ix_(is_row, is_column)] = values[np.ix_(at_row[is_row], at_column[is_column])]
    return result
