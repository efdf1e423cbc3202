"""Waiting for somebody who stands in the way, and going round."""

import math

import numpy as np

from aisle.geometry import FloatArray, Pose2
from aisle.sensing import Person
from aisle_navigation.driving.ground import Ground
from aisle_navigation.planning.planner import PlanOutcome
from tests.navigation.rooms import ROBOT, grid, room, scan_of, with_box

CELLS = with_box(with_box(room(20.0, 18.0), 2.0, 1.5, 18.0, 8.25), 2.0, 9.75, 18.0, 16.5)
"""Three ways side by side; the middle one is 1.5 m wide."""
START, GOAL = Pose2(1.0, 9.0, 0.0), Pose2(19.0, 9.0, 0.0)
IN_THE_MIDDLE = (Person(1, 4.0, 9.0, 0.0, 0.0, 0.25),)
WALKING = (Person(1, 4.0, 9.0, 0.6, 0.0, 0.25),)
STRAIGHT: FloatArray = np.column_stack((np.linspace(1.0, 19.0, 360), np.full(360, 9.0)))


def passes_through_the_middle(path: FloatArray) -> bool:
    at = path[np.abs(path[:, 0] - 10.0).argmin()]
    return bool(8.25 < at[1] < 9.75)


def test_it_waits_at_first_and_goes_round_when_that_has_become_cheaper() -> None:
    ground = Ground(grid(CELLS), ROBOT)
    waiting = ground.go_on(START, GOAL, STRAIGHT, IN_THE_MIDDLE, waited_s=0.0, now_s=0.0)
    assert waiting.outcome is PlanOutcome.FOUND
    assert passes_through_the_middle(waiting.path)
    patient = ground.go_on(START, GOAL, waiting.path, IN_THE_MIDDLE, waited_s=60.0, now_s=60.0)
    assert not passes_through_the_middle(patient.path)


def test_it_does_not_change_its_mind_about_a_way_round_at_once() -> None:
    ground = Ground(grid(CELLS), ROBOT)
    round_ = ground.go_on(START, GOAL, STRAIGHT, IN_THE_MIDDLE, waited_s=60.0, now_s=0.0)
    again = ground.go_on(START, GOAL, round_.path, IN_THE_MIDDLE, waited_s=0.0, now_s=1.0)
    assert not passes_through_the_middle(again.path)


def gone_round() -> Ground:
    ground = Ground(grid(CELLS), ROBOT)
    round_ = ground.go_on(START, GOAL, STRAIGHT, IN_THE_MIDDLE, waited_s=60.0, now_s=0.0)
    assert not passes_through_the_middle(round_.path)
    return ground


def look(ground: Ground, pose: Pose2, scans: int = 10) -> None:
    for _ in range(scans):
        ground.look(pose, scan_of(CELLS, pose, rays=360), ())


def test_a_way_that_was_given_up_is_taken_again_when_it_is_seen_to_be_free() -> None:
    ground, out_of_sight = gone_round(), Pose2(1.0, 2.0, 0.0)
    look(ground, out_of_sight)
    assert not passes_through_the_middle(ground.plan(START, GOAL, (), 30.0).path)
    look(ground, START)
    assert passes_through_the_middle(ground.plan(START, GOAL, (), 31.0).path)


def test_looking_afresh_keeps_the_way_round() -> None:
    ground = gone_round()
    ground.look_afresh()
    assert not passes_through_the_middle(ground.plan(START, GOAL, (), 1.0).path)


def test_a_question_about_a_way_past_them_changes_nothing_for_the_drive() -> None:
    ground, beside_them = gone_round(), Pose2(4.3, 9.0, 0.0)
    assert ground.way(START, beside_them, (), 1.0).outcome is PlanOutcome.FOUND
    assert not passes_through_the_middle(ground.plan(START, GOAL, (), 1.0).path)


def test_when_every_way_is_taken_it_looks_again_at_those_that_it_went_round_before() -> None:
    two_ways = with_box(CELLS, 2.0, 0.0, 18.0, 1.5)
    ground = Ground(grid(two_ways), ROBOT)
    ground.go_on(START, GOAL, STRAIGHT, IN_THE_MIDDLE, waited_s=60.0, now_s=0.0)
    above = ground.plan(START, GOAL, (), 1.0)
    here, there = Pose2(1.0, 17.2, 0.0), (Person(2, 4.0, 17.2, 0.0, 0.0, 0.25),)
    ahead: FloatArray = np.array([(1.0, 17.2), *[(x_m, 17.2) for x_m in np.arange(1.1, 18.5, 0.1)], (19.0, 9.0)])
    assert above.path[:, 1].max() > 16.5
    waiting = ground.go_on(here, GOAL, ahead, there, waited_s=10.0, now_s=2.0)
    assert not passes_through_the_middle(waiting.path)
    assert passes_through_the_middle(ground.go_on(here, GOAL, ahead, there, waited_s=math.inf, now_s=12.0).path)


def test_a_goal_that_lies_where_a_way_was_given_up_can_be_reached_all_the_same() -> None:
    ground = Ground(grid(CELLS), ROBOT)
    ground.go_on(START, GOAL, STRAIGHT, IN_THE_MIDDLE, waited_s=60.0, now_s=0.0)
    beside_them = Pose2(4.3, 9.0, 0.0)
    assert ground.plan(START, beside_them, IN_THE_MIDDLE, 1.0).outcome is PlanOutcome.FOUND


def test_somebody_who_walks_is_not_waited_for() -> None:
    ground = Ground(grid(CELLS), ROBOT)
    assert passes_through_the_middle(ground.go_on(START, GOAL, STRAIGHT, WALKING, 60.0, 0.0).path)


def test_somebody_far_away_does_not_change_the_plan() -> None:
    far = (Person(1, 15.0, 9.0, 0.0, 0.0, 0.25),)
    ground = Ground(grid(CELLS), ROBOT)
    assert passes_through_the_middle(ground.plan(START, GOAL, far, 0.0).path)


def test_clearing_forgets_the_way_round() -> None:
    ground = Ground(grid(CELLS), ROBOT)
    ground.go_on(START, GOAL, STRAIGHT, IN_THE_MIDDLE, waited_s=60.0, now_s=0.0)
    ground.forget()
    assert passes_through_the_middle(ground.plan(START, GOAL, (), 1.0).path)
