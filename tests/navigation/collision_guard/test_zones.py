import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aisle.geometry import STOP, FloatArray, Twist2
from aisle.robot_model import RobotModel
from aisle_navigation.collision_guard.settings import GuardSettings, reaction_s
from aisle_navigation.collision_guard.zones import limit, stopping_way_m, zones_of
from tests.navigation.collision_guard.driving import gaps_along
from tests.navigation.rooms import ROBOT

SETTINGS = GuardSettings()
ZONES = zones_of(ROBOT, SETTINGS)
RADIUS_M = ROBOT.base.radius_m
FREE_M = 0.3
STEP_M = 0.005

outside = st.tuples(st.floats(RADIUS_M + 1e-6, 1.5), st.floats(-math.pi, math.pi))
clouds = st.lists(outside, min_size=1, max_size=12).map(
    lambda polar: np.array([(range_m * math.cos(bearing), range_m * math.sin(bearing)) for range_m, bearing in polar])
)
speeds = st.one_of(st.just(0.0), st.floats(0.001, 1.2), st.floats(-1.2, -0.001))
wishes = st.builds(Twist2, speeds, st.floats(-2.0, 2.0))


def ahead(gap_m: float, beside_m: float = 0.0) -> FloatArray:
    """A point so far ahead of the footprint."""
    return np.array([[RADIUS_M + gap_m, beside_m]])


def braking_way_m(speed_mps: float) -> float:
    return stopping_way_m(abs(speed_mps), ROBOT, SETTINGS)


@given(wishes, clouds)
def test_no_velocity_passes_that_touches_something_within_its_braking_way(wanted: Twist2, points: FloatArray) -> None:
    passed = limit(wanted, points, ZONES).twist
    if passed.linear_mps != 0.0:
        gaps_m = gaps_along(passed, points, braking_way_m(passed.linear_mps), STEP_M)
        assert gaps_m.min() >= RADIUS_M - 1e-4


@given(wishes, clouds)
def test_slowing_keeps_direction_and_curvature_and_never_speeds_up(wanted: Twist2, points: FloatArray) -> None:
    passed = limit(wanted, points, ZONES).twist
    assert abs(passed.linear_mps) <= abs(wanted.linear_mps) + 1e-12
    assert abs(passed.angular_radps) <= abs(wanted.angular_radps) + 1e-12
    if passed.linear_mps != 0.0:
        bent = passed.angular_radps * wanted.linear_mps - wanted.angular_radps * passed.linear_mps
        assert bent == pytest.approx(0.0, abs=1e-9)


@given(clouds, st.sampled_from([-0.4, 0.4]))
def test_it_may_always_turn_on_the_spot(points: FloatArray, turn_radps: float) -> None:
    assert limit(Twist2(0.0, turn_radps), points, ZONES).twist == Twist2(0.0, turn_radps)


@given(clouds, st.floats(-math.pi, math.pi))
def test_whatever_direction_is_free_can_be_driven(points: FloatArray, heading_rad: float) -> None:
    """Turn towards it, which passes, and go: forwards, or backwards after half the turn."""
    cos, sin = math.cos(heading_rad), math.sin(heading_rad)
    turned = points @ np.array([[cos, -sin], [sin, cos]])
    past_m = turned[:, 0] - np.clip(turned[:, 0], 0.0, FREE_M)
    if np.hypot(past_m, turned[:, 1]).min() > RADIUS_M:
        assert limit(Twist2(1.0, 0.0), turned, ZONES).twist.linear_mps >= SETTINGS.crawl_share
        assert limit(Twist2(-1.0, 0.0), -turned, ZONES).twist.linear_mps <= -SETTINGS.crawl_share


@given(st.floats(0.0, 2.0))
def test_from_every_gap_the_base_stops_before_it_touches_even_after_a_lost_scan(gap_m: float) -> None:
    """The braking law v <= sqrt(2 a d), with the reaction time, is what the approach zone keeps."""
    speed_mps = limit(Twist2(ROBOT.limits.speed_mps, 0.0), ahead(gap_m), ZONES).twist.linear_mps
    lost_scan_m = speed_mps / ROBOT.laser.rate_hz
    if speed_mps > 0.0:
        assert braking_way_m(speed_mps) + lost_scan_m <= gap_m


