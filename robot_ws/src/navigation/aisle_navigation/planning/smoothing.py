"""Straighter paths: shortcuts where a line costs no more, then a band that pulls itself tight, and even points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aisle.geometry import FloatArray
from aisle_navigation.planning.kernels.smooth import relax, shortcut
from store_model.clearance import FloatGrid

Floor = tuple[FloatGrid, npt.NDArray[np.uint8], npt.NDArray[np.float32]]
"""Cost of a metre in each cell, the row of the table that belongs to it, and the table; see `costs.StaticCosts`."""

_SPACING_CELLS = 2.0


def smoothed(points: FloatArray, floor: Floor, rounds: int) -> FloatArray:
    """Return a path between the same ends that costs no more and is no longer, with a point every two cells or nearer.

    Points are in cells, (x, y), shape (n, 2); the centre of cell (0, 0) is at (0.5, 0.5). It enters no cell that is
    forbidden and cuts no corner of one, provided that the given path does neither.
    """
    if len(points) < 2:
        return points
    path = divided(shortcut(floor, points), _SPACING_CELLS)
    relax(floor, path, rounds)
    return path


def divided(points: FloatArray, spacing: float) -> FloatArray:
    """Return the same line with so many points more that none is further than `spacing` from the next."""
    lengths = np.hypot(*np.diff(points, axis=0).T)
    parts = np.maximum(1, np.ceil(lengths / spacing)).astype(np.int64)
    starts = np.repeat(points[:-1], parts, axis=0)
    steps = np.repeat(np.diff(points, axis=0) / parts[:, None], parts, axis=0)
    index = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    return np.vstack((starts + steps * index[:, None], points[-1:]))
