import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aisle.geometry import FloatArray
from aisle_navigation.collision_guard.surroundings import blind_rays, is_known, obstacles
from tests.navigation.collision_guard.harness import scan_of_ranges
from tests.navigation.rooms import ROBOT

RAYS = ROBOT.laser.rays
AHEAD, LEFT, BACK = RAYS // 2, 3 * RAYS // 4, 0
RADIUS_M = ROBOT.base.radius_m
THINNEST_M, HORIZON_M = 0.05, 1.5


def ranges(changes: dict[int, float] | None = None, far_m: float = 5.0) -> FloatArray:
    """A round room with some rays changed."""
    values = np.full(RAYS, far_m)
    for ray, range_m in (changes or {}).items():
        values[ray % RAYS] = range_m
    return values


def seen(values: FloatArray) -> FloatArray:
    return obstacles(scan_of_ranges(values, 0.0), ROBOT, THINNEST_M, HORIZON_M)


def blind_sector(middle: int, width_deg: float) -> FloatArray:
    half = round(0.5 * width_deg / 360.0 * RAYS)
    return ranges(dict.fromkeys(range(middle - half, middle + half + 1), math.nan))


def test_what_the_laser_hits_stands_where_it_is() -> None:
    assert seen(ranges({AHEAD: 0.8})) == pytest.approx(np.array([[0.8, 0.0]]), abs=1e-9)
    assert seen(ranges({LEFT: 0.8})) == pytest.approx(np.array([[0.0, 0.8]]), abs=1e-9)


def test_what_is_far_or_nowhere_is_left_out() -> None:
    assert len(seen(ranges())) == len(seen(ranges(far_m=math.inf))) == 0


def test_the_lasers_place_on_the_robot_counts() -> None:
    robot = replace(ROBOT, laser=replace(ROBOT.laser, x_m=0.15))
    points = obstacles(scan_of_ranges(ranges({AHEAD: 0.8, BACK: math.nan}), 0.0), robot, THINNEST_M, HORIZON_M)
    assert points == pytest.approx(np.array([[0.95, 0.0]]))


def test_too_near_to_measure_stands_at_the_least_range() -> None:
    assert seen(ranges({AHEAD: -math.inf})) == pytest.approx(np.array([[ROBOT.laser.range_min_m, 0.0]]))


@pytest.mark.parametrize("lost", [math.nan, 0.0, 0.05])
def test_a_lost_ray_hides_nothing_that_is_near(lost: float) -> None:
    assert len(seen(ranges({AHEAD: lost}))) == 0


def test_a_narrow_gap_hides_only_what_is_far_enough_to_fit_into_it() -> None:
    points = seen(blind_sector(AHEAD, 4.0))
    nearest_m = np.hypot(points[:, 0], points[:, 1]).min()
    gap_rad = math.radians(5.0)
    assert nearest_m == pytest.approx(THINNEST_M / (2.0 * math.tan(0.5 * gap_rad)), rel=0.02)


@pytest.mark.parametrize("middle", [AHEAD, LEFT, BACK])
def test_a_blind_sector_stands_at_the_edge_of_the_footprint_and_nowhere_else(middle: int) -> None:
    points = seen(blind_sector(middle, 60.0))
    away_m, bearing_rad = np.hypot(points[:, 0], points[:, 1]), np.arctan2(points[:, 1], points[:, 0])
    off_rad = np.abs(np.remainder(bearing_rad - (middle - AHEAD) / RAYS * math.tau + math.pi, math.tau) - math.pi)
    assert away_m == pytest.approx(np.full(len(points), RADIUS_M), abs=2e-3)
    assert math.degrees(off_rad.max()) == pytest.approx(30.0, abs=1.0)


def test_a_laser_that_knows_nothing_leaves_nothing_free() -> None:
    points = seen(ranges(far_m=math.nan))
    bearings = np.sort(np.arctan2(points[:, 1], points[:, 0]))
    assert np.diff(bearings).max() < math.radians(1.1)


def test_a_laser_that_looks_only_ahead_leaves_the_back_unknown() -> None:
    scan = scan_of_ranges(ranges()[RAYS // 4 : 3 * RAYS // 4], 0.0)
    ahead = type(scan)(0.0, -0.5 * math.pi, scan.angle_increment_rad, 0.1, 12.0, scan.ranges_m)
    points = obstacles(ahead, ROBOT, THINNEST_M, HORIZON_M)
    assert points[:, 0].max() < 0.01
    assert points[:, 0].min() == pytest.approx(-RADIUS_M, abs=2e-3)


def test_inf_is_known_and_nan_is_not() -> None:
    values = ranges({0: math.inf, 1: -math.inf, 2: math.nan, 3: 0.0, 4: -1.0, 5: 20.0})
    assert is_known(scan_of_ranges(values, 0.0))[:7].tolist() == [True, True, False, False, False, True, True]


@given(
    sectors=st.lists(st.tuples(st.integers(0, RAYS - 1), st.integers(1, 60)), min_size=1, max_size=4),
    range_m=st.floats(0.3, 1.4),
    place=st.integers(0, 60),
)
def test_a_thing_that_no_ray_hits_is_never_nearer_than_the_guard_takes_it_to_be(
    sectors: list[tuple[int, int]], range_m: float, place: int
) -> None:
    """Put a disc of the thinnest width somewhere: a ray hits it, or blind rays on it stand no farther than it."""
    lost = {ray % RAYS for first, count in sectors for ray in range(first, first + count)}
    bearing = (sectors[0][0] + place) % RAYS
    angles = scan_of_ranges(ranges(), 0.0).angles_rad()
    off_rad = np.abs(np.remainder(angles - angles[bearing] + math.pi, math.tau) - math.pi)
    on_it = off_rad < math.asin(0.5 * THINNEST_M / range_m)
    scan = scan_of_ranges(ranges(dict.fromkeys(lost, math.nan)), 0.0)
    if not is_known(scan)[on_it].any():
        blind = blind_rays(scan, THINNEST_M, HORIZON_M)
        off_blind = np.abs(np.remainder(blind.angles_rad - angles[bearing] + math.pi, math.tau) - math.pi)
        assert blind.nearest_m[off_blind < 1e-6].min() <= range_m
