"""What the mission does with a task of the store: it does it, says so, and lets every shopper come first."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2
from aisle.messages.robot import TaskKind
from aisle.messages.visit import Screen, VisitState
from aisle_behaviour import arbiter
from aisle_behaviour.errand import EMPTY, MUST_CHARGE, NO_WAY, Errand, ErrandReport, ErrandState
from aisle_behaviour.tree import Behaviours
from aisle_behaviour.world import Orders, ScreenView, Travel
from tests.behaviour.test_tree import IN_USE, TOUR, at, behaviours

PLACE = Pose2(6.0, 2.0, 1.0)
PATROL = Errand("round", TaskKind.PATROL, PLACE)
VISIT = Errand("call", TaskKind.VISIT, PLACE)
CHARGE = Errand("dock", TaskKind.CHARGE, PLACE)


def sent_on(errand: Errand = PATROL) -> Behaviours:
    mission = behaviours()
    mission.give_errand(errand)
    assert mission.errand_report() == ErrandReport(errand.task_id, ErrandState.GIVEN)
    assert mission.step(at(1.0, travel=Travel.IDLE)) == Orders(VisitState.ERRAND, PLACE)
    return mission


def state(mission: Behaviours) -> ErrandState:
    return mission.errand_report().state


def test_a_robot_on_patrol_goes_there_stands_for_a_moment_and_goes_home() -> None:
    mission = sent_on()
    assert state(mission) is ErrandState.BEGUN
    mission.step(at(9.0, travel=Travel.DRIVING))
    there = at(10.0, travel=Travel.ARRIVED, pose_map=PLACE)
    assert mission.step(there) == Orders(VisitState.ERRAND)
    assert state(mission) is ErrandState.BEGUN
    mission.step(replace(there, now_s=15.0, travel=Travel.IDLE))
    assert mission.errand_report() == ErrandReport("round", ErrandState.DONE)
    assert mission.step(replace(there, now_s=15.1, travel=Travel.IDLE)).visit is VisitState.RETURNING


def test_a_robot_that_was_called_waits_for_its_shopper() -> None:
    mission = sent_on(VISIT)
    mission.step(at(10.0, travel=Travel.ARRIVED, pose_map=PLACE))
    mission.step(at(60.0, pose_map=PLACE))
    assert state(mission) is ErrandState.BEGUN
    mission.step(at(70.0, pose_map=PLACE))
    assert state(mission) is ErrandState.DONE


def test_a_robot_that_was_sent_to_charge_stays_until_it_is_full_and_never_believes_an_unknown_charge() -> None:
    mission = sent_on(CHARGE)
    for charge in (0.2, 0.9, math.nan):
        mission.step(at(500.0, travel=Travel.ARRIVED, pose_map=PLACE, battery_fraction=charge))
        assert state(mission) is ErrandState.BEGUN
    mission.step(at(600.0, pose_map=PLACE, battery_fraction=0.96))
    assert state(mission) is ErrandState.DONE


def test_where_no_way_leads_the_task_is_refused_with_the_reason() -> None:
    mission = sent_on()
    mission.step(at(2.0, travel=Travel.FAILED))
    assert mission.errand_report() == ErrandReport("round", ErrandState.REFUSED, NO_WAY)
    assert mission.step(at(3.0)).visit is VisitState.WAITING


@pytest.mark.parametrize(("charge", "reason"), [(0.1, MUST_CHARGE), (0.02, EMPTY)])
def test_a_battery_that_is_low_refuses_the_task_and_the_robot_charges(charge: float, reason: str) -> None:
    mission = behaviours()
    mission.give_errand(VISIT)
    assert mission.step(at(1.0, battery_fraction=charge)).visit is VisitState.CHARGING
    assert mission.errand_report() == ErrandReport("call", ErrandState.REFUSED, reason)


def test_a_robot_whose_battery_is_low_goes_to_the_charger_that_the_store_chose() -> None:
    mission = behaviours()
    mission.give_errand(CHARGE)
    assert mission.step(at(1.0, battery_fraction=0.1)) == Orders(VisitState.ERRAND, PLACE)


def test_a_tour_comes_before_a_task_which_goes_on_afterwards() -> None:
    mission = sent_on()
    assert mission.start_tour(TOUR) == ""
    assert mission.step(at(2.0, follower_m=1.0)).visit is VisitState.GUIDING
    assert state(mission) is ErrandState.BEGUN
    mission.end_tour("s1")
    assert mission.step(at(3.0)).visit is VisitState.THANKING
    assert mission.step(at(60.0)) == Orders(VisitState.ERRAND, PLACE)


def test_a_tour_after_the_arrival_makes_the_robot_go_there_again() -> None:
    mission = sent_on(VISIT)
    mission.step(at(10.0, travel=Travel.ARRIVED, pose_map=PLACE))
    mission.step(at(11.0, pose_map=PLACE, screen=IN_USE))
    assert mission.step(at(80.0)) == Orders(VisitState.ERRAND, PLACE)
    assert state(mission) is ErrandState.BEGUN


SCREENS = st.none() | st.builds(ScreenView, st.sampled_from(Screen), st.just("s1"), st.floats(0.0, 100.0))


@given(screen=SCREENS, engaged=st.none() | st.just(4), on_tour=st.booleans(), stopped=st.booleans())
def test_the_robot_never_drives_for_a_task_while_a_shopper_needs_it(
    screen: ScreenView | None, engaged: int | None, on_tour: bool, stopped: bool
) -> None:
    mission = sent_on()
    if on_tour:
        mission.start_tour(TOUR)
    orders = mission.step(at(2.0, screen=screen, engaged_id=engaged, stopped=stopped, follower_m=1.0))
    in_use = screen is not None and (screen.screen is Screen.GUIDING or is_touched(screen))
    if on_tour or stopped or in_use or engaged is not None:
        assert orders.goal_map != PLACE
    else:
        assert orders == Orders(VisitState.ERRAND, PLACE)


def is_touched(screen: ScreenView) -> bool:
    return screen.screen is not Screen.ATTRACT and screen.idle_s < 45.0


def test_a_task_that_is_told_again_goes_on_and_one_that_is_withdrawn_ends() -> None:
    mission = sent_on()
    mission.give_errand(PATROL)
    assert state(mission) is ErrandState.BEGUN
    mission.give_errand(None)
    assert mission.errand_report() == ErrandReport()
    assert mission.step(at(2.0, travel=Travel.DRIVING)).visit is VisitState.WAITING


def test_a_task_that_is_over_stays_over_until_the_store_has_heard_so() -> None:
    mission = sent_on()
    mission.step(at(2.0, travel=Travel.FAILED))
    mission.give_errand(PATROL)
    assert state(mission) is ErrandState.REFUSED
    mission.give_errand(VISIT)
    assert mission.errand_report() == ErrandReport("call", ErrandState.GIVEN)


NEXT = Errand("next", TaskKind.PATROL, Pose2(2.0, 7.0, 0.0))


@pytest.mark.parametrize("end", [Travel.ARRIVED, Travel.FAILED])
def test_a_task_that_takes_the_place_of_another_does_not_take_over_how_that_one_ended(end: Travel) -> None:
    mission = sent_on(VISIT)
    mission.step(at(5.0, travel=Travel.DRIVING))
    mission.give_errand(NEXT)
    assert mission.step(at(5.1, travel=end)) == Orders(VisitState.ERRAND, NEXT.place_map)
    assert mission.errand_report() == ErrandReport("next", ErrandState.BEGUN)
    assert mission.step(at(5.2, travel=Travel.DRIVING)) == Orders(VisitState.ERRAND, NEXT.place_map)
    mission.step(at(9.0, travel=Travel.ARRIVED, pose_map=NEXT.place_map))
    assert state(mission) is ErrandState.BEGUN
    mission.step(at(14.0, pose_map=NEXT.place_map))
    assert mission.errand_report() == ErrandReport("next", ErrandState.DONE)


def test_a_stop_by_the_staff_is_named_once_each_time() -> None:
    mission = behaviours()
    held = at(1.0, stopped=True, stopped_by_store=True)
    assert mission.step(held) == Orders(VisitState.STOPPED, None, arbiter.STOPPED_BY_STAFF)
    assert mission.step(held).sentence == ""
    assert mission.step(at(2.0, stopped=True)).sentence == ""
    assert mission.step(held).sentence == arbiter.STOPPED_BY_STAFF
