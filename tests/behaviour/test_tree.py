import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.geometry import Pose2
from aisle.messages.visit import Screen, VisitState
from aisle_behaviour import arbiter
from aisle_behaviour.tree import Behaviours
from aisle_behaviour.world import MissionSettings, Orders, ScreenView, Tour, Travel, World

HOME = Pose2(1.0, 1.0, 0.0)
DOCK = Pose2(0.5, 3.0, 1.57)
SHELF = Pose2(9.0, 9.0, 1.0)
TOUR = Tour("s1", 7, "bay", SHELF)
QUIET = World(
    now_s=0.0, pose_map=HOME, localized=True, stopped=False, travel=Travel.IDLE, screen=None, battery_fraction=1.0
)
IN_USE = ScreenView(Screen.HOME, "s1", 1.0)


def behaviours() -> Behaviours:
    return Behaviours(MissionSettings(HOME, DOCK), QUIET)


def at(now_s: float, **changes: object) -> World:
    return replace(QUIET, now_s=now_s, **changes)  # type: ignore[arg-type]


def on_tour() -> Behaviours:
    mission = behaviours()
    assert mission.start_tour(TOUR) == ""
    orders = mission.step(at(0.1, follower_m=1.0))
    assert (orders.visit, orders.goal_map, orders.sentence) == (VisitState.GUIDING, SHELF, arbiter.FOLLOW)
    return mission


@pytest.mark.parametrize(
    ("changes", "visit"),
    [
        ({}, VisitState.WAITING),
        ({"nearest_person_m": 3.0}, VisitState.NOTICED),
        ({"engaged_id": 4, "nearest_person_m": 1.0}, VisitState.GREETING),
        ({"screen": IN_USE, "engaged_id": 4}, VisitState.SERVING),
        ({"screen": replace(IN_USE, idle_s=100.0)}, VisitState.WAITING),
        ({"screen": replace(IN_USE, screen=Screen.ATTRACT)}, VisitState.WAITING),
        ({"pose_map": Pose2(5.0, 5.0, 0.0)}, VisitState.RETURNING),
        ({"pose_map": None}, VisitState.STOPPED),
        ({"localized": False, "screen": IN_USE}, VisitState.STOPPED),
        ({"stopped": True, "engaged_id": 4}, VisitState.STOPPED),
        ({"localized": False, "needs_staff": True, "screen": IN_USE}, VisitState.ASTRAY),
        ({"localized": False, "needs_staff": True, "stopped": True}, VisitState.STOPPED),
        ({"localized": False, "needs_staff": True, "pose_map": None}, VisitState.ASTRAY),
    ],
)
def test_what_matters_most_decides(changes: dict[str, object], visit: VisitState) -> None:
    assert behaviours().step(at(1.0, **changes)).visit is visit


def test_each_person_is_greeted_once() -> None:
    mission = behaviours()
    said = [mission.step(at(float(second), engaged_id=4)).sentence for second in range(60)]
    assert said.count(arbiter.GREETING) == 1


def test_two_people_are_not_greeted_in_one_breath() -> None:
    mission = behaviours()
    assert mission.step(at(1.0, engaged_id=4)).sentence == arbiter.GREETING
    assert mission.step(at(2.0, engaged_id=5)).sentence == ""
    assert mission.step(at(30.0, engaged_id=5)).sentence == arbiter.GREETING


def test_it_waits_for_a_lost_follower_and_goes_on() -> None:
    mission = on_tour()
    mission.step(at(1.0, follower_m=math.inf, travel=Travel.DRIVING))
    lost = mission.step(at(3.0, follower_m=math.inf, travel=Travel.DRIVING))
    assert (lost.visit, lost.goal_map, lost.sentence) == (VisitState.PAUSED, None, arbiter.WAITING_FOR_YOU)
    assert mission.step(at(4.0, follower_m=3.0)).visit is VisitState.PAUSED
    assert mission.step(at(5.0, follower_m=2.0)).goal_map == SHELF


def test_a_tour_nobody_follows_ends_by_itself() -> None:
    mission = on_tour()
    for second in range(2, 120):
        orders = mission.step(at(float(second), pose_map=Pose2(5.0, 5.0, 0.0)))
    assert orders.visit is VisitState.RETURNING


def test_a_visit_ends_with_thanks_and_the_way_home() -> None:
    mission = on_tour()
    arrived = mission.step(at(20.0, follower_m=1.0, travel=Travel.ARRIVED, pose_map=SHELF))
    assert (arrived.visit, arrived.goal_map, arrived.sentence) == (VisitState.ARRIVED, None, arbiter.ARRIVED)
    assert mission.end_tour("s1")
    thanks = mission.step(at(21.0, pose_map=SHELF))
    assert (thanks.visit, thanks.sentence) == (VisitState.THANKING, arbiter.GOODBYE)
    assert mission.step(at(30.0, pose_map=SHELF)).goal_map == HOME
    assert mission.step(at(60.0, pose_map=HOME, travel=Travel.ARRIVED)).visit is VisitState.WAITING


