import math
from dataclasses import replace

from aisle.geometry import Pose2, Twist2, advance, wrap_angle
from aisle_navigation.localization.particle_filter import Estimate, FilterSettings, ParticleFilter
from tests.navigation.rooms import ROBOT, grid, room, scan_of, with_box

CELLS = with_box(with_box(room(), 3.0, 2.0, 4.0, 5.0), 6.0, 3.0, 8.0, 4.0)
START = Pose2(2.0, 1.2, 0.1)


def drive(filter_: ParticleFilter, slip: float = 1.0, steps: int = 40) -> tuple[Estimate, Pose2]:
    """Drive an arc; odometry reads `slip` times the true distance."""
    true, odom = START, Pose2(0.0, 0.0, 0.0)
    estimate = filter_.update(scan_of(CELLS, true), odom)
    for _ in range(steps):
        true = advance(true, Twist2(0.5, 0.15), 0.1)
        odom = advance(odom, Twist2(0.5 * slip, 0.15), 0.1)
        estimate = filter_.update(scan_of(CELLS, true), odom)
    return estimate, true


def started(pose: Pose2 = START, seed: int = 3) -> ParticleFilter:
    filter_ = ParticleFilter(grid(CELLS), ROBOT, FilterSettings(), seed)
    filter_.start_at(pose)
    return filter_


def test_it_follows_the_robot_although_odometry_is_five_percent_off() -> None:
    estimate, true = drive(started(), slip=1.05)
    assert estimate.map_from_base.distance_to(true) < 0.1
    assert abs(wrap_angle(estimate.map_from_base.yaw_rad - true.yaw_rad)) < math.radians(3)
    assert estimate.localized


def test_a_start_that_is_a_little_wrong_is_corrected() -> None:
    estimate, true = drive(started(Pose2(START.x_m + 0.12, START.y_m - 0.1, START.yaw_rad + 0.05)))
    assert estimate.map_from_base.distance_to(true) < 0.1


def test_a_wrong_place_is_not_called_localized() -> None:
    estimate, _ = drive(started(Pose2(8.5, 6.5, 2.0)), steps=3)
    assert not estimate.localized


def test_the_same_seed_gives_the_same_estimate() -> None:
    assert drive(started(seed=5), steps=10)[0] == drive(started(seed=5), steps=10)[0]


def test_it_keeps_the_place_when_the_odom_frame_starts_over() -> None:
    filter_ = started()
    _, true = drive(filter_)
    odom = Pose2(0.0, 0.0, 0.0)
    for step in range(20):
        scan = replace(scan_of(CELLS, true), stamp_s=100.0 + 0.1 * step)
        estimate = filter_.update(scan, odom)
        true, odom = (advance(pose, Twist2(0.3, 0.0), 0.1) for pose in (true, odom))
    assert estimate.map_from_base.distance_to(true) < 0.12
    assert estimate.localized
