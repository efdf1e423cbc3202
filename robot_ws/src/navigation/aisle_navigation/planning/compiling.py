"""Compile the planner's kernels, by planning once in every way that there is."""

from __future__ import annotations

import math

from aisle_navigation.planning.detours import Leg, weigh
from aisle_navigation.planning.jump_point import JumpPointSearch
from aisle_navigation.planning.planner import Planner
from aisle_navigation.planning.standing import group, person, thing
from store_model.clearance import ClearanceMap


def compile_planning(grid: ClearanceMap) -> None:
    """Plan, weigh a detour and search for jumps on a small map, with the argument types of production."""
    planner = Planner(grid)
    rows, columns = grid.clearance_m.shape
    # The start is too close to a wall, so that the way out from there is looked for as well.
    start, goal, corner = (
        grid.centre_of(row, column) for row, column in ((rows // 2, 1), (rows // 2, columns // 2), (1, 1))
    )
    standing = [person(*goal), group([corner, goal, (goal[0], corner[1])]), thing(*corner)]
    found = planner.plan(start, goal, standing, walls=standing[2:])
    weigh(planner, Leg(start, goal, found.path, math.inf), standing, robot_m=1.0)
    JumpPointSearch(grid.clearance_m > 0.0).find((1, 1), (rows // 2, columns // 2))
