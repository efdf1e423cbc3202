"""Costmaps as Nav2 publishes them: what the robot believes about the floor, for people and programs to look at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aisle.geometry import FloatArray
from store_model.clearance import ClearanceMap, FloatGrid

Cells = npt.NDArray[np.int8]

LETHAL, INSCRIBED, FREE = 100, 99, 0
_DECAY_PER_M = 3.0
_THING_M, _SHOWN_M = 0.15, 0.6


def costs_of(clearance_m: FloatGrid, radius_m: float) -> Cells:
    """Return costs, shape as given, from the distance to what stands there.

    100 is an obstacle, 99 a place where a robot of that radius would touch one, then costs decay with distance
    (Nav2's inflation layer, as an OccupancyGrid shows it).
    """
    beyond_m = np.maximum(0.0, clearance_m - radius_m)
    costs = (INSCRIBED - 1) * np.exp(-_DECAY_PER_M * beyond_m)
    costs[clearance_m < radius_m] = INSCRIBED
    costs[clearance_m <= 0.0] = LETHAL
    return np.asarray(costs, dtype=np.int8)


def with_places(costs: Cells, grid: ClearanceMap, places: FloatArray, radius_m: float) -> Cells:
    """Return the same costs with things that are on no map; places of shape (n, 2), in the map frame."""
    changed = costs.copy()
    reach = round((radius_m + _SHOWN_M) / grid.resolution_m)
    for x_m, y_m in places:
        row, column = grid.cell_of(float(x_m), float(y_m))
        rows = slice(max(0, row - reach), max(0, row + reach + 1))
        columns = slice(max(0, column - reach), max(0, column + reach + 1))
        window = changed[rows, columns]
        steps = np.ogrid[rows.start : rows.start + window.shape[0], columns.start : columns.start + window.shape[1]]
        away_m = grid.resolution_m * np.hypot(steps[0] - row, steps[1] - column)
        np.maximum(window, costs_of(np.maximum(0.0, away_m - _THING_M).astype(np.float32), radius_m), out=window)
    return changed
