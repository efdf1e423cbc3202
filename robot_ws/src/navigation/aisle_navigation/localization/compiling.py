"""Compile the kernels of localization by losing and finding a robot in a small room."""

from __future__ import annotations

import math

import numpy as np

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_navigation.localization.cloud import Spread
from aisle_navigation.localization.particle_filter import FilterSettings, ParticleFilter
from store_model.clearance import ClearanceMap, clearance_map

_CELLS, _RESOLUTION_M = 80, 0.05
_RAYS, _UPDATES, _STEP_M = 180, 12, 0.05
_SOMEWHERE = Pose2(1.0, 2.0, 0.0)


def compile_localization(robot: RobotModel) -> None:
    """Run every kernel of localization with the argument types of production."""
    scan = LaserScan(0.0, -math.pi, math.tau / _RAYS, 0.1, 12.0, np.full(_RAYS, 1.5))
    filter_ = ParticleFilter(_small_room(), robot, FilterSettings(), seed=0)
    # Particles that lie far apart and a robot that moves: the weights get uneven, so that resampling is reached.
    filter_.start_at(_SOMEWHERE, Spread(1.0, 1.0))
    for number in range(_UPDATES):
        filter_.update(scan, Pose2(_STEP_M * number, 0.0, 0.0))
    filter_.look_everywhere()
    for _ in range(_UPDATES):
        filter_.update(scan, Pose2(0.0, 0.0, 0.0))


def _small_room() -> ClearanceMap:
    cells = np.zeros((_CELLS, _CELLS), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = 100
    return clearance_map(cells, _RESOLUTION_M, 0.0, 0.0)
