"""The plain plans: each does what its name says when an ideal base follows it."""

import math

import numpy as np
import pytest

from aisle.geometry import Pose2, Twist2, advance
from aisle_navigation.control.proposals import arcs, directions, ways_to_goal

STEPS, STEP_S, FASTEST_MPS, TURN_RADPS = 36, 0.1, 0.8, 1.5


def ends(plans: np.ndarray) -> list[Pose2]:
    """Where an ideal differential drive ends up that starts at the origin."""
    poses = []
    for plan in plans:
        pose = Pose2(0.0, 0.0, 0.0)
        for linear_mps, angular_radps in plan.tolist():
            pose = advance(pose, Twist2(linear_mps, angular_radps), STEP_S)
        poses.append(pose)
    return poses


def test_one_arc_stands_and_one_goes_straight_on() -> None:
    plans = arcs(STEPS, FASTEST_MPS, TURN_RADPS)
    assert plans.shape[1:] == (STEPS, 2)
    assert plans.dtype == np.float32
    where = ends(plans)
    assert any(pose.distance_to(Pose2(0.0, 0.0, 0.0)) < 1e-6 and abs(pose.yaw_rad) < 1e-6 for pose in where)
    assert max(pose.x_m for pose in where) == pytest.approx(STEPS * STEP_S * FASTEST_MPS, abs=1e-5)


@pytest.mark.parametrize("turn_radps", [0.0, 0.2, 1.5])
def test_arcs_stay_within_the_speeds_asked_for_and_go_both_ways(turn_radps: float) -> None:
    plans = arcs(STEPS, FASTEST_MPS, turn_radps)
    assert np.all((plans[..., 0] >= 0.0) & (plans[..., 0] <= np.float32(FASTEST_MPS)))
    assert np.all(np.abs(plans[..., 1]) <= np.float32(turn_radps))
    assert plans[..., 1].sum() == pytest.approx(0.0, abs=1e-3)


def test_directions_go_all_round_at_two_speeds_and_one_stands() -> None:
    plans = directions(STEPS, FASTEST_MPS)
    speeds = np.hypot(plans[:, 0, 0], plans[:, 0, 1])
    assert sorted(set(np.round(speeds, 5).tolist())) == pytest.approx([0.0, 0.4, 0.8])
    assert np.abs(plans[:, 0].sum(axis=0)).max() < 1e-5


def test_ways_to_the_goal_end_there_and_some_wait_first() -> None:
    way = np.array([0.6, -0.8])
    plans = ways_to_goal(way, STEPS, STEP_S, FASTEST_MPS)
    reached = STEP_S * plans.sum(axis=1)
    assert np.allclose(reached[0], way, atol=1e-3) or np.allclose(reached[1], way, atol=1e-3)
    assert np.all(np.hypot(reached[:, 0], reached[:, 1]) <= math.hypot(*way) + 1e-4)
    assert any(np.all(plan[:10] == 0.0) and np.any(plan[10:] != 0.0) for plan in plans)
