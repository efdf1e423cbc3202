"""The watch over the believed pose: what it takes for evidence, and what it lets pass."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aisle.geometry import Pose2
from aisle_navigation.localization.agreement import AgreementSettings, Match
from aisle_navigation.localization.beams import Beams, beams_of
from aisle_navigation.localization.certainty import Sign
from aisle_navigation.localization.watch import Watch, WatchSettings
from tests.navigation.rooms import room, scan_of, with_box

GOOD = Match(0.9, 0.1, 0.0, 180)
CROWD = Match(0.3, 0.7, 0.0, 180)
WRONG = Match(0.4, 0.3, 0.3, 180)
BLIND = Match(0.0, 0.0, 0.0, 0)
CELLS = with_box(room(), 4.0, 3.0, 5.0, 6.0)
HERE, THERE = Pose2(2.0, 4.0, 0.3), Pose2(7.0, 2.0, 1.0)
ODOM = Pose2(0.0, 0.0, 0.0)


def watch() -> Watch:
    return Watch(WatchSettings(), AgreementSettings())


def signs(one: Watch, *matches: Match, moved_m: float = 0.05) -> list[Sign]:
    return [one.judge(match, moved_m, 0.1) for match in matches]


def test_a_scan_that_fits_agrees() -> None:
    assert set(signs(watch(), *[GOOD] * 50)) == {Sign.AGREES}


def test_beams_through_shelves_contradict_within_half_a_second() -> None:
    one = watch()
    signs(one, *[GOOD] * 20)
    assert Sign.CONTRADICTED in signs(one, *[WRONG] * 5)


def test_one_odd_scan_contradicts_nothing() -> None:
    one = watch()
    assert set(signs(one, *[GOOD] * 20, WRONG, *[GOOD] * 20)) == {Sign.AGREES}


def test_a_crowd_around_the_robot_is_no_reason_to_doubt() -> None:
    one = watch()
    assert set(signs(one, *[GOOD] * 20, *[CROWD] * 300, moved_m=0.0)) == {Sign.AGREES}
    assert one.is_thin


def test_a_place_that_was_only_just_believed_has_to_be_seen_on_the_map() -> None:
    assert signs(watch(), *[CROWD] * 4)[-1] is Sign.BLIND


def test_driving_on_without_seeing_the_map_ends_in_doubt() -> None:
    one, unseen = watch(), Match(0.1, 0.9, 0.0, 180)
    signs(one, *[GOOD] * 20)
    seen = signs(one, *[unseen] * 200)
    assert seen[0] is Sign.AGREES
    first = seen.index(Sign.BLIND)
    assert 0.05 * first > WatchSettings().unseen_for_m


def test_a_laser_without_beams_ends_in_doubt_after_two_seconds() -> None:
    one = watch()
    signs(one, *[GOOD] * 20)
    seen = signs(one, *[BLIND] * 30)
    assert seen.index(Sign.BLIND) == pytest.approx(20, abs=1)
    assert signs(one, GOOD) == [Sign.AGREES]


def has_jumped(one: Watch, place: Pose2, odom: Pose2 = ODOM, stamp_s: float = 0.0) -> bool:
    scan = scan_of(CELLS, place, stamp_s)
    return one.has_jumped(scan, beams_of(scan, 0.0), odom)


def test_a_robot_that_was_carried_away_has_jumped() -> None:
    one = watch()
    assert [has_jumped(one, place) for place in (HERE, HERE, THERE, THERE, THERE)] == [False] * 3 + [True, False]


def test_one_odd_scan_is_no_jump() -> None:
    one = watch()
    assert not any(has_jumped(one, place) for place in (HERE, HERE, THERE, HERE, HERE))


def test_driving_is_no_jump() -> None:
    one = watch()
    steps = [Pose2(0.1 * number, 0.0, 0.0) for number in range(12)]
    assert not any(has_jumped(one, HERE @ step, ODOM @ step) for step in steps)


def test_wheels_that_spin_on_the_spot_are_noticed() -> None:
    one = watch()
    steps = [Pose2(0.0, 0.0, 0.4 * number) for number in range(6)]
    assert any(has_jumped(one, HERE, ODOM @ step) for step in steps)


def test_carried_away_behind_a_covered_lens_is_noticed_afterwards() -> None:
    one, covered = watch(), Beams(np.zeros(0), np.zeros(0), 0.0)
    assert not has_jumped(one, HERE, stamp_s=0.0)
    blind = scan_of(CELLS, HERE, 1.0)
    assert not one.has_jumped(blind, covered, ODOM)
    assert [has_jumped(one, THERE, stamp_s=10.0 + 0.1 * number) for number in range(2)] == [False, True]


def test_nothing_is_compared_across_a_new_odom_frame() -> None:
    one = watch()
    has_jumped(one, HERE, Pose2(5.0, 5.0, 1.0))
    one.odometry_started_over()
    assert not has_jumped(one, THERE)
    assert one.explained is None


def test_what_was_explained_is_kept_for_the_report() -> None:
    one = watch()
    has_jumped(one, HERE)
    has_jumped(one, HERE)
    assert one.explained is not None
    assert math.isclose(one.explained, 1.0)
