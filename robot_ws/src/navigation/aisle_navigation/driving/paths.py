"""Questions about a path: how much of it is left."""

from __future__ import annotations

import numpy as np

from aisle.geometry import FloatArray, Pose2


def nearest_index(path: FloatArray, pose_map: Pose2) -> int:
    """Return the index of the point of a path, shape (n, 2) with n > 0, that is nearest to the robot."""
    return int(np.hypot(path[:, 0] - pose_map.x_m, path[:, 1] - pose_map.y_m).argmin())


def length_m(path: FloatArray) -> float:
    """Return the length of a path, shape (n, 2), in metres."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum()) if len(path) > 1 else 0.0


def length_left_m(path: FloatArray, pose_map: Pose2) -> float:
    """Return the length of a path from its point nearest to the robot, in metres."""
    return length_m(path[nearest_index(path, pose_map) :]) if len(path) > 1 else 0.0
