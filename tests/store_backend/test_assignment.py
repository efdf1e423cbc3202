from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.messages.robot import TaskKind
from store_backend.assignment import FreeRobot, OpenTask, assign

VISIT, PATROL, CHARGE = TaskKind
PLACES = st.integers(0, 80).map(float)
THREE_PLACES = st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=3)
BATTERIES = st.sampled_from([0.1, 0.5, 1.0])


def robot(name: str, x_m: float = 0.0, battery_fraction: float = 0.5) -> FreeRobot:
    return FreeRobot(name, x_m, 0.0, battery_fraction)


def task(name: str, kind: TaskKind = VISIT, x_m: float = 0.0, waiting_s: float = 0.0) -> OpenTask:
    return OpenTask(name, kind, x_m, 0.0, waiting_s)


def test_the_robots_drive_least_in_all_even_if_one_of_them_drives_more() -> None:
    """The nearest robot to each task by itself would be `a` for both; greedy choice drives 1 + 20 m, this 9 + 10 m."""
    given_out = assign([robot("a", 10.0), robot("b", 0.0)], [task("t", x_m=9.0), task("u", x_m=20.0)])
    assert given_out == {"a": "u", "b": "t"}


def test_a_visit_comes_before_a_patrol_however_far_it_is() -> None:
    assert assign([robot("a")], [task("near", PATROL), task("far", VISIT, 500.0)]) == {"a": "far"}


def test_of_visits_at_one_distance_the_one_that_waits_longest_comes_first() -> None:
    assert assign([robot("a")], [task("new", x_m=5.0), task("old", x_m=5.0, waiting_s=60.0)]) == {"a": "old"}


def test_a_robot_that_is_nearly_empty_charges_and_does_nothing_else() -> None:
    tasks = [task("visit", VISIT), task("dock", CHARGE, 80.0)]
    assert assign([robot("low", battery_fraction=0.2)], tasks) == {"low": "dock"}
    assert assign([robot("low", battery_fraction=0.2)], tasks[:1]) == {}
    both = assign([robot("low", battery_fraction=0.2), robot("fit", 80.0)], tasks)
    assert both == {"low": "dock", "fit": "visit"}


def test_a_robot_with_nothing_better_to_do_charges_unless_it_is_full() -> None:
    assert assign([robot("a", battery_fraction=0.6)], [task("dock", CHARGE)]) == {"a": "dock"}
    assert assign([robot("a", battery_fraction=0.95)], [task("dock", CHARGE)]) == {}
    patrol_first = assign([robot("a", battery_fraction=0.6)], [task("dock", CHARGE), task("round", PATROL, 50.0)])
    assert patrol_first == {"a": "round"}


@pytest.mark.parametrize(("robots", "tasks"), [([], [task("t")]), ([robot("a")], [])])
def test_without_robots_or_tasks_nobody_is_sent(robots: list[FreeRobot], tasks: list[OpenTask]) -> None:
    assert assign(robots, tasks) == {}


@given(
    st.lists(st.tuples(PLACES, PLACES, BATTERIES), max_size=4),
    st.lists(st.tuples(st.sampled_from(TaskKind), PLACES, PLACES), max_size=4),
)
def test_every_robot_has_one_task_and_every_task_one_robot(
    places: list[tuple[float, float, float]], wishes: list[tuple[TaskKind, float, float]]
) -> None:
    robots = [FreeRobot(f"r{n}", *place) for n, place in enumerate(places)]
    tasks = [OpenTask(f"t{n}", *wish, 0.0) for n, wish in enumerate(wishes)]
    given_out = assign(robots, tasks)
    assert len(set(given_out.values())) == len(given_out)
    visits = [one for one in tasks if one.kind is VISIT]
    fit = [one for one in robots if one.battery_fraction >= 0.25]
    assert len({one.task_id for one in visits} & set(given_out.values())) == min(len(visits), len(fit))


@given(
    st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=3),
    st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=3),
)
def test_no_other_assignment_of_visits_drives_less(
    places: list[tuple[float, float]], wishes: list[tuple[float, float]]
) -> None:
    robots = [FreeRobot(f"r{n}", *place, 0.5) for n, place in enumerate(places)]
    tasks = [OpenTask(f"t{n}", VISIT, *wish, 0.0) for n, wish in enumerate(wishes)]
    given_out = assign(robots, tasks)
    driven_m = sum(math.dist(places[n], wishes[int(given_out[f"r{n}"][1])]) for n in range(3))
    least_m = min(
        sum(math.dist(place, wishes[column]) for place, column in zip(places, order, strict=True))
        for order in itertools.permutations(range(3))
    )
    assert driven_m == pytest.approx(least_m)
