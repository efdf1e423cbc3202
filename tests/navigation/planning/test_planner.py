import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle_navigation.planning.planner import Planner, PlanOutcome, plan
from aisle_navigation.planning.standing import group, person, thing
from store_model.clearance import UnusableMapError, clearance_map
from tests.navigation.rooms import grid, room, with_box

OPEN_ROOM = grid(room())
SHELF = grid(with_box(room(), 4.0, 2.0, 5.0, 8.0))


def test_an_open_room_is_crossed_almost_straight() -> None:
    found = plan(OPEN_ROOM, (1.0, 4.0), (9.0, 4.0))
    assert found.outcome is PlanOutcome.FOUND
    assert found.length_m == pytest.approx(8.0, rel=0.02)


def test_a_path_leads_around_a_shelf_and_keeps_its_distance() -> None:
    found = plan(SHELF, (2.0, 6.0), (8.0, 6.0))
    assert found.outcome is PlanOutcome.FOUND
    assert found.path[:, 1].min() < 2.0
    assert SHELF.at(found.path).min() >= 0.3


@pytest.mark.parametrize(
    ("start", "goal", "outcome"),
    [
        ((1.0, 1.0), (4.5, 5.0), PlanOutcome.GOAL_OCCUPIED),
        ((1.0, 1.0), (50.0, 5.0), PlanOutcome.GOAL_OUTSIDE_MAP),
        ((1.0, 1.0), (math.nan, 5.0), PlanOutcome.GOAL_OUTSIDE_MAP),
        ((-3.0, 1.0), (2.0, 5.0), PlanOutcome.START_OUTSIDE_MAP),
        ((4.5, 5.0), (2.0, 5.0), PlanOutcome.START_OCCUPIED),
    ],
)
def test_impossible_goals_are_named(
    start: tuple[float, float], goal: tuple[float, float], outcome: PlanOutcome
) -> None:
    found = plan(SHELF, start, goal)
    assert found.outcome is outcome
    assert len(found.path) == 0


def test_a_closed_room_has_no_way_in() -> None:
    walled = grid(with_box(room(), 5.0, 0.0, 5.2, 8.0))
    assert plan(walled, (2.0, 4.0), (8.0, 4.0)).outcome is PlanOutcome.NO_VALID_PATH


def test_somebody_standing_in_the_way_is_walked_around() -> None:
    found = plan(OPEN_ROOM, (1.0, 4.0), (9.0, 4.0), np.array([[5.0, 4.0]]))
    assert np.hypot(*(found.path - [5.0, 4.0]).T).min() > 0.55


def test_somebody_standing_outside_the_map_is_no_matter() -> None:
    found = plan(OPEN_ROOM, (1.0, 4.0), (9.0, 4.0), np.array([[-20.0, 400.0]]))
    assert found.outcome is PlanOutcome.FOUND


def test_a_start_close_to_a_shelf_can_be_left() -> None:
    found = plan(SHELF, (3.75, 5.0), (1.0, 5.0))
    assert found.outcome is PlanOutcome.FOUND


ANYWHERE = st.one_of(st.floats(), st.floats(-1.0, 11.0))
PLACES = st.tuples(ANYWHERE, ANYWHERE)


@settings(max_examples=100, deadline=None)
@given(PLACES, PLACES, st.lists(PLACES, max_size=4))
def test_whatever_is_asked_an_outcome_is_the_answer(
    start: tuple[float, float], goal: tuple[float, float], places: list[tuple[float, float]]
) -> None:
    standing = [person(*place) for place in places] + [group(places), thing(*start)]
    found = Planner(SHELF).plan(start, goal, standing, walls=standing[:1])
    assert (found.outcome is PlanOutcome.FOUND) == (len(found.path) > 0) == math.isfinite(found.cost_m)
    if found.outcome is PlanOutcome.FOUND:
        assert tuple(found.path[0]) == start
        assert tuple(found.path[-1]) == goal


def test_a_robot_behind_a_thin_wall_is_not_led_through_it() -> None:
    cell = with_box(with_box(room(), 1.0, 1.0, 2.0, 2.0), 1.05, 1.05, 1.95, 1.95)
    cell[round(1.05 / 0.05) : round(1.95 / 0.05), round(1.05 / 0.05) : round(1.95 / 0.05)] = 0
    assert plan(grid(cell), (1.15, 1.5), (8.0, 4.0)).outcome is PlanOutcome.NO_VALID_PATH


def test_a_plan_that_starts_at_its_goal_is_a_point() -> None:
    found = plan(OPEN_ROOM, (3.01, 4.02), (3.01, 4.02))
    assert found.outcome is PlanOutcome.FOUND
    assert found.length_m == 0.0
    assert found.cost_m == 0.0


def test_the_cost_to_go_is_known_around_the_robot_and_not_far_beyond_it() -> None:
    hall = grid(room(30.0, 8.0))
    found = plan(hall, (10.0, 4.0), (2.0, 4.0))
    assert found.cost_to_go is not None
    around = [found.cost_to_go.at(10.0 + dx, 4.0 + dy) for dx in (-4.0, 0.0, 4.0) for dy in (-3.0, 0.0, 3.0)]
    assert np.isfinite(around).all()
    assert found.cost_to_go.at(29.0, 4.0) == math.inf
    assert found.cost_to_go.at(-1.0, 4.0) == math.inf


@pytest.mark.parametrize("cells", [np.zeros((0, 0), dtype=np.int8), np.full((5, 5), 100, dtype=np.int8)])
def test_a_map_without_floor_is_refused(cells: np.ndarray) -> None:
    with pytest.raises(UnusableMapError):
        clearance_map(cells, 0.05, 0.0, 0.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_path_stays_on_floor_where_the_robot_fits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = room()
    for x_m, y_m in rng.uniform(1.0, 7.0, (6, 2)):
        cells = with_box(cells, x_m, y_m, x_m + 0.6, y_m + 0.6)
    clearances = grid(cells)
    start, goal = rng.uniform(0.5, 7.5, (2, 2))
    found = plan(clearances, tuple(start), tuple(goal))
    if found.outcome is PlanOutcome.FOUND:
        assert clearances.at(found.path[1:]).min() >= 0.36
        assert np.hypot(*np.diff(found.path, axis=0).T).max() < 0.8
