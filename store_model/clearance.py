"""The clearance map: for every cell of the floor, how far the nearest fixed thing is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt

from aisle.geometry import FloatArray

FloatGrid = npt.NDArray[np.float32]
OCCUPIED_FROM = 65
"""Occupancy, in percent, from which a cell counts as occupied (the map_server convention)."""


@dataclass(frozen=True, slots=True)
class ClearanceMap:
    """Distance in metres from each cell's centre to the nearest occupied cell; row 0 is the lowest y.

    `origin_x_m` and `origin_y_m` are the lower-left corner of the grid in the map frame.
    """

    clearance_m: FloatGrid
    resolution_m: float
    origin_x_m: float
    origin_y_m: float

    def cell_of(self, x_m: float, y_m: float) -> tuple[int, int]:
        """Return (row, column) of a point; it may lie outside the grid."""
        column = int(np.floor((x_m - self.origin_x_m) / self.resolution_m))
        row = int(np.floor((y_m - self.origin_y_m) / self.resolution_m))
        return row, column

    def contains(self, x_m: float, y_m: float) -> bool:
        """Tell whether a point lies on the map; NaN and infinity do not."""
        # In floats: a place may be too far away for a whole number of cells.
        column = (float(x_m) - self.origin_x_m) / self.resolution_m
        row = (float(y_m) - self.origin_y_m) / self.resolution_m
        rows, columns = self.clearance_m.shape
        return bool(0.0 <= row < rows and 0.0 <= column < columns)

    def at(self, points: FloatArray) -> FloatGrid:
        """Return the clearance at points of the map frame, shape (n, 2); 0 outside the map."""
        columns = np.floor((points[:, 0] - self.origin_x_m) / self.resolution_m).astype(np.int64)
        rows = np.floor((points[:, 1] - self.origin_y_m) / self.resolution_m).astype(np.int64)
        height, width = self.clearance_m.shape
        inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        found = np.zeros(len(points), dtype=np.float32)
        found[inside] = self.clearance_m[rows[inside], columns[inside]]
        return found

    def centre_of(self, row: int, column: int) -> tuple[float, float]:
        """Return the centre of a cell in the map frame."""
        return (
            self.origin_x_m + (column + 0.5) * self.resolution_m,
            self.origin_y_m + (row + 0.5) * self.resolution_m,
        )


class UnusableMapError(ValueError):
    """A map that cannot be navigated on; the sentence says why."""


def clearance_map(
    cells: npt.NDArray[np.integer], resolution_m: float, origin_x_m: float, origin_y_m: float
) -> ClearanceMap:
    """Compute the clearance of an occupancy grid, shape (rows, columns), 0 free to 100 occupied, -1 unknown.

    Unknown counts as occupied, and so does everything outside. Raises UnusableMapError for an empty grid or
    one without a free cell.
    """
    if cells.ndim != 2 or cells.size == 0:
        raise UnusableMapError(f"the map has shape {cells.shape}; rows and columns are needed")
    blocked = (cells < 0) | (cells >= OCCUPIED_FROM)
    if blocked.all():
        raise UnusableMapError("the map has no free cell; check its thresholds and its image")
    padded = np.pad(~blocked, 1, constant_values=False)
    distance = distance_transform_edt(padded, sampling=resolution_m)[1:-1, 1:-1]
    return ClearanceMap(distance.astype(np.float32), resolution_m, origin_x_m, origin_y_m)
