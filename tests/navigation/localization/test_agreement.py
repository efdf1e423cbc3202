"""What a scan says about a pose, and what odometry explains."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from aisle.geometry import Pose2
from aisle.sensing import LaserScan
from aisle_navigation.localization.agreement import AgreementSettings, Match, explained_share, match_at
from aisle_navigation.localization.beams import Beams, beams_of
from tests.navigation.rooms import grid, room, scan_of, with_box

SETTINGS = AgreementSettings()
CELLS = with_box(room(), 4.0, 3.0, 5.0, 6.0)
HERE = Pose2(2.0, 4.0, 0.3)
STILL = Pose2(0.0, 0.0, 0.0)


def beams_at(pose: Pose2, cells: np.ndarray = CELLS) -> Beams:
    return beams_of(scan_of(cells, pose), 0.0)


def test_at_the_right_place_the_beams_fit() -> None:
    match = match_at(grid(CELLS), HERE, beams_at(HERE), SETTINGS)
    assert match.fitting > 0.97
    assert match.through == 0.0


def test_people_hide_the_map_and_contradict_nothing() -> None:
    crowd = with_box(with_box(CELLS, 2.6, 3.6, 3.0, 4.8), 1.2, 2.9, 2.4, 3.3)
    match = match_at(grid(CELLS), HERE, beams_at(HERE, crowd), SETTINGS)
    assert match.hidden > 0.3
    assert match.through == 0.0


def test_beams_behind_a_shelf_contradict_the_place() -> None:
    behind = match_at(grid(CELLS), HERE, beams_at(HERE, room()), SETTINGS)
    assert behind.through > 0.15


def test_glass_lets_a_beam_end_inside_a_cabinet() -> None:
    surface_at_m = 2.0
    inside = Beams(np.array([0.0]), np.array([surface_at_m + 0.5]), 0.0)
    behind = Beams(np.array([0.0]), np.array([surface_at_m + 1.6]), 0.0)
    at = Pose2(2.0, 4.0, 0.0)
    assert match_at(grid(CELLS), at, inside, SETTINGS) == Match(1.0, 0.0, 0.0, 1)
    assert match_at(grid(CELLS), at, behind, SETTINGS) == Match(0.0, 0.0, 1.0, 1)


def test_no_beams_agree_with_nothing() -> None:
    nothing = Beams(np.zeros(0), np.zeros(0), 0.0)
    assert match_at(grid(CELLS), HERE, nothing, SETTINGS) == Match(0.0, 0.0, 0.0, 0)
    assert explained_share(scan_of(CELLS, HERE), nothing, STILL, SETTINGS) is None


@pytest.mark.parametrize("step", [STILL, Pose2(0.1, 0.0, 0.0), Pose2(0.05, 0.0, 0.3), Pose2(-0.3, 0.0, -1.0)])
def test_odometry_explains_how_the_scan_moved(step: Pose2) -> None:
    share = explained_share(scan_of(CELLS, HERE), beams_at(HERE @ step), step, SETTINGS)
    assert share is not None
    assert share > 0.93


@pytest.mark.parametrize("place", [Pose2(7.5, 2.0, 0.3), Pose2(2.0, 4.0, 1.5), Pose2(3.0, 7.0, -2.0)])
def test_odometry_does_not_explain_another_place(place: Pose2) -> None:
    share = explained_share(scan_of(CELLS, HERE), beams_at(place), STILL, SETTINGS)
    assert share is not None
    assert share < 0.6


def test_scans_of_different_geometry_can_be_compared() -> None:
    share = explained_share(scan_of(CELLS, HERE, rays=500), beams_at(HERE), STILL, SETTINGS)
    assert share is not None
    assert share > 0.95


@pytest.mark.parametrize("increment_rad", [0.0, math.nan, math.inf, 1e-9])
def test_a_scan_without_geometry_explains_nothing(increment_rad: float) -> None:
    odd: LaserScan = replace(scan_of(CELLS, HERE), angle_increment_rad=increment_rad)
    assert explained_share(odd, beams_at(HERE), STILL, SETTINGS) is None
