"""The robot starts no tour that it cannot finish, and leaves for the charger while it can still reach it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2
from aisle.messages.visit import Screen, VisitState
from aisle_behaviour import arbiter
from aisle_behaviour.energy import EnergyBudget, can_finish, is_empty, must_leave_at, tour_cost
from aisle_behaviour.tree import Behaviours
from aisle_behaviour.ways import WayLength, nowhere_planned
from aisle_behaviour.world import MissionSettings, ScreenView, Tour, Travel, World

HOME, DOCK, SHELF = Pose2(1.0, 1.0, 0.0), Pose2(0.5, 3.0, 1.57), Pose2(30.0, 20.0, 1.0)
TOUR = Tour("s1", 7, "bay", SHELF)
NEAR_TOUR = replace(TOUR, product_id=8, shelf_pose_map=Pose2(3.0, 3.0, 0.0))
SMALL = EnergyBudget(capacity_wh=15.0)
QUIET = World(
    now_s=0.0, pose_map=HOME, localized=True, stopped=False, travel=Travel.IDLE, screen=None, battery_fraction=1.0
)

places = st.builds(Pose2, st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.just(0.0))


ways_m = st.floats(0.0, 300.0)


@given(ways_m, ways_m, st.floats(0.0, 600.0))
def test_whoever_can_finish_a_tour_still_reaches_the_charger(
    to_shelf_m: float, to_charger_m: float, stay_s: float
) -> None:
    cost = tour_cost(SMALL, to_shelf_m, to_charger_m, stay_s, empty=0.03)
    left = cost.needed - cost.tour
    assert left >= 0.03 + SMALL.drive_share(to_charger_m)
    assert can_finish(cost.needed, cost)
    assert not can_finish(cost.needed - 1e-6, cost)


@given(ways_m, ways_m)
def test_the_longer_the_way_to_the_charger_the_earlier_it_leaves(one_m: float, other_m: float) -> None:
    near, far = (must_leave_at(SMALL, way_m, 0.03, 0.0) for way_m in sorted((one_m, other_m)))
    assert near <= far
    assert far - 0.03 >= SMALL.drive_share(max(one_m, other_m))


def test_the_way_costs_what_the_robot_draws_for_as_long_as_it_drives() -> None:
    budget = EnergyBudget(capacity_wh=105.0, idle_w=45.0, drive_w=60.0, usual_mps=0.5)
    assert budget.drive_share(1800.0) == pytest.approx(1.0)


@given(places, places, st.floats(0.0, 500.0))
def test_a_way_is_as_long_as_planned_and_never_shorter_than_the_straight_line(
    here: Pose2, there: Pose2, planned_m: float
) -> None:
    way_m = SMALL.way_m(here, there, lambda _a, _b: planned_m)
    assert way_m == max(planned_m, here.distance_to(there))


@pytest.mark.parametrize("answer", [None, math.nan, math.inf])
def test_a_way_that_nobody_has_planned_counts_as_twice_the_straight_line(answer: float | None) -> None:
    assert SMALL.way_m(HOME, SHELF, lambda _a, _b: answer) == pytest.approx(2.0 * HOME.distance_to(SHELF))


def mission(budget: EnergyBudget, way_length: WayLength = nowhere_planned) -> Behaviours:
    return Behaviours(MissionSettings(HOME, DOCK, energy=budget), QUIET, way_length)


def charged(charge: float, now_s: float = 0.0, **changes: object) -> World:
    return replace(QUIET, now_s=now_s, battery_fraction=charge, **changes)  # type: ignore[arg-type]


def at_screen(session_id: str, charge: float, now_s: float) -> World:
    return charged(charge, now_s, screen=ScreenView(Screen.PRODUCT, session_id, 1.0))


def test_a_tour_that_it_cannot_finish_is_refused_and_a_short_one_is_not() -> None:
    robot = mission(SMALL)
    robot.step(charged(0.6))
    assert robot.start_tour(TOUR) == arbiter.HAVE_TO_CHARGE
    assert robot.start_tour(NEAR_TOUR) == ""


def test_a_full_battery_goes_anywhere() -> None:
    robot = mission(SMALL)
    robot.step(QUIET)
    assert robot.start_tour(TOUR) == ""


def test_the_planned_way_decides_where_it_is_known() -> None:
    winding, straight = (mission(SMALL, lambda a, b, k=k: k * a.distance_to(b)) for k in (6.0, 1.0))  # type: ignore[misc]
    for robot in (winding, straight):
        robot.step(charged(0.9))
    assert winding.start_tour(TOUR) == arbiter.HAVE_TO_CHARGE
    assert straight.start_tour(TOUR) == ""


def test_far_from_the_charger_it_leaves_earlier_than_near_it() -> None:
    near, far = mission(SMALL), mission(SMALL)
    assert near.step(charged(0.3)).visit is VisitState.WAITING
    assert far.step(charged(0.3, pose_map=SHELF)).visit is VisitState.CHARGING


def test_the_longer_planned_way_to_the_charger_sends_it_off_earlier() -> None:
    winding = mission(SMALL, lambda _a, _b: 70.0)
    assert winding.step(charged(0.3)).goal_map == DOCK


def test_having_refused_it_ends_the_visit_politely_calls_a_colleague_and_then_charges_for_such_a_tour() -> None:
    robot = mission(SMALL)
    robot.step(at_screen("s1", 0.6, 0.0))
    assert robot.start_tour(TOUR) == arbiter.HAVE_TO_CHARGE
    during = robot.step(at_screen("s1", 0.6, 1.0))
    assert (during.visit, during.goal_map, during.sentence) == (VisitState.CALLING, None, arbiter.CANNOT_LEAD)
    assert robot.step(at_screen("s1", 0.6, 2.0)).sentence == ""
    after = robot.step(charged(0.6, 60.0))
    assert (after.visit, after.goal_map) == (VisitState.CHARGING, DOCK)
    assert robot.step(charged(0.65, 600.0, pose_map=DOCK)).visit is VisitState.CHARGING
    assert robot.step(charged(0.7, 900.0, pose_map=DOCK)).visit is VisitState.RETURNING
    robot.step(charged(0.69, 920.0))
    assert robot.start_tour(TOUR) == ""


def test_a_low_robot_calls_a_colleague_for_whom_it_refuses_too() -> None:
    robot = mission(SMALL)
    robot.step(at_screen("s1", 0.1, 0.0))
    assert robot.start_tour(NEAR_TOUR) == arbiter.HAVE_TO_CHARGE
    assert robot.step(at_screen("s1", 0.1, 1.0)).visit is VisitState.CALLING
    assert robot.step(charged(0.1, 60.0)).goal_map == DOCK


def test_the_next_shopper_is_served_and_not_called_for() -> None:
    robot = mission(SMALL)
    robot.step(at_screen("s1", 0.6, 0.0))
    robot.start_tour(TOUR)
    assert robot.step(at_screen("s2", 0.6, 5.0)).visit is VisitState.SERVING


def test_whoever_takes_a_short_tour_after_all_is_led_and_then_it_charges() -> None:
    robot = mission(SMALL)
    robot.step(at_screen("s1", 0.6, 0.0))
    robot.start_tour(TOUR)
    assert robot.start_tour(NEAR_TOUR) == ""
    assert robot.step(charged(0.6, 1.0, follower_m=1.0)).visit is VisitState.GUIDING
    assert robot.end_tour("s1")
    assert robot.step(charged(0.6, 20.0)).visit is VisitState.CHARGING


def test_a_tour_that_no_battery_is_enough_for_does_not_keep_it_at_the_charger_for_ever() -> None:
    robot = mission(EnergyBudget(capacity_wh=2.0))
    robot.step(QUIET)
    assert robot.start_tour(TOUR) == arbiter.HAVE_TO_CHARGE
    assert robot.step(charged(1.0, 1.0, pose_map=HOME)).visit is VisitState.WAITING


# A charge that is not known: every question of the mission, once.


def test_an_unknown_charge_is_not_enough_for_a_tour() -> None:
    assert not can_finish(math.nan, tour_cost(SMALL, 0.0, 0.0, 0.0, 0.0))


def test_an_unknown_charge_is_not_empty() -> None:
    assert not is_empty(math.nan, 0.03)
    assert is_empty(0.03, 0.03)
    assert not is_empty(0.04, 0.03)


def test_with_an_unknown_charge_no_tour_starts_and_it_says_so_and_calls() -> None:
    robot = mission(SMALL)
    robot.step(at_screen("s1", math.nan, 0.0))
    assert robot.start_tour(NEAR_TOUR) == arbiter.CHARGE_UNKNOWN
    assert robot.step(at_screen("s1", math.nan, 1.0)).visit is VisitState.CALLING


def test_a_tour_under_way_is_finished_although_the_charge_is_no_longer_known() -> None:
    robot = mission(SMALL)
    assert robot.start_tour(NEAR_TOUR) == ""
    for second in range(100):
        orders = robot.step(charged(math.nan, float(second), follower_m=1.0, travel=Travel.DRIVING))
        assert (orders.visit, orders.goal_map) == (VisitState.GUIDING, NEAR_TOUR.shelf_pose_map)


def test_a_charge_that_is_not_known_for_a_moment_sends_it_nowhere_and_for_long_to_the_charger() -> None:
    robot = mission(SMALL)
    seen = [robot.step(charged(math.nan, float(second))) for second in range(60)]
    assert {orders.visit for orders in seen[:30]} == {VisitState.WAITING}
    assert (seen[-1].visit, seen[-1].goal_map) == (VisitState.CHARGING, DOCK)
    assert robot.step(charged(math.nan, 90.0, pose_map=DOCK)).goal_map is None
    assert robot.step(charged(0.9, 100.0, pose_map=DOCK)).visit is VisitState.RETURNING


def test_short_gaps_do_not_add_up() -> None:
    robot = mission(SMALL)
    for second in range(0, 200, 10):
        assert robot.step(charged(math.nan if second % 20 else 0.9, float(second))).visit is VisitState.WAITING


def test_a_charger_that_an_unknown_charge_cannot_reach_is_tried_again_after_a_while() -> None:
    robot = mission(SMALL)
    for second in range(40):
        robot.step(charged(math.nan, float(second)))
    assert robot.step(charged(math.nan, 41.0, travel=Travel.FAILED)).goal_map is None
    assert robot.step(charged(math.nan, 80.0)).goal_map == DOCK


def test_a_gap_after_a_long_tour_is_as_short_as_any_other() -> None:
    robot = mission(SMALL)
    assert robot.start_tour(NEAR_TOUR) == ""
    for second in range(100):
        robot.step(charged(0.9, float(second), follower_m=1.0, travel=Travel.DRIVING))
    robot.end_tour("s1")
    robot.step(charged(0.9, 101.0))
    assert robot.step(charged(math.nan, 110.0)).visit is VisitState.WAITING


# When a tour hangs on the length of its ways.


@pytest.mark.parametrize(
    ("charge", "changes", "hangs"),
    [
        (1.0, {}, True),
        (0.6, {}, True),
        (0.1, {}, False),
        (math.nan, {}, False),
        (1.0, {"stopped": True}, False),
        (1.0, {"pose_map": None}, False),
    ],
)
def test_ways_are_asked_for_where_they_decide(charge: float, changes: dict[str, object], hangs: bool) -> None:
    robot = mission(SMALL)
    robot.step(charged(charge, 1.0, **changes))
    assert robot.hangs_on_ways(TOUR) is hangs


def test_a_near_tour_and_one_under_way_hang_on_nothing() -> None:
    robot = mission(SMALL)
    robot.step(charged(1.0, 1.0))
    assert not robot.hangs_on_ways(NEAR_TOUR)
    assert robot.start_tour(TOUR) == ""
    assert not robot.hangs_on_ways(TOUR)
