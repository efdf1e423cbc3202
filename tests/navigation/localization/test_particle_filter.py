"""Localization as a whole: it follows, it notices when it is wrong, it finds the place again or says that it cannot."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from aisle.geometry import Pose2, Twist2, advance, wrap_angle
from aisle.sensing import Person
from aisle_navigation.localization.certainty import Certainty
from aisle_navigation.localization.cloud import Spread
from aisle_navigation.localization.particle_filter import Estimate, FilterSettings, ParticleFilter
from aisle_navigation.localization.relocalizer import RelocalizerSettings
from aisle_navigation.localization.whole_map import SearchSettings
from tests.navigation.rooms import ROBOT, grid, room, scan_of, with_box

CELLS = with_box(with_box(room(), 3.0, 2.0, 4.0, 5.0), 6.0, 3.0, 8.0, 4.0)
SYMMETRIC = with_box(room(), 4.5, 3.5, 5.5, 4.5)
START = Pose2(2.0, 1.2, 0.1)
ELSEWHERE = Pose2(8.8, 6.2, 2.5)
ODOM = Pose2(0.0, 0.0, 0.0)
SETTINGS = FilterSettings(relocalizer=RelocalizerSettings(search=SearchSettings(spacing_m=0.5)))


def started(pose: Pose2 = START, seed: int = 3, cells: np.ndarray = CELLS) -> ParticleFilter:
    filter_ = ParticleFilter(grid(cells), ROBOT, SETTINGS, seed)
    filter_.start_at(pose)
    return filter_


def drive(filter_: ParticleFilter, slip: float = 1.0, steps: int = 40) -> tuple[Estimate, Pose2]:
    """Drive an arc; odometry reads `slip` times the true distance."""
    true, odom = START, ODOM
    estimate = filter_.update(scan_of(CELLS, true), odom)
    for _ in range(steps):
        true = advance(true, Twist2(0.5, 0.15), 0.1)
        odom = advance(odom, Twist2(0.5 * slip, 0.15), 0.1)
        estimate = filter_.update(scan_of(CELLS, true), odom)
    return estimate, true


def watch(
    filter_: ParticleFilter, places: Iterable[Pose2], cells: np.ndarray = CELLS, since_s: float = 0.0
) -> list[Estimate]:
    """Scan from one place after the other, ten times a second, while odometry stands still."""
    return [filter_.update(scan_of(cells, place, since_s + 0.1 * number), ODOM) for number, place in enumerate(places)]


def test_it_follows_the_robot_although_odometry_is_five_percent_off() -> None:
    estimate, true = drive(started(), slip=1.05)
    assert estimate.map_from_base.distance_to(true) < 0.1
    assert abs(wrap_angle(estimate.map_from_base.yaw_rad - true.yaw_rad)) < math.radians(3)
    assert estimate.localized
    assert estimate.particles < SETTINGS.cloud.most / 2


def test_a_start_that_is_a_little_wrong_is_corrected() -> None:
    estimate, true = drive(started(Pose2(START.x_m + 0.12, START.y_m - 0.1, START.yaw_rad + 0.05)))
    assert estimate.map_from_base.distance_to(true) < 0.1


def test_a_pose_that_a_person_showed_only_roughly_is_corrected() -> None:
    filter_ = started()
    filter_.start_at(Pose2(START.x_m + 0.5, START.y_m + 0.3, START.yaw_rad - 0.25), Spread(0.5, 0.26))
    estimate, true = drive(filter_)
    assert estimate.localized
    assert estimate.map_from_base.distance_to(true) < 0.1


def test_a_wrong_place_is_not_called_localized() -> None:
    estimate, _ = drive(started(Pose2(8.5, 6.5, 2.0)), steps=3)
    assert not estimate.localized


def test_the_same_seed_gives_the_same_estimate() -> None:
    assert drive(started(seed=5), steps=10)[0] == drive(started(seed=5), steps=10)[0]


def test_it_keeps_the_place_when_the_odom_frame_starts_over() -> None:
    filter_ = started()
    _, true = drive(filter_)
    odom = ODOM
    for step in range(20):
        scan = replace(scan_of(CELLS, true), stamp_s=100.0 + 0.1 * step)
        estimate = filter_.update(scan, odom)
        true, odom = (advance(pose, Twist2(0.3, 0.0), 0.1) for pose in (true, odom))
    assert estimate.map_from_base.distance_to(true) < 0.12
    assert estimate.localized


def test_a_robot_that_was_carried_away_notices_and_finds_itself() -> None:
    filter_ = started()
    assert watch(filter_, [START] * 5)[-1].localized
    estimates = watch(filter_, [ELSEWHERE] * 30, since_s=0.5)
    assert not estimates[1].localized
    assert estimates[-1].localized
    assert estimates[-1].map_from_base.distance_to(ELSEWHERE) < 0.1
    assert all(one.map_from_base.distance_to(ELSEWHERE) < 0.1 for one in estimates if one.localized and one.stamp_s > 1)


def test_where_two_places_look_alike_staff_are_called() -> None:
    """A room with a box in the middle looks the same from the opposite corner."""
    filter_ = started(cells=SYMMETRIC)
    filter_.look_everywhere()
    certainties = [one.certainty for one in watch(filter_, [START] * 120, SYMMETRIC)]
    assert Certainty.LOCALIZED not in certainties
    assert certainties[-1] is Certainty.NEEDS_STAFF


def test_staff_who_show_the_place_are_believed() -> None:
    filter_ = started(cells=SYMMETRIC)
    filter_.look_everywhere()
    assert watch(filter_, [START] * 120, SYMMETRIC)[-1].needs_staff
    filter_.start_at(START)
    estimate = watch(filter_, [START] * 5, SYMMETRIC, since_s=12.0)[-1]
    assert estimate.localized
    assert estimate.map_from_base.distance_to(START) < 0.1


def test_where_two_places_look_alike_the_believed_one_is_kept_after_a_false_alarm() -> None:
    filter_ = started(cells=SYMMETRIC)
    watch(filter_, [START] * 5, SYMMETRIC)
    doubt = watch(filter_, [ELSEWHERE] * 2, SYMMETRIC, since_s=0.5)
    assert doubt[-1].certainty is Certainty.UNSURE
    back = watch(filter_, [START] * 30, SYMMETRIC, since_s=0.7)
    assert back[-1].localized
    assert back[-1].map_from_base.distance_to(START) < 0.1


def test_a_lost_robot_that_is_pushed_on_recognizes_what_it_comes_to() -> None:
    """From the closed end of a blind alley two places look alike, further on only one has a box."""
    cells = with_box(SYMMETRIC, 8.5, 3.0, 9.5, 3.5)
    blind = with_box(cells, 5.5, 0.0, 5.7, 3.0)
    filter_ = started(cells=blind)
    filter_.look_everywhere()
    true, odom = Pose2(8.0, 1.5, 1.6), ODOM
    for number in range(60):
        estimate = filter_.update(scan_of(blind, true, 0.1 * number), odom)
        true, odom = (advance(pose, Twist2(0.4, 0.0), 0.1) for pose in (true, odom))
    assert estimate.localized
    assert estimate.map_from_base.distance_to(true) < 0.15


def test_a_crowd_that_gathers_around_the_robot_raises_no_alarm() -> None:
    filter_, crowd = started(), CELLS
    watch(filter_, [START] * 5)
    for number in range(9):
        body = START @ Pose2(0.0, 0.0, 2.4 * number) @ Pose2(0.6 + 0.05 * number, 0.0, 0.0)
        crowd = with_box(crowd, body.x_m - 0.2, body.y_m - 0.2, body.x_m + 0.2, body.y_m + 0.2)
        estimates = watch(filter_, [START] * 12, crowd, since_s=0.5 + 1.2 * number)
        assert all(one.localized for one in estimates)
    assert min(one.match.hidden for one in estimates) > 0.6
    assert estimates[-1].map_from_base.distance_to(START) < 0.1


def test_people_who_are_known_do_not_count() -> None:
    crowd = with_box(CELLS, 2.6, 0.9, 2.8, 1.5)
    someone = Person(1, 2.7, 1.2, 0.0, 0.0, 0.25)
    filter_ = started()
    for number in range(5):
        estimate = filter_.update(scan_of(crowd, START, 0.1 * number), ODOM, (someone,))
    assert estimate.map_from_base.distance_to(START) < 0.05


def test_while_it_is_lost_the_spread_says_so() -> None:
    filter_ = started()
    filter_.look_everywhere()
    estimate = watch(filter_, [START])[-1]
    assert estimate.certainty is Certainty.LOST
    assert estimate.spread.position_m > 1.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_particles_are_shown_in_the_map_frame(seed: int) -> None:
    filter_ = started(seed=seed)
    shown = filter_.particles
    assert shown.shape == (SETTINGS.cloud.most, 3)
    assert np.hypot(shown[:, 0] - START.x_m, shown[:, 1] - START.y_m).max() < 0.6
