"""Which readings of a scan count, and which of them are used."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2
from aisle.sensing import LaserScan, Person
from aisle_navigation.localization.beams import Beams, beams_of


def scan(ranges_m: list[float]) -> LaserScan:
    return LaserScan(0.0, -math.pi, math.tau / max(1, len(ranges_m)), 0.1, 12.0, np.array(ranges_m))


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=60))
def test_only_readings_within_range_count(ranges_m: list[float]) -> None:
    beams = beams_of(scan(ranges_m), 0.1)
    assert len(beams) == sum(0.1 <= range_m < 12.0 for range_m in ranges_m)
    assert np.isfinite(beams.ends()).all()


@pytest.mark.parametrize("angle", [math.nan, math.inf])
def test_a_scan_without_angles_says_nothing(angle: float) -> None:
    assert len(beams_of(LaserScan(0.0, angle, 0.01, 0.1, 12.0, np.full(9, 2.0)), 0.0)) == 0
    assert len(beams_of(LaserScan(0.0, 0.0, angle, 0.1, 12.0, np.full(9, 2.0)), 0.0)) <= 1


def test_ends_are_in_the_base_frame() -> None:
    beams = Beams(np.array([0.0, math.pi / 2]), np.array([2.0, 1.0]), laser_x_m=0.2)
    assert beams.ends() == pytest.approx(np.array([[2.2, 0.0], [0.2, 1.0]]))


@given(count=st.integers(0, 400), at_most=st.integers(1, 100), turn=st.integers(0, 50))
def test_thinning_takes_different_beams_from_all_around(count: int, at_most: int, turn: int) -> None:
    beams = Beams(np.arange(count, dtype=float), np.ones(count), 0.0)
    some = beams.thinned(at_most, turn).directions_rad
    assert len(set(some.tolist())) == len(some) == min(count, at_most)
    if count > at_most:
        assert np.diff(np.sort(some)).max(initial=0.0) <= count // at_most + 1


def test_in_time_every_beam_is_heard() -> None:
    beams = Beams(np.arange(720, dtype=float), np.ones(720), 0.0)
    heard = {direction for turn in range(12) for direction in beams.thinned(60, turn).directions_rad.tolist()}
    assert len(heard) == 720


def test_beams_that_end_at_people_can_be_left_out() -> None:
    beams = Beams(np.array([0.0, math.pi / 2]), np.array([2.0, 2.0]), 0.0)
    there = Person(1, 11.9, 5.0, 0.0, 0.0, 0.25)
    assert beams.without((there,), Pose2(10.0, 5.0, 0.0)).directions_rad.tolist() == [math.pi / 2]
    assert beams.without((), Pose2(10.0, 5.0, 0.0)) is beams
