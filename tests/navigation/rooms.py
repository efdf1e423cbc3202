"""Small maps for navigation tests."""

from __future__ import annotations

import math

import numpy as np

from aisle.config import load
from aisle.geometry import Pose2
from aisle.paths import reference_robot
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from store_model.clearance import ClearanceMap, clearance_map

ROBOT = load(reference_robot(), RobotModel)
RESOLUTION_M = 0.05


def room(width_m: float = 10.0, height_m: float = 8.0) -> np.ndarray:
    """An empty room with walls, as occupancy cells."""
    cells = np.zeros((round(height_m / RESOLUTION_M), round(width_m / RESOLUTION_M)), dtype=np.int8)
    cells[[0, -1], :] = 100
    cells[:, [0, -1]] = 100
    return cells


def with_box(cells: np.ndarray, x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    """The same map with a shelf in it, in metres."""
    changed = cells.copy()
    changed[
        round(y0 / RESOLUTION_M) : round(y1 / RESOLUTION_M), round(x0 / RESOLUTION_M) : round(x1 / RESOLUTION_M)
    ] = 100
    return changed


def grid(cells: np.ndarray) -> ClearanceMap:
    return clearance_map(cells, RESOLUTION_M, 0.0, 0.0)


def scan_of(cells: np.ndarray, pose: Pose2, stamp_s: float = 0.0, rays: int = 180) -> LaserScan:
    """March rays through the map: slow, exact to half a cell, and independent of the code under test."""
    angles = -math.pi + 2.0 * math.pi / rays * np.arange(rays)
    distances = np.arange(0.1, 12.0, 0.02)
    x = pose.x_m + np.cos(pose.yaw_rad + angles)[:, None] * distances
    y = pose.y_m + np.sin(pose.yaw_rad + angles)[:, None] * distances
    rows = np.clip((y / RESOLUTION_M).astype(int), 0, cells.shape[0] - 1)
    columns = np.clip((x / RESOLUTION_M).astype(int), 0, cells.shape[1] - 1)
    hits = cells[rows, columns] > 0
    ranges = np.where(hits.any(axis=1), distances[hits.argmax(axis=1)], np.inf)
    return LaserScan(stamp_s, -math.pi, 2.0 * math.pi / rays, 0.1, 12.0, ranges)
