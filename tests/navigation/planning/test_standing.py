import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPoint, Point

from aisle.sensing import Person
from aisle_navigation.planning.kernels.hulls import distance_from, distances_from
from aisle_navigation.planning.planner import Planner, PlanOutcome
from aisle_navigation.planning.standing import (
    Kind,
    Standing,
    convex_hull,
    group,
    person,
    standing_still,
    thing,
    together,
    usable,
)  # fmt: skip
from tests.navigation.rooms import grid, room, with_box

ROOM = grid(room())
PLANNER = Planner(ROOM)
START, GOAL = (1.0, 4.0), (9.0, 4.0)
# To the micrometre: over distances near 1e-291 the geometry library that is compared with overflows.
METRES = st.floats(-9.0, 9.0).map(lambda metres: round(metres, 6))
PLACES = st.tuples(METRES, METRES)


def nearest_m(path: np.ndarray, standing: Standing) -> float:
    return float(distances_from(standing.corners_map, path).min())


@given(st.lists(PLACES, min_size=1, max_size=9), PLACES)
def test_distances_from_a_hull_are_those_of_geometry(
    members: list[tuple[float, float]], at: tuple[float, float]
) -> None:
    expected = MultiPoint(members).convex_hull.distance(Point(at))
    assert distance_from(convex_hull(members), *at) == pytest.approx(expected, abs=1e-6)


def test_a_person_on_the_way_is_passed_at_a_distance() -> None:
    somebody = person(5.0, 4.0)
    assert nearest_m(PLANNER.plan(START, GOAL, [somebody]).path, somebody) > 0.6
    assert nearest_m(PLANNER.plan(START, GOAL).path, somebody) < 0.2


def test_nobody_cuts_through_a_group_where_two_strangers_are_passed_between() -> None:
    members = [(5.0, 2.6), (5.0, 5.4)]
    between = PLANNER.plan(START, GOAL, [person(*member) for member in members])
    assert np.abs(between.path[:, 1] - 4.0).max() < 0.5
    together = group(members)
    around = PLANNER.plan(START, GOAL, [together])
    assert around.outcome is PlanOutcome.FOUND
    assert nearest_m(around.path, together) > 0.55


def test_walls_are_not_passed_where_people_may_be_hoped_to_step_aside() -> None:
    aisle = grid(with_box(with_box(room(), 3.0, 0.0, 7.0, 3.4), 3.0, 4.6, 7.0, 8.0))
    somebody = person(5.0, 4.0)
    assert Planner(aisle).plan(START, GOAL, [somebody]).outcome is PlanOutcome.FOUND
    assert Planner(aisle).plan(START, GOAL, walls=[somebody]).outcome is PlanOutcome.NO_VALID_PATH


def test_a_thing_on_the_way_is_gone_around() -> None:
    box = thing(5.0, 4.0)
    assert nearest_m(PLANNER.plan(START, GOAL, [box]).path, box) > 0.5


@pytest.mark.parametrize("x_m", [math.nan, math.inf, 1e9, -1e300])
def test_what_stands_nowhere_on_the_map_is_no_matter(x_m: float) -> None:
    found = PLANNER.plan(START, GOAL, [person(x_m, 4.0), thing(4.0, x_m), group([])])
    assert found.outcome is PlanOutcome.FOUND
    assert found.cost_m == PLANNER.plan(START, GOAL).cost_m


def test_only_those_who_stand_still_count() -> None:
    people = [Person(1, 1.0, 2.0, 0.1, 0.0, 0.25), Person(2, 3.0, 2.0, 0.5, 0.0, 0.3)]
    assert [tuple(one.corners_map[0]) for one in standing_still(people)] == [(1.0, 2.0)]


def test_a_lost_track_and_an_empty_group_are_dropped() -> None:
    kept = usable([person(math.nan, 1.0), group([]), thing(1.0, 1.0)])
    assert [one.kind for one in kept] == [Kind.THING]


@given(st.lists(PLACES, min_size=3, max_size=12))
def test_a_hull_turns_left_at_every_corner(members: list[tuple[float, float]]) -> None:
    hull = convex_hull(members)
    if len(hull) < 3:
        return
    along = np.diff(np.vstack((hull, hull[:2])), axis=0)
    assert (along[:-1, 0] * along[1:, 1] - along[:-1, 1] * along[1:, 0] >= 0.0).all()


def test_who_stands_near_one_another_is_one_group_and_others_stay_alone() -> None:
    talking = [person(2.0, 2.0), person(2.9, 2.0), person(3.8, 2.3)]
    alone = person(7.0, 2.0)
    found = sorted(together([talking[0], alone, *talking[1:]]), key=lambda one: float(one.corners_map[0, 0]))
    assert [one.kind for one in found] == [Kind.GROUP, Kind.PERSON]
    assert len(found[0].corners_map) == 3
    assert together([]) == []


@given(st.lists(st.tuples(st.floats(0.0, 5.0), st.floats(0.0, 5.0)), max_size=12, unique=True))
def test_grouping_loses_nobody_and_keeps_groups_apart(places: list[tuple[float, float]]) -> None:
    found = together([person(*place) for place in places], within_m=1.0)
    for x_m, y_m in places:
        nearest = min(distance_from(one.corners_map, x_m, y_m) for one in found)
        assert nearest == pytest.approx(0.0, abs=1e-9)
    alone = [one for one in found if one.kind is Kind.PERSON]
    for one in alone:
        others = [place for place in places if place != tuple(one.corners_map[0])]
        assert all(math.hypot(x - one.corners_map[0, 0], y - one.corners_map[0, 1]) >= 1.0 for x, y in others)
