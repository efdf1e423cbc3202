"""The robot starts no tour that it cannot finish, and leaves for the charger while it can still reach it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2
from aisle.messages.visit import VisitState
from aisle_behaviour.energy import EnergyBudget, can_finish, must_leave_at, tour_cost
from aisle_behaviour.tree import Behaviours
from aisle_behaviour.world import MissionSettings, Tour, Travel, World

HOME, DOCK, SHELF = Pose2(1.0, 1.0, 0.0), Pose2(0.5, 3.0, 1.57), Pose2(30.0, 20.0, 1.0)
TOUR = Tour("s1", 7, "bay", SHELF)
SMALL = EnergyBudget(capacity_wh=15.0)
QUIET = World(now_s=0.0, pose_map=HOME, localized=True, stopped=False, travel=Travel.IDLE, screen=None)

places = st.builds(Pose2, st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.just(0.0))


@given(places, places, places, st.floats(0.0, 600.0))
def test_whoever_can_finish_a_tour_still_reaches_the_charger(
    here: Pose2, shelf: Pose2, dock: Pose2, stay_s: float
) -> None:
    cost = tour_cost(SMALL, here, shelf, dock, stay_s, empty=0.03)
    left = cost.needed - cost.tour
    assert left >= 0.03 + SMALL.drive_share(shelf, dock)
    assert can_finish(cost.needed, cost)
    assert not can_finish(cost.needed - 1e-6, cost)


@given(places, places)
def test_the_farther_the_charger_the_earlier_it_leaves(here: Pose2, dock: Pose2) -> None:
    nearer = Pose2(0.5 * (here.x_m + dock.x_m), 0.5 * (here.y_m + dock.y_m), 0.0)
    near, far = (must_leave_at(SMALL, pose, dock, 0.03, 0.0) for pose in (nearer, here))
    assert near <= far
    assert far - 0.03 >= SMALL.drive_share(here, dock)


def test_a_charge_that_is_not_known_is_not_enough() -> None:
    assert not can_finish(math.nan, tour_cost(SMALL, HOME, HOME, HOME, 0.0, 0.0))


def test_the_way_costs_what_the_robot_draws_for_as_long_as_it_drives() -> None:
    budget = EnergyBudget(capacity_wh=105.0, idle_w=45.0, drive_w=60.0, usual_mps=0.5, way_factor=1.0)
    assert budget.drive_share(Pose2(0.0, 0.0, 0.0), Pose2(1800.0, 0.0, 0.0)) == pytest.approx(1.0)


def mission(budget: EnergyBudget) -> Behaviours:
    return Behaviours(MissionSettings(HOME, DOCK, energy=budget), QUIET)


def test_a_tour_that_it_cannot_finish_is_refused() -> None:
    robot = mission(SMALL)
    robot.step(replace(QUIET, battery_fraction=0.6))
    assert robot.start_tour(TOUR) == "I have to charge first."
    near = replace(TOUR, shelf_pose_map=Pose2(3.0, 3.0, 0.0))
    assert robot.start_tour(near) == ""


def test_a_full_battery_goes_anywhere() -> None:
    robot = mission(SMALL)
    robot.step(QUIET)
    assert robot.start_tour(TOUR) == ""


def test_far_from_the_charger_it_leaves_earlier_than_near_it() -> None:
    charge = 0.3
    near, far = mission(SMALL), mission(SMALL)
    assert near.step(replace(QUIET, battery_fraction=charge)).visit is VisitState.WAITING
    assert far.step(replace(QUIET, pose_map=SHELF, battery_fraction=charge)).visit is VisitState.CHARGING
