"""Compile every kernel before the robot may move, by running each once on a tiny map."""

from __future__ import annotations

import numpy as np

from aisle.geometry import Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan, Person
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.situation import Situation
from aisle_navigation.localization.compiling import compile_localization
from aisle_navigation.planning.compiling import compile_planning
from store_model.clearance import ClearanceMap, clearance_map


def warm_up(robot: RobotModel) -> None:
    """Run planner, controller and particle filter once with the argument types of production."""
    grid = _small_room()
    scan = LaserScan(0.0, -np.pi, np.pi / 18.0, 0.1, 12.0, np.full(36, 1.5))
    navigator = Navigator(grid, robot, seed=0)
    navigator.go_to(Pose2(3.0, 2.0, 0.0))
    somebody = (Person(1, 2.0, 3.0, 0.0, 0.0, 0.25),)
    navigator.step(Situation(0.0, Pose2(1.0, 2.0, 0.0), Twist2(), scan, somebody))
    compile_localization(robot)
    compile_planning(grid)


def _small_room() -> ClearanceMap:
    cells = np.zeros((80, 80), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = 100
    return clearance_map(cells, 0.05, 0.0, 0.0)