@given(
    st.floats(0.1, 2.0), st.floats(0.3, 3.0), st.floats(5.0, 40.0), st.floats(0.1, 0.6), st.floats(0.0, 1.0)
)  # fmt: skip
def test_every_robot_can_stop_from_what_its_zones_allow(
    top_mps: float, braking_mps2: float, rate_hz: float, radius_m: float, share: float
) -> None:
    robot = any_robot(top_mps, braking_mps2, rate_hz, radius_m)
    zones = zones_of(robot, SETTINGS)
    stop, slow, approach = zones.rows
    assert stop.length_m < slow.length_m < approach.length_m
    free_m = share * approach.length_m
    allowed_mps = min(top_mps, *(zone.limit_mps(free_m) for zone in zones.rows))
    assert stopping_way_m(allowed_mps, robot, SETTINGS) <= max(0.0, free_m - stop.length_m) + 1e-9


def any_robot(top_mps: float, braking_mps2: float, rate_hz: float, radius_m: float) -> RobotModel:
    return replace(
        ROBOT,
        base=replace(ROBOT.base, radius_m=radius_m),
        laser=replace(ROBOT.laser, rate_hz=rate_hz),
        limits=replace(ROBOT.limits, speed_mps=top_mps, braking_mps2=braking_mps2),
    )


def test_the_zones_of_the_reference_robot() -> None:
    assert reaction_s(ROBOT, SETTINGS) == pytest.approx(0.25)
    lengths = {zone.name: round(zone.length_m, 2) for zone in ZONES.rows}
    assert lengths == {"stop": 0.1, "slow": 0.69, "approach": 1.02}


@pytest.mark.parametrize(
    ("gap_m", "zone"), [(0.05, "stop"), (0.13, "stop"), (0.3, "approach"), (0.66, "slow"), (0.9, "approach"), (1.2, "")]
)
def test_the_nearer_the_slower_and_the_zone_is_told(gap_m: float, zone: str) -> None:
    verdict = limit(Twist2(1.0, 0.0), ahead(gap_m), ZONES)
    assert verdict.zone == zone
    assert (verdict.twist.linear_mps == 0.0) == (zone == "stop")


def test_something_near_beside_the_way_slows_to_half() -> None:
    assert limit(Twist2(1.0, 0.0), ahead(0.2, 0.32), ZONES).twist == Twist2(0.5, 0.0)
    assert limit(Twist2(1.0, 0.0), ahead(0.2, 0.40), ZONES).twist == Twist2(1.0, 0.0)


def test_a_person_right_ahead_does_not_keep_the_robot_from_backing_away() -> None:
    person = ahead(0.02)
    assert limit(Twist2(0.3, 0.0), person, ZONES).twist == STOP
    assert limit(Twist2(-0.3, 0.0), person, ZONES).twist == Twist2(-0.3, 0.0)
    assert limit(Twist2(-0.3, 0.0), np.concatenate((person, -ahead(0.08))), ZONES).twist == STOP


def test_it_crawls_out_of_a_gap_that_is_hardly_wider_than_itself() -> None:
    along_m = np.linspace(-0.5, 0.5, 101)
    walls = np.array([(x_m, side * (RADIUS_M + 0.01)) for x_m in along_m for side in (-1.0, 1.0)])
    verdict = limit(Twist2(0.6, 0.0), walls, ZONES)
    assert verdict.twist == Twist2(0.1, 0.0)
    assert verdict.zone == "crawl"


def test_turning_near_to_something_is_slow() -> None:
    rim_mps = limit(Twist2(0.0, 1.2), ahead(0.05), ZONES).twist.angular_radps * RADIUS_M
    assert rim_mps == pytest.approx(SETTINGS.crawl_share * ROBOT.limits.speed_mps)
    assert limit(Twist2(0.0, 1.2), ahead(0.2), ZONES).twist == Twist2(0.0, 1.2)


def test_something_in_the_robots_own_place_may_only_be_left() -> None:
    inside = np.array([[0.15, 0.05]])
    assert limit(Twist2(0.0, 0.5), inside, ZONES).twist == STOP
    assert limit(Twist2(0.2, 0.5), inside, ZONES).twist == STOP
    assert limit(Twist2(-0.2, 0.5), inside, ZONES).twist == Twist2(-0.2, 0.0)


def test_nobody_drives_faster_than_the_base_can() -> None:
    nothing = np.zeros((0, 2))
    assert limit(Twist2(4.0, 1.0), nothing, ZONES).twist == Twist2(1.0, 0.25)
    assert limit(Twist2(0.5, 3.0), nothing, ZONES).twist == Twist2(0.25, 1.5)
