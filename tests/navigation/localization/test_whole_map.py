"""The search over the whole map finds where the scan was taken, wherever that is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aisle.geometry import Pose2
from aisle_navigation.localization.beams import Beams, beams_of
from aisle_navigation.localization.likelihood import likelihood_field
from aisle_navigation.localization.whole_map import SearchSettings, WholeMapSearch, moved_by, places_on
from tests.navigation.rooms import grid, room, scan_of, with_box

CELLS = with_box(with_box(room(), 3.0, 2.0, 4.0, 5.0), 6.0, 3.0, 8.0, 4.0)
GRID = grid(CELLS)
FIELD = likelihood_field(GRID)
SETTINGS = SearchSettings(spacing_m=0.5)
PLACES = places_on(GRID, SETTINGS)
STILL = Pose2(0.0, 0.0, 0.0)


def found_from(beams: Beams, step: Pose2 = STILL) -> np.ndarray:
    search = WholeMapSearch(FIELD, PLACES, beams, SETTINGS)
    for _ in range(SETTINGS.headings):
        found = search.advance(step)
        if found is not None:
            return found
    raise AssertionError("the search never ends")


@pytest.mark.parametrize("pose", [Pose2(1.3, 1.1, 0.4), Pose2(9.0, 6.8, -2.6), Pose2(5.1, 2.7, 1.6)])
def test_the_right_place_is_among_the_found(pose: Pose2) -> None:
    found = found_from(beams_of(scan_of(CELLS, pose), 0.0))
    away_m = np.hypot(found[:, 0] - pose.x_m, found[:, 1] - pose.y_m)
    turned = np.cos(found[:, 2] - pose.yaw_rad)
    assert ((away_m < 0.08) & (turned > math.cos(0.04))).any()
    assert len(found) <= SETTINGS.most


def test_what_is_found_has_moved_with_the_robot() -> None:
    beams, step = beams_of(scan_of(CELLS, Pose2(1.3, 1.1, 0.4)), 0.0), Pose2(0.1, 0.0, 0.05)
    slices = math.ceil(SETTINGS.headings / SETTINGS.headings_a_scan)
    expected = found_from(beams)
    for _ in range(slices):
        expected = moved_by(expected, step)
    assert found_from(beams, step) == pytest.approx(expected)


def test_nothing_is_found_without_beams_or_floor() -> None:
    assert len(found_from(Beams(np.zeros(0), np.zeros(0), 0.0))) == 0
    narrow = np.full((40, 40), 100, dtype=np.int8)
    narrow[20, 20] = 0
    assert len(places_on(grid(narrow), SETTINGS)) == 0


def test_only_the_largest_floor_is_searched() -> None:
    closed = with_box(CELLS, 8.4, 0.0, 8.6, 8.0)
    places = places_on(grid(closed), SETTINGS)
    assert places[:, 1].max() * 0.05 < 8.4
    assert len(places) < len(PLACES)
