"""Scans and odometry that make no sense: no error, no NaN, and no claim to know the place for long."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.geometry import Pose2
from aisle.sensing import LaserScan
from aisle_navigation.localization.particle_filter import Estimate, ParticleFilter
from tests.navigation.localization.test_particle_filter import CELLS, ODOM, SETTINGS, START
from tests.navigation.rooms import ROBOT, grid, scan_of

GRID = grid(CELLS)
SAID_NOTHING = {
    "empty": np.zeros(0),
    "all NaN": np.full(180, math.nan),
    "nothing within range": np.full(180, math.inf),
    "all at the largest range": np.full(180, 12.0),
    "all at zero": np.zeros(180),
    "negative": np.full(180, -3.0),
}


def started() -> ParticleFilter:
    filter_ = ParticleFilter(GRID, ROBOT, SETTINGS, 1)
    filter_.start_at(START)
    for number in range(5):
        filter_.update(scan_of(CELLS, START, 0.1 * number), ODOM)
    return filter_


def scan_with(ranges_m: np.ndarray, stamp_s: float = 0.5) -> LaserScan:
    return LaserScan(stamp_s, -math.pi, math.tau / max(1, len(ranges_m)), 0.1, 12.0, ranges_m)


def is_sound(estimate: Estimate) -> bool:
    pose = estimate.map_from_base
    values = (pose.x_m, pose.y_m, pose.yaw_rad, estimate.position_stddev_m, estimate.yaw_stddev_rad)
    return all(math.isfinite(value) for value in values)


@pytest.mark.parametrize("ranges_m", SAID_NOTHING.values(), ids=SAID_NOTHING.keys())
def test_scans_that_say_nothing_move_nothing_and_end_in_doubt(ranges_m: np.ndarray) -> None:
    filter_ = started()
    estimates = [filter_.update(scan_with(ranges_m, 0.5 + 0.1 * number), ODOM) for number in range(30)]
    assert all(is_sound(estimate) for estimate in estimates)
    assert estimates[0].localized
    assert not estimates[-1].localized
    assert estimates[-1].map_from_base.distance_to(START) < 0.2


def test_it_is_sure_again_when_the_laser_sees_again() -> None:
    filter_ = started()
    for number in range(30):
        filter_.update(scan_with(np.full(180, math.nan), 0.5 + 0.1 * number), ODOM)
    estimates = [filter_.update(scan_of(CELLS, START, 3.5 + 0.1 * number), ODOM) for number in range(30)]
    assert estimates[-1].localized
    assert estimates[-1].map_from_base.distance_to(START) < 0.1


@pytest.mark.parametrize("rays", [36, 181, 1440])
def test_a_scan_of_another_geometry_is_understood(rays: int) -> None:
    filter_ = started()
    for number in range(8):
        estimate = filter_.update(scan_of(CELLS, START, 0.5 + 0.1 * number, rays), ODOM)
    assert estimate.localized
    assert estimate.map_from_base.distance_to(START) < 0.1


def test_an_odometry_jump_is_a_new_odom_frame() -> None:
    filter_ = started()
    odom = Pose2(50.0, -20.0, 2.0)
    for number in range(8):
        estimate = filter_.update(scan_of(CELLS, START, 0.5 + 0.1 * number), odom)
    assert estimate.localized
    assert estimate.map_from_base.distance_to(START) < 0.1


@pytest.mark.parametrize("odom", [Pose2(math.nan, 0.0, 0.0), Pose2(0.0, math.inf, 0.0), Pose2(0.0, 0.0, math.nan)])
def test_odometry_that_is_not_a_number_moves_nothing(odom: Pose2) -> None:
    filter_ = started()
    odd = filter_.update(scan_of(CELLS, START, 0.5), odom)
    after = filter_.update(scan_of(CELLS, START, 0.6), ODOM)
    assert is_sound(odd)
    assert after.localized
    assert after.map_from_base.distance_to(START) < 0.1


def test_time_may_run_backwards() -> None:
    filter_ = started()
    estimate = filter_.update(scan_of(CELLS, START, -100.0), ODOM)
    assert is_sound(estimate)
    assert estimate.localized


@settings(max_examples=25, deadline=None)
@given(
    ranges_m=st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=80),
    odom=st.tuples(*[st.floats(allow_nan=True, allow_infinity=True)] * 3),
    stamp_s=st.floats(-1e6, 1e6),
)
def test_whatever_comes_the_pose_stays_a_number(
    ranges_m: list[float], odom: tuple[float, float, float], stamp_s: float
) -> None:
    filter_ = started()
    assert is_sound(filter_.update(scan_with(np.array(ranges_m), stamp_s), Pose2(*odom)))
    assert is_sound(filter_.update(scan_of(CELLS, START, stamp_s + 0.1), ODOM))
