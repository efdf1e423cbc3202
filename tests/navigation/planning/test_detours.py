import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle_navigation.planning.detours import Choice, DetourSettings, Leg, decide, extra_cost_m, first_blockage, weigh
from aisle_navigation.planning.planner import NO_PLAN, Plan, Planner, PlanOutcome
from aisle_navigation.planning.standing import group, person, thing
from tests.navigation.rooms import grid, room, with_box

AHEAD = np.column_stack((np.arange(0.0, 8.0, 0.1), np.zeros(80)))
ROBOT_M = 0.25
TWO_AISLES = grid(
    with_box(with_box(with_box(room(12.0, 8.0), 3.0, 0.0, 9.0, 2.0), 3.0, 3.2, 9.0, 4.8), 3.0, 6.0, 9.0, 8.0)
)
"""Two aisles along x, 1.2 m wide: the middles are at y = 2.6 m and y = 5.4 m."""

PLANNER = Planner(TWO_AISLES)
START, GOAL = (1.5, 2.6), (10.5, 2.6)


def plan_of(cost_m: float) -> Plan:
    return Plan(PlanOutcome.FOUND, AHEAD, None, cost_m)


def leg(waited_s: float) -> Leg:
    return Leg(START, GOAL, PLANNER.plan(START, GOAL).path, waited_s)


def test_somebody_on_the_way_blocks_it_where_the_robot_would_touch() -> None:
    found = first_blockage(AHEAD, [person(3.0, 0.2)], ROBOT_M)
    assert found is not None
    assert found.distance_m == pytest.approx(3.0 - math.sqrt(0.6**2 - 0.2**2), abs=0.1)


@pytest.mark.parametrize("place", [(3.0, 0.7), (6.0, 0.0), (-1.0, 0.0)])
def test_somebody_beside_behind_or_far_ahead_does_not_block(place: tuple[float, float]) -> None:
    assert first_blockage(AHEAD, [person(*place)], ROBOT_M) is None


def test_somebody_whom_the_robot_stands_beside_does_not_block_the_way_out() -> None:
    assert first_blockage(AHEAD, [person(-0.4, 0.2)], ROBOT_M) is None
    assert first_blockage(AHEAD, [person(0.4, 0.2)], ROBOT_M) is not None


def test_the_nearest_of_many_is_named() -> None:
    found = first_blockage(AHEAD, [thing(3.5, 0.0), group([(2.0, -1.0), (2.0, 1.0)]), person(math.nan, 0.0)], ROBOT_M)
    assert found is not None
    assert found.by.kind.value == "a group of people"


def test_an_empty_path_is_not_blocked() -> None:
    assert first_blockage(np.zeros((0, 2)), [person(0.0, 0.0)], ROBOT_M) is None


def test_a_free_way_is_gone_on_without_planning_again() -> None:
    assert weigh(PLANNER, leg(0.0), [person(6.0, 5.4)], ROBOT_M).choice is Choice.GO_ON


def test_a_blocked_aisle_is_waited_for_and_then_the_other_one_is_taken() -> None:
    somebody, patient = person(6.0, 2.6), DetourSettings(look_ahead_m=6.0, first_guess_s=1.0)
    at_first = weigh(PLANNER, leg(0.0), [somebody], ROBOT_M, patient)
    assert at_first.choice is Choice.WAIT
    assert at_first.route.path[:, 1].max() < 3.0
    later = weigh(PLANNER, leg(at_first.extra_s + 0.1), [somebody], ROBOT_M, patient)
    assert later.choice is Choice.GO_ROUND
    assert later.route.path[:, 1].max() > 5.0


def test_nobody_waits_for_a_thing_to_step_aside() -> None:
    decision = weigh(PLANNER, leg(0.0), [thing(5.0, 2.6)], ROBOT_M, DetourSettings(look_ahead_m=6.0))
    assert decision.choice is Choice.GO_ROUND
    assert decision.expected_wait_s == math.inf


def test_where_no_way_leads_round_waiting_is_all_there_is() -> None:
    blockage = first_blockage(AHEAD, [thing(3.0, 0.0)], ROBOT_M)
    decision = decide(blockage, plan_of(8.0), NO_PLAN, waited_s=300.0)
    assert decision.choice is Choice.WAIT
    assert decision.extra_s == math.inf


@given(st.floats(0.0, 60.0), st.floats(0.0, 200.0), st.floats(0.0, 60.0))
def test_waiting_and_detour_together_cost_at_most_twice_the_better_of_both(
    extra_m: float, stays_s: float, guess_s: float
) -> None:
    """Plays it out second by second for somebody who goes after `stays_s`."""
    settings = DetourSettings(cruise_mps=1.0, first_guess_s=guess_s)
    blockage = first_blockage(AHEAD, [person(3.0, 0.0)], ROBOT_M)
    waited_s, step_s = 0.0, 0.5
    while waited_s < stays_s:
        if decide(blockage, plan_of(8.0), plan_of(8.0 + extra_m), waited_s, settings).choice is Choice.GO_ROUND:
            waited_s += extra_m
            break
        waited_s += step_s
    assert waited_s <= max(2.0 * min(extra_m, stays_s), guess_s) + step_s


def test_a_detour_that_is_cheaper_than_the_way_costs_nothing() -> None:
    assert extra_cost_m(plan_of(8.0), plan_of(7.0)) == 0.0
    assert extra_cost_m(NO_PLAN, plan_of(7.0)) == 0.0
