import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from aisle_navigation.planning.costs import LARGEST_COST, PlannerSettings, Side, static_costs
from aisle_navigation.planning.planner import Planner, PlanOutcome
from aisle_navigation.planning.standing import person
from aisle_navigation.planning.zones import no_zones
from store_model.clearance import ClearanceMap
from tests.navigation.rooms import grid, room, with_box

AISLE = grid(with_box(with_box(room(20.0, 8.0), 2.0, 0.0, 18.0, 2.8), 2.0, 5.2, 18.0, 8.0))
"""An aisle along x, 2.4 m wide, its middle at y = 4 m."""

WEST, EAST = (1.0, 4.0), (19.0, 4.0)


def middle_of(planner: Planner, start: tuple[float, float], goal: tuple[float, float]) -> float:
    path = planner.plan(start, goal).path
    inside = path[(path[:, 0] > 5.0) & (path[:, 0] < 15.0)]
    return float(np.median(inside[:, 1]))


@pytest.mark.parametrize(("side", "east_y_m", "west_y_m"), [(Side.RIGHT, 3.7, 4.3), (Side.LEFT, 4.3, 3.7)])
def test_it_keeps_to_its_side_of_an_aisle_in_both_directions(side: Side, east_y_m: float, west_y_m: float) -> None:
    planner = Planner(AISLE, PlannerSettings(side=side))
    assert middle_of(planner, WEST, EAST) == pytest.approx(east_y_m, abs=0.2)
    assert middle_of(planner, EAST, WEST) == pytest.approx(west_y_m, abs=0.2)


def test_without_a_side_both_directions_go_the_same_way() -> None:
    planner = Planner(AISLE, PlannerSettings(side=Side.NONE))
    assert middle_of(planner, WEST, EAST) == pytest.approx(middle_of(planner, EAST, WEST), abs=0.15)


def test_the_wrong_side_is_taken_when_somebody_stands_on_the_right_one() -> None:
    path = Planner(AISLE, PlannerSettings(side=Side.RIGHT)).plan(WEST, EAST, [person(10.0, 3.2)]).path
    passing = path[np.abs(path[:, 0] - 10.0) < 0.2]
    assert passing[:, 1].min() > 3.8


def test_the_cost_to_go_falls_along_the_path_by_what_the_way_costs() -> None:
    found = Planner(AISLE).plan(WEST, EAST)
    assert found.cost_to_go is not None
    along = [found.cost_to_go.at(x, y) for x, y in found.path]
    assert along[-1] == 0.0
    assert along[0] == pytest.approx(found.cost_m)
    assert all(after < before + 0.1 for before, after in pairwise(along))


def test_nothing_costs_less_than_open_floor_nor_more_than_the_limit() -> None:
    wild = PlannerSettings(closeness_cost=1e6, person_cost=1e9, thing_cost=1e9, side_cost=50.0)
    costs = static_costs(AISLE, no_zones(AISLE), wild)
    finite = costs.metre_cost[np.isfinite(costs.metre_cost)]
    assert finite.min() >= 1.0
    assert finite.max() <= LARGEST_COST
    assert Planner(AISLE, wild).plan(WEST, EAST, [person(10.0, 4.0)]).outcome is PlanOutcome.FOUND


def test_a_clearance_that_is_no_number_is_a_wall() -> None:
    clearance_m = AISLE.clearance_m.copy()
    clearance_m[:, 200] = math.nan
    broken = replace(AISLE, clearance_m=clearance_m)
    assert Planner(broken).plan(WEST, EAST).outcome is PlanOutcome.NO_VALID_PATH


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (1, 5), (2, 2)])
def test_a_map_of_hardly_any_cells_has_no_way(shape: tuple[int, int]) -> None:
    tiny = ClearanceMap(np.full(shape, 9.0, dtype=np.float32), 0.05, 0.0, 0.0)
    outcome = Planner(tiny).plan((0.01, 0.01), (0.04, 0.04)).outcome
    assert outcome in (PlanOutcome.START_OUTSIDE_MAP, PlanOutcome.GOAL_OCCUPIED)


def test_settings_in_which_no_distance_is_preferred_are_taken() -> None:
    assert Planner(AISLE, PlannerSettings(radius_m=0.5, preferred_m=0.5)).plan(WEST, EAST).outcome is PlanOutcome.FOUND