def test_the_shelf_is_not_waited_at_for_ever() -> None:
    mission = on_tour()
    mission.step(at(20.0, follower_m=1.0, travel=Travel.ARRIVED, pose_map=SHELF))
    mission.step(at(100.0, pose_map=SHELF))
    assert mission.step(at(110.0, pose_map=SHELF)).visit is VisitState.RETURNING


def test_a_blocked_way_calls_a_person_and_stands_still() -> None:
    mission = on_tour()
    orders = mission.step(at(50.0, follower_m=1.0, travel=Travel.FAILED))
    assert (orders.visit, orders.goal_map, orders.sentence) == (VisitState.CALLING, None, arbiter.CANNOT_PASS)
    assert mission.step(at(51.0, follower_m=1.0)).sentence == ""


def test_a_blocked_way_is_tried_again_after_a_while() -> None:
    mission = on_tour()
    mission.step(at(50.0, follower_m=1.0, travel=Travel.FAILED))
    assert mission.step(at(60.0, follower_m=1.0)).visit is VisitState.CALLING
    again = mission.step(at(66.0, follower_m=1.0))
    assert (again.visit, again.goal_map) == (VisitState.GUIDING, SHELF)
    assert mission.step(at(67.0, follower_m=1.0, travel=Travel.FAILED)).visit is VisitState.CALLING


def test_it_asks_to_pass_once_for_each_obstacle() -> None:
    mission = on_tour()
    ways = [Travel.WAITING, Travel.WAITING, Travel.DRIVING, Travel.WAITING]
    said = [mission.step(at(1.0 + k, follower_m=1.0, travel=way)).sentence for k, way in enumerate(ways)]
    assert said.count(arbiter.EXCUSE_ME) == 2


def test_another_shopper_cannot_take_over_a_tour() -> None:
    mission = on_tour()
    assert "another shopper" in mission.start_tour(replace(TOUR, session_id="s2"))
    assert not mission.end_tour("s2")
    assert mission.start_tour(replace(TOUR, product_id=8)) == ""


def test_no_tour_starts_while_stopped() -> None:
    mission = Behaviours(MissionSettings(HOME, DOCK), replace(QUIET, stopped=True))
    assert mission.start_tour(TOUR) != ""


worlds = st.builds(
    World,
    now_s=st.floats(0.0, 1.0),
    pose_map=st.none() | st.builds(Pose2, st.floats(0, 40), st.floats(0, 25), st.floats(-3, 3)),
    localized=st.booleans(),
    stopped=st.booleans(),
    travel=st.sampled_from(Travel),
    screen=st.none() | st.builds(ScreenView, st.sampled_from(Screen), st.just("s1"), st.floats(0, 100)),
    nearest_person_m=st.floats(0, 10),
    engaged_id=st.none() | st.integers(1, 3),
    follower_m=st.floats(0, 10),
    battery_fraction=st.just(1.0),
    needs_staff=st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(worlds, st.sampled_from(["", "start", "end"])), max_size=30))
def test_whatever_happens_a_stopped_robot_has_no_goal(story: list[tuple[World, str]]) -> None:
    mission, now_s = behaviours(), 0.0
    for world, event in story:
        now_s += 0.1 + world.now_s
        if event == "start":
            mission.start_tour(TOUR)
        elif event == "end":
            mission.end_tour("s1")
        world = replace(world, now_s=now_s, localized=world.localized and not world.needs_staff)
        orders: Orders = mission.step(world)
        if world.stopped or world.pose_map is None or not world.localized:
            assert orders.visit is (
                VisitState.ASTRAY if world.needs_staff and not world.stopped else VisitState.STOPPED
            )
            assert orders.goal_map is None
        if orders.goal_map is not None:
            assert orders.visit in (VisitState.GUIDING, VisitState.RETURNING)


def low(fraction: float, **changes: object) -> World:
    return at(1.0, battery_fraction=fraction, **changes)


def test_with_a_low_battery_it_goes_to_the_dock_and_stays_until_it_has_enough() -> None:
    mission = behaviours()
    assert mission.step(low(0.10)).goal_map == DOCK
    there = mission.step(low(0.10, pose_map=DOCK))
    assert (there.visit, there.goal_map) == (VisitState.CHARGING, None)
    assert mission.step(low(0.25, pose_map=DOCK)).visit is VisitState.CHARGING
    assert mission.step(low(0.35, pose_map=DOCK)).visit is VisitState.RETURNING


