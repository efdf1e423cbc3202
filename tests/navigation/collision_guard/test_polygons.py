import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from aisle.geometry import Twist2
from aisle_navigation.collision_guard.arcs import free_distance
from aisle_navigation.collision_guard.polygons import polygons
from aisle_navigation.collision_guard.settings import GuardSettings
from aisle_navigation.collision_guard.zones import zones_of
from tests.navigation.rooms import ROBOT

ZONES = zones_of(ROBOT, GuardSettings())
ARCS = [Twist2(1.0, 0.0), Twist2(-0.5, 0.0), Twist2(0.5, 0.6), Twist2(0.4, -1.2), Twist2(-0.6, 0.5)]
OUTLINES = [{name: Polygon(corners) for name, corners in polygons(ZONES, twist).items()} for twist in ARCS]


@given(st.integers(0, len(ARCS) - 1), st.floats(0.4, 1.6), st.floats(-math.pi, math.pi))
def test_a_point_lies_in_the_polygon_when_the_arc_touches_it_within_the_zone(
    arc: int, range_m: float, bearing_rad: float
) -> None:
    point = np.array([range_m * math.cos(bearing_rad), range_m * math.sin(bearing_rad)])
    for zone in ZONES.rows:
        outline = OUTLINES[arc][zone.name]
        free_m = free_distance(ARCS[arc], point[None, :], ZONES.radius_m + zone.side_m)
        if outline.exterior.distance(Point(point)) > 0.01:
            assert outline.contains(Point(point)) == (free_m <= zone.length_m)


def test_without_a_velocity_the_zones_lie_straight_ahead() -> None:
    corners = polygons(ZONES)
    assert list(corners) == ["stop", "slow", "approach"]
    for zone in ZONES.rows:
        reach_m = ZONES.radius_m + zone.side_m
        assert corners[zone.name].max(axis=0) == pytest.approx([zone.length_m + reach_m, reach_m], abs=1e-3)
        assert corners[zone.name].min(axis=0) == pytest.approx([-reach_m, -reach_m], abs=1e-3)


def test_corners_run_counter_clockwise_and_the_first_is_not_repeated() -> None:
    for corners in polygons(ZONES).values():
        assert Polygon(corners).exterior.is_ccw
        assert tuple(corners[0]) != tuple(corners[-1])


def test_a_base_that_only_turns_has_no_zones_along_its_way() -> None:
    with pytest.raises(ValueError, match="only turns"):
        polygons(ZONES, Twist2(0.0, 1.0))
