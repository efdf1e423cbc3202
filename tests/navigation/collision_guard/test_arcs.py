import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Twist2
from aisle_navigation.collision_guard.arcs import free_distance
from tests.navigation.collision_guard.driving import gaps_along

REACH_M = 0.3
STEP_M = 0.004
FARTHEST_M = 3.0


ARCS = {
    "speed_mps": st.sampled_from([-1.0, -0.3, -0.05, 0.05, 0.3, 1.0]),
    "turn_radps": st.floats(-1.5, 1.5),
    "range_m": st.floats(0.02, 2.5),
    "bearing_rad": st.floats(-math.pi, math.pi),
}


@given(**ARCS)
def test_driving_the_free_way_in_small_steps_touches_nothing(
    speed_mps: float, turn_radps: float, range_m: float, bearing_rad: float
) -> None:
    twist, point = Twist2(speed_mps, turn_radps), (range_m * math.cos(bearing_rad), range_m * math.sin(bearing_rad))
    free_m = free_distance(twist, np.array([point]), REACH_M)
    gaps_m = gaps_along(twist, np.array([point]), FARTHEST_M, STEP_M)[
        : 1 + math.floor(min(free_m, FARTHEST_M) / STEP_M)
    ]
    # Something inside the disc already must only not come nearer.
    assert gaps_m.min() > min(REACH_M, range_m) - 1e-3


@given(**ARCS)
def test_right_after_the_free_way_it_touches(
    speed_mps: float, turn_radps: float, range_m: float, bearing_rad: float
) -> None:
    twist, point = Twist2(speed_mps, turn_radps), (range_m * math.cos(bearing_rad), range_m * math.sin(bearing_rad))
    free_m = free_distance(twist, np.array([point]), REACH_M)
    gaps_m = gaps_along(twist, np.array([point]), FARTHEST_M, STEP_M)
    if free_m < FARTHEST_M - STEP_M:
        after = math.ceil(free_m / STEP_M)
        assert gaps_m[after : after + 2].min() < REACH_M + 2.0 * STEP_M
    elif free_m == math.inf:
        assert gaps_m.min() > min(REACH_M, range_m) - 1e-3


@pytest.mark.parametrize("turn_radps", [0.0, 0.5, -0.5])
def test_what_is_behind_the_motion_does_not_count(turn_radps: float) -> None:
    behind = np.array([[-0.2, 0.0], [-0.31, 0.05]])
    assert free_distance(Twist2(0.5, turn_radps), behind, REACH_M) > 1.0
    assert free_distance(Twist2(-0.5, turn_radps), behind, REACH_M) < 0.02


def test_a_tight_circle_that_leads_back_to_something_behind_ends_before_it() -> None:
    # The circle of 0.1 m leads the base towards the thing on its left, although that lies a little behind.
    free_m = free_distance(Twist2(0.1, 1.0), np.array([[-0.05, 0.255]]), REACH_M)
    assert 0.0 < free_m < 0.1


def test_turning_on_the_spot_drives_no_way() -> None:
    assert free_distance(Twist2(0.0, 1.0), np.array([[0.1, 0.0]]), REACH_M) == math.inf


def test_nothing_around_is_a_free_way() -> None:
    assert free_distance(Twist2(0.5, 0.0), np.zeros((0, 2)), REACH_M) == math.inf
