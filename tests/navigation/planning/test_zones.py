import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon

from aisle_navigation.planning.planner import Planner, PlanOutcome
from aisle_navigation.planning.zones import Zones, cells_inside, no_zones, resampled
from store_model.clearance import ClearanceMap
from tests.navigation.rooms import grid, room, with_box

ROOM = grid(room())
LEFT_HALF = [(0.0, 0.0), (5.0, 0.0), (5.0, 8.0), (0.0, 8.0)]
BAND = [(4.0, -1.0), (6.0, -1.0), (6.0, 6.0), (4.0, 6.0)]


@given(st.lists(st.tuples(st.floats(-2.0, 12.0), st.floats(-2.0, 10.0)), min_size=3, max_size=7))
def test_the_cells_of_a_polygon_are_those_whose_centre_lies_in_it(corners: list[tuple[float, float]]) -> None:
    polygon = Polygon(corners)
    if not polygon.is_valid or polygon.area < 0.01:
        return
    inside = cells_inside(ROOM, corners)
    for row, column in np.random.default_rng(0).integers((0, 0), inside.shape, (40, 2)):
        centre = Point(ROOM.centre_of(row, column))
        if polygon.boundary.distance(centre) > 1e-6:
            assert inside[row, column] == polygon.contains(centre)


def test_nobody_plans_through_a_keep_out_zone_nor_into_it() -> None:
    planner = Planner(ROOM, zones=no_zones(ROOM).with_keep_out(cells_inside(ROOM, BAND)))
    found = planner.plan((2.0, 4.0), (8.0, 4.0))
    assert found.outcome is PlanOutcome.FOUND
    assert not cells_inside(ROOM, BAND)[tuple(np.array([ROOM.cell_of(x, y) for x, y in found.path]).T)].any()
    assert planner.plan((2.0, 4.0), (5.0, 3.0)).outcome is PlanOutcome.GOAL_OCCUPIED


def test_a_keep_out_zone_that_closes_the_room_leaves_no_way() -> None:
    across = [(4.0, -1.0), (6.0, -1.0), (6.0, 9.0), (4.0, 9.0)]
    planner = Planner(ROOM, zones=no_zones(ROOM).with_keep_out(cells_inside(ROOM, across)))
    assert planner.plan((2.0, 4.0), (8.0, 4.0)).outcome is PlanOutcome.NO_VALID_PATH


def test_a_robot_that_stands_at_the_edge_of_a_keep_out_zone_may_leave_it() -> None:
    planner = Planner(ROOM, zones=no_zones(ROOM).with_keep_out(cells_inside(ROOM, LEFT_HALF)))
    assert planner.plan((4.8, 4.0), (8.0, 4.0)).outcome is PlanOutcome.FOUND
    assert planner.plan((2.0, 4.0), (8.0, 4.0)).outcome is PlanOutcome.NO_VALID_PATH


def test_a_slow_zone_is_gone_around_when_that_is_quicker() -> None:
    slow = no_zones(ROOM).with_speed_limit(cells_inside(ROOM, BAND), 0.2)
    around = Planner(ROOM, zones=slow).plan((2.0, 4.0), (8.0, 4.0))
    assert around.path[:, 1].max() > 6.0
    hardly = no_zones(ROOM).with_speed_limit(cells_inside(ROOM, BAND), 0.7)
    through = Planner(ROOM, zones=hardly).plan((2.0, 4.0), (8.0, 4.0))
    assert through.path[:, 1].max() < 5.0
    assert through.cost_m > Planner(ROOM).plan((2.0, 4.0), (8.0, 4.0)).cost_m


def test_the_limit_at_a_point_can_be_asked_and_the_lower_one_holds() -> None:
    everywhere = np.ones(ROOM.clearance_m.shape, dtype=bool)
    zones = no_zones(ROOM).with_speed_limit(cells_inside(ROOM, BAND), 0.3).with_speed_limit(everywhere, 0.6)
    assert zones.limit_at(5.0, 2.0) == pytest.approx(0.3)
    assert zones.limit_at(1.0, 2.0) == pytest.approx(0.6)
    assert zones.limit_at(-5.0, 2.0) == math.inf
    assert zones.limit_at(math.nan, 2.0) == math.inf
    assert no_zones(ROOM).limit_at(1.0, 2.0) == math.inf


@pytest.mark.parametrize("limit_mps", [0.0, -1.0, 0.01, math.nan])
def test_a_limit_at_which_nobody_could_drive_is_refused(limit_mps: float) -> None:
    with pytest.raises(ValueError, match="keep-out zone"):
        no_zones(ROOM).with_speed_limit(cells_inside(ROOM, BAND), limit_mps)


@pytest.mark.parametrize("corners", [[], [(0.0, 0.0), (1.0, 1.0)], [(0.0, 0.0), (1.0, math.nan), (1.0, 0.0)]])
def test_a_zone_without_three_corners_is_refused(corners: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="three corners"):
        cells_inside(ROOM, corners)


def test_zones_of_another_map_are_refused() -> None:
    with pytest.raises(ValueError, match="on a map of"):
        Zones(ROOM, np.zeros((3, 3), dtype=bool), np.zeros((3, 3), dtype=np.float32))


def test_a_mask_with_cells_of_its_own_lands_where_it_lies() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32)
    mask = ClearanceMap(values, 1.0, 2.0, 3.0)
    on_map = resampled(values, mask, ROOM, -1.0)
    places = [(2.5, 3.5), (3.5, 3.5), (3.98, 4.98), (1.9, 3.5), (2.5, 5.1)]
    assert [on_map[ROOM.cell_of(*place)] for place in places] == [1.0, 2.0, 4.0, -1.0, -1.0]


def test_a_zone_inside_a_shelf_opens_nothing() -> None:
    shelved = grid(with_box(room(), 4.0, 2.0, 5.0, 8.0))
    zones = no_zones(shelved).with_speed_limit(cells_inside(shelved, BAND), 0.7)
    assert shelved.at(Planner(shelved, zones=zones).plan((2.0, 6.0), (8.0, 6.0)).path).min() > 0.3