def test_a_charging_robot_starts_no_tour_and_says_why() -> None:
    mission = behaviours()
    mission.step(low(0.10))
    assert mission.start_tour(TOUR) == "I have to charge first."


def test_a_tour_under_way_is_finished_with_a_low_battery() -> None:
    mission = on_tour()
    assert mission.step(low(0.10, follower_m=1.0, travel=Travel.DRIVING)).goal_map == SHELF


def test_an_empty_battery_on_a_tour_calls_a_person_and_says_so() -> None:
    mission = on_tour()
    orders = mission.step(low(0.02, follower_m=1.0, travel=Travel.DRIVING))
    assert (orders.visit, orders.goal_map, orders.sentence) == (VisitState.CALLING, None, arbiter.BATTERY_EMPTY)


def test_an_empty_robot_away_from_the_dock_stays_where_it_is() -> None:
    assert behaviours().step(low(0.02, pose_map=SHELF)).goal_map is None


def test_a_dock_that_could_not_be_reached_is_tried_again_after_a_while() -> None:
    mission = behaviours()
    mission.step(low(0.10))
    assert mission.step(low(0.10, travel=Travel.FAILED)).goal_map is None
    assert mission.step(at(5.0, battery_fraction=0.10)).goal_map is None
    assert mission.step(at(40.0, battery_fraction=0.10)).goal_map == DOCK


def test_asked_again_for_the_same_tour_nothing_starts_anew_but_the_shopper_is_there() -> None:
    mission = on_tour()
    assert mission.step(at(3.0)).visit is VisitState.PAUSED
    assert mission.start_tour(TOUR) == ""
    assert mission.step(at(3.1)).visit is VisitState.GUIDING
    assert mission.step(at(5.0)).visit is VisitState.PAUSED


def test_asked_again_at_the_shelf_the_robot_stays_there() -> None:
    mission = on_tour()
    mission.step(at(1.0, follower_m=1.0, travel=Travel.ARRIVED))
    assert mission.start_tour(TOUR) == ""
    assert mission.step(at(2.0, follower_m=1.0, travel=Travel.ARRIVED)).visit is VisitState.ARRIVED


def test_a_tour_that_failed_starts_anew_when_it_is_asked_for_again() -> None:
    mission = on_tour()
    assert mission.step(at(1.0, follower_m=1.0, travel=Travel.FAILED)).visit is VisitState.CALLING
    assert mission.start_tour(TOUR) == ""
    assert mission.step(at(2.0, follower_m=1.0)).visit is VisitState.GUIDING


LEADING = ScreenView(Screen.GUIDING, "s1", 100.0)


def test_a_screen_that_shows_a_tour_keeps_a_mission_without_one_from_going_home() -> None:
    assert behaviours().step(at(1.0, screen=LEADING, pose_map=SHELF)).visit is VisitState.SERVING


def test_a_tour_that_the_robot_gave_up_is_thanked_for_although_the_screen_still_shows_it() -> None:
    mission = on_tour()
    seen = [mission.step(at(float(second), screen=LEADING)).visit for second in range(2, 120)]
    assert VisitState.THANKING in seen


ASTRAY = {"localized": False, "needs_staff": True}


def test_a_robot_that_lost_its_place_stops_the_tour_says_so_once_and_goes_on_when_it_knows_again() -> None:
    mission = on_tour()
    mission.step(at(1.0, follower_m=1.0, travel=Travel.DRIVING, localized=False))
    first = mission.step(at(2.0, follower_m=1.0, **ASTRAY))
    assert (first.visit, first.goal_map, first.sentence) == (VisitState.ASTRAY, None, arbiter.ASTRAY)
    assert first.tour == TOUR
    assert mission.step(at(60.0, follower_m=1.0, **ASTRAY)).sentence == ""
    assert mission.step(at(61.0, follower_m=1.0)).goal_map == SHELF
    again = mission.step(at(70.0, follower_m=1.0, **ASTRAY))
    assert again.sentence == arbiter.ASTRAY


def test_a_robot_that_is_shown_its_place_without_a_tour_goes_home() -> None:
    mission = behaviours()
    assert mission.step(at(1.0, **ASTRAY)).sentence == arbiter.ASTRAY
    assert mission.start_tour(TOUR) == "I cannot drive at the moment."
    assert mission.step(at(2.0, pose_map=SHELF)).goal_map == HOME


def test_a_shopper_who_left_while_the_robot_was_astray_is_waited_for_and_then_it_goes_home() -> None:
    mission = on_tour()
    mission.step(at(30.0, **ASTRAY))
    seen = [mission.step(at(31.0 + second, pose_map=SHELF)).visit for second in range(120)]
    assert seen[0] is VisitState.PAUSED
    assert seen[-1] is VisitState.RETURNING
