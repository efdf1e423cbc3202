"""Crossings of the crowd: what counts as an end, the peers alone, the same seed, and what is counted."""

import math

import numpy as np
import pytest

from aisle_navigation.control.profiles import OPEN
from aisle_navigation.control.scene import Drive
from benchmarks.crowd import cells
from benchmarks.crowd_episode import End, Episode, cross
from benchmarks.crowd_policies import ControllerPolicy, Moment, OrcaPolicy, Policy, StraightOn
from benchmarks.crowd_summary import Goals, rows_with_goals, tally
from benchmarks.crowd_world import ROBOT_START, SPEED_MPS, TIME_LIMIT_S, Scene, circle_scene

NOBODY = Scene(np.zeros((0, 2)), np.zeros((0, 2)))
WAY_M = 2.0 * -ROBOT_START[1]
STANDING_IN_THE_WAY = Scene(np.array([(0.0, 0.0)]), np.array([(0.0, 0.0)]))


class Standing:
    """Never sets out."""

    drive = Drive.HOLONOMIC

    def act(self, moment: Moment) -> tuple[float, float]:
        return 0.0, 0.0


def few(seed: int = 1, drive: Drive = Drive.HOLONOMIC) -> ControllerPolicy:
    """The production controller with fewer rollouts, for speed."""
    return ControllerPolicy(OPEN, drive, seed, rollouts=128)


@pytest.mark.parametrize("policy", [StraightOn(), OrcaPolicy(0.0), OrcaPolicy(0.15), few()])
def test_alone_every_policy_reaches_its_goal_about_as_fast_as_it_may(policy: Policy) -> None:
    episode = cross(policy, NOBODY)
    assert (episode.end, episode.close_steps, episode.least_gap_m) == (End.SUCCESS, 0, math.inf)
    assert WAY_M / SPEED_MPS - 0.5 <= episode.time_s <= WAY_M / SPEED_MPS + 1.0


def test_a_differential_drive_reaches_its_goal_alone() -> None:
    assert cross(few(drive=Drive.DIFFERENTIAL), NOBODY).end is End.SUCCESS


def test_whoever_goes_straight_on_runs_into_somebody_in_the_way_and_the_others_go_round() -> None:
    assert cross(StraightOn(), STANDING_IN_THE_WAY).end is End.COLLISION
    episode = cross(few(), STANDING_IN_THE_WAY)
    assert episode.end is End.SUCCESS
    assert episode.least_gap_m > 0.0


def test_whoever_never_sets_out_runs_out_of_time() -> None:
    episode = cross(Standing(), NOBODY)
    assert (episode.end, episode.time_s) == (End.TIMEOUT, TIME_LIMIT_S)


def test_people_do_not_see_the_robot() -> None:
    # They walk over a robot that stands in their way: nobody avoids it.
    onto = Scene(np.array([(3.0, ROBOT_START[1])]), np.array([(-3.0, ROBOT_START[1])]))
    assert cross(Standing(), onto).end is End.COLLISION


@pytest.mark.parametrize("noisy", [False, True])
def test_the_same_seed_gives_the_same_crossing(noisy: bool) -> None:
    def play(seed: int) -> Episode:
        noise = np.random.default_rng((seed, 1)) if noisy else None
        return cross(few(), circle_scene(5, np.random.default_rng(seed)), noise)

    assert play(7) == play(7)
    assert play(7) != play(8)


def test_every_cell_has_a_title_of_its_own() -> None:
    titles = [cell.title for cell in cells()]
    assert len(set(titles)) == len(titles), "results are kept by title: two cells of one name would share them"


def episode(end: End, time_s: float = 10.0, close_steps: int = 0) -> Episode:
    return Episode(end, time_s, steps=40, close_steps=close_steps, least_gap_m=0.3)


def test_only_successes_have_a_time_and_steps_count_over_all_crossings() -> None:
    counted = tally([
        episode(End.SUCCESS, 8.0), episode(End.SUCCESS, 10.0, close_steps=12), episode(End.COLLISION, 2.0),
        episode(End.TIMEOUT, 25.0),
    ])  # fmt: skip
    assert (counted.crossings, counted.successes, counted.collisions) == (4, 2, 1)
    assert (counted.time_s, counted.close_share) == (9.0, 12 / 160)
    assert math.isnan(tally([episode(End.TIMEOUT)]).time_s)


def test_goals_stand_beside_the_figures_with_the_interval_of_the_share() -> None:
    rows = rows_with_goals("circle", tally([episode(End.SUCCESS)] * 20), Goals(success=0.9, time_s=10.5), "circle_5")
    assert [row.key for row in rows] == ["circle_5_success", "circle_5_collisions", "circle_5_close", "circle_5_time_s"]
    assert rows[0].note == "20 of 20, 95 % interval 0.8389 to 1.0000"
    assert (rows[0].value, rows[0].target) == (1.0, "at least 0.9")
