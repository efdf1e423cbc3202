"""What the laser sees around the robot, as a clearance grid of its own: it may stand on no map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import distance_transform_edt

from aisle.geometry import FloatArray, Pose2
from store_model.clearance import FloatGrid

_RESOLUTION_M = 0.05


@dataclass(frozen=True, slots=True)
class LocalObstacles:
    """Clearance around the robot from the laser alone: a square grid whose lower-left corner is in the map frame."""

    clearance_m: FloatGrid
    resolution_m: float
    origin_x_m: float
    origin_y_m: float


def local_obstacles(points_map: FloatArray, pose_map: Pose2, half_size_m: float = 3.5) -> LocalObstacles:
    """Build the clearance grid around the robot from laser points in the map frame, shape (n, 2)."""
    cells = int(2 * half_size_m / _RESOLUTION_M)
    origin = np.array([pose_map.x_m - half_size_m, pose_map.y_m - half_size_m])
    free = np.ones((cells, cells), dtype=bool)
    index = np.floor((points_map - origin) / _RESOLUTION_M).astype(np.int64)
    index = index[((index >= 0) & (index < cells)).all(axis=1)]
    free[index[:, 1], index[:, 0]] = False
    if free.all():
        clearance = np.full((cells, cells), half_size_m, dtype=np.float32)
    else:
        clearance = distance_transform_edt(free, sampling=_RESOLUTION_M).astype(np.float32)
    return LocalObstacles(clearance, _RESOLUTION_M, float(origin[0]), float(origin[1]))
