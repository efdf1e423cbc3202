"""Whom the robot goes round is remembered until the laser has seen through their place."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2
from aisle.sensing import LaserScan
from aisle_navigation.driving.detour_memory import DetourMemory
from aisle_navigation.planning.standing import Standing, group, person
from tests.navigation.rooms import grid, room, scan_of, with_box

CELLS = room()
HERE = Pose2(2.0, 4.0, 0.0)
SOMEBODY = person(5.0, 4.0)
STANDING_THERE = with_box(CELLS, 4.8, 3.8, 5.2, 4.2)
SOMEBODY_BEFORE = with_box(CELLS, 3.4, 3.7, 3.8, 4.3)
RAYS = 360


def memory(one: Standing = SOMEBODY, cells: np.ndarray = CELLS) -> DetourMemory:
    found = DetourMemory(grid(cells))
    found.go_round(one, 0.0)
    return found


def seen(cells: np.ndarray, pose: Pose2 = HERE) -> LaserScan:
    return scan_of(cells, pose, rays=RAYS)


def look(one: DetourMemory, scan: LaserScan, scans: int = 50, pose: Pose2 = HERE) -> DetourMemory:
    for _ in range(scans):
        one.look(pose, scan, ())
    return one


def test_whom_it_goes_round_is_a_wall_for_a_while() -> None:
    found = memory()
    assert found.walls(44.0) == [SOMEBODY]
    assert found.walls(46.0) == []


def test_a_place_through_which_beams_go_is_free() -> None:
    assert look(memory(), seen(CELLS)).walls(1.0) == []


def test_one_scan_through_a_place_proves_nothing() -> None:
    assert look(memory(), seen(CELLS), scans=1).walls(1.0) == [SOMEBODY]


def test_somebody_who_stands_there_stays() -> None:
    assert look(memory(), seen(STANDING_THERE)).walls(1.0) == [SOMEBODY]


def test_somebody_hidden_behind_somebody_else_stays() -> None:
    assert look(memory(), seen(SOMEBODY_BEFORE)).walls(1.0) == [SOMEBODY]


def test_a_glimpse_between_others_does_not_add_up() -> None:
    found = memory()
    for _ in range(10):
        look(look(found, seen(CELLS), scans=2), seen(SOMEBODY_BEFORE), scans=1)
    assert found.walls(1.0) == [SOMEBODY]


def test_somebody_who_is_tracked_there_stays_whatever_the_beams_say() -> None:
    found = memory()
    for _ in range(50):
        found.look(HERE, seen(CELLS), [person(5.4, 4.0)])
    assert found.walls(1.0) == [SOMEBODY]


@pytest.mark.parametrize("pose", [Pose2(9.9, 7.0, 0.0), Pose2(5.0, 0.2, 0.0)])
def test_behind_a_shelf_and_from_afar_nothing_is_seen_to_be_free(pose: Pose2) -> None:
    shelf = with_box(CELLS, 3.0, 1.0, 7.0, 2.0)
    assert look(memory(cells=shelf), seen(shelf, pose), pose=pose).walls(1.0) == [SOMEBODY]


def test_a_place_beside_a_shelf_is_seen_to_be_free() -> None:
    shelf = with_box(CELLS, 3.0, 4.15, 7.0, 5.0)
    assert look(memory(cells=shelf), seen(shelf)).walls(1.0) == []


def test_of_a_group_every_place_has_to_be_free() -> None:
    pair = group([(5.0, 4.0), (5.0, 5.0)])
    one_left = with_box(CELLS, 4.8, 4.8, 5.2, 5.2)
    assert len(look(memory(pair), seen(one_left)).walls(1.0)) == 1
    assert look(memory(pair), seen(CELLS)).walls(1.0) == []


def test_a_blind_laser_frees_nothing() -> None:
    scan = seen(CELLS)
    blind = LaserScan(0.0, scan.angle_min_rad, scan.angle_increment_rad, 0.1, 12.0, np.full(RAYS, math.nan))
    assert look(memory(), blind).walls(1.0) == [SOMEBODY]


def test_beams_that_meet_nothing_within_range_pass() -> None:
    scan = seen(CELLS)
    far = LaserScan(0.0, scan.angle_min_rad, scan.angle_increment_rad, 0.1, 12.0, np.full(RAYS, math.inf))
    assert look(memory(), far).walls(1.0) == []


def test_decided_again_somebody_is_remembered_once_and_longer() -> None:
    found = memory()
    again = person(5.1, 4.0)
    found.go_round(again, 30.0)
    assert found.walls(60.0) == [again]


def test_forgetting_a_region_keeps_the_others() -> None:
    found, far = memory(), person(8.0, 2.0)
    found.go_round(far, 0.0)
    found.forget(lambda x_m, _y_m: x_m < 6.0)
    assert found.walls(1.0) == [far]


@given(st.floats(0.6, 4.5), st.floats(-math.pi, math.pi), st.floats(-math.pi, math.pi))
def test_whoever_is_there_is_never_looked_through(away_m: float, bearing_rad: float, yaw_rad: float) -> None:
    """A round body alone in the open, seen from any side: the beams that cross it end at it."""
    radius_m, pose = 0.25, Pose2(5.0, 4.0, yaw_rad)
    one = person(5.0 + away_m * math.cos(bearing_rad), 4.0 + away_m * math.sin(bearing_rad), radius_m)
    angles = -math.pi + math.tau / 720 * np.arange(720)
    off = np.angle(np.exp(1j * (angles + yaw_rad - bearing_rad)))
    beside_m = np.where(np.abs(off) < math.pi / 2, np.abs(away_m * np.sin(off)), np.inf)
    hits = beside_m < radius_m
    ranges: np.ndarray = np.full(720, math.inf)
    ranges[hits] = away_m * np.cos(off[hits]) - np.sqrt(radius_m**2 - beside_m[hits] ** 2)
    scan = LaserScan(0.0, -math.pi, math.tau / 720, 0.1, 12.0, ranges)
    assert look(memory(one), scan, scans=5, pose=pose).walls(1.0) == [one]
