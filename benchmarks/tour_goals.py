"""Where the robot goes on the tours of the benchmark: from home to a bay that is not next to it."""

from __future__ import annotations

import numpy as np

from aisle.geometry import Pose2
from aisle_navigation.planning.planner import plan
from benchmarks.store_drive import Shop
from store_model.poses import shelf_pose

_LEAST_WAY_M = 6.0


def way_m(shop: Shop, goal: Pose2) -> float:
    """Return the length of the way from home with nobody in the store, in metres; 0 where there is none."""
    home = shop.plan.home
    return plan(shop.clearances, (home.x_m, home.y_m), (goal.x_m, goal.y_m)).length_m


def goal_of(shop: Shop, seed: int) -> tuple[str, Pose2]:
    """Draw a bay that is not next to home; return its id and where the robot shall stand."""
    rng, bays = np.random.default_rng((seed, 0x70)), sorted(shop.plan.bays)
    while True:
        bay_id = bays[int(rng.integers(len(bays)))]
        goal = shelf_pose(shop.plan, bay_id)
        if way_m(shop, goal) >= _LEAST_WAY_M:
            return bay_id, goal
