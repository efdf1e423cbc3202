import inspect
import math
from types import ModuleType

import numpy as np

from aisle.sensing import Person
from aisle_navigation.planning.compiling import compile_planning
from aisle_navigation.planning.detours import Choice, Leg, weigh
from aisle_navigation.planning.jump_point import JumpPointSearch
from aisle_navigation.planning.kernels import heap, hulls, jump_search, jump_tables, smooth, sweep
from aisle_navigation.planning.planner import Planner, PlanOutcome
from aisle_navigation.planning.standing import group, person, standing_still, thing
from aisle_navigation.planning.zones import cells_inside, no_zones
from tests.navigation.rooms import grid, room, with_box

KERNELS = (heap, hulls, jump_search, jump_tables, smooth, sweep)


def compiled(modules: tuple[ModuleType, ...]) -> dict[str, int]:
    """How many versions of each kernel have been compiled so far."""
    return {
        f"{module.__name__}.{name}": len(kernel.signatures)
        for module in modules
        for name, kernel in inspect.getmembers(module)
        if hasattr(kernel, "signatures")
    }


def test_nothing_is_compiled_any_more_when_the_planner_is_used_in_earnest() -> None:
    compile_planning(grid(room(4.0, 4.0)))
    before = compiled(KERNELS)
    shop = grid(with_box(room(), 4.0, 2.0, 5.0, 8.0))
    zones = no_zones(shop).with_speed_limit(cells_inside(shop, [(0.0, 0.0), (3.0, 0.0), (3.0, 8.0)]), 0.4)
    planner = Planner(shop, zones=zones)
    standing = [person(4.5, 1.0), group([(7.0, 6.0), (7.0, 7.0), (6.0, 7.0)]), thing(2.0, 3.0)]
    standing += standing_still([Person(1, np.float64(1.0), 7.0, 0.0, 0.0, 0.3)])
    found = planner.plan((3.75, 5.0), (8.0, 6.0), standing)
    assert found.outcome is PlanOutcome.FOUND
    assert planner.plan((0.1, 0.1), (8.0, 6.0), walls=standing).outcome is not PlanOutcome.GOAL_OUTSIDE_MAP
    leg = Leg((3.75, 5.0), (8.0, 6.0), found.path, math.inf)
    assert weigh(planner, leg, [person(*found.path[40])], 0.25).choice is not Choice.GO_ON
    assert JumpPointSearch(shop.clearance_m >= 0.36).find((20, 20), (60, 160)) is not None
    assert compiled(KERNELS) == before
