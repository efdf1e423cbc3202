"""Poses that a person sets."""

from __future__ import annotations

import math

import pytest

from aisle.geometry import Pose2
from aisle_navigation.localization.cloud import Spread
from aisle_navigation.localization.placement import placement_fault, spread_of
from tests.navigation.rooms import grid, room, with_box

GRID = grid(with_box(room(), 4.0, 3.0, 5.0, 6.0))


def test_a_pose_on_the_floor_is_taken() -> None:
    assert placement_fault(GRID, Pose2(2.0, 2.0, 1.0)) == ""


@pytest.mark.parametrize(
    ("pose", "sentence"),
    [
        (Pose2(math.nan, 2.0, 0.0), "not a number"),
        (Pose2(2.0, 2.0, math.inf), "not a number"),
        (Pose2(-1.0, 2.0, 0.0), "not on the map"),
        (Pose2(4.5, 4.0, 0.0), "inside a fixture"),
    ],
)
def test_a_pose_that_cannot_be_is_refused_with_a_sentence(pose: Pose2, sentence: str) -> None:
    assert sentence in placement_fault(GRID, pose)


def test_the_covariance_says_how_exactly_a_pose_is_meant() -> None:
    assert spread_of(0.25, 0.04, 0.01) == Spread(0.5, pytest.approx(0.1))


@pytest.mark.parametrize("variances", [(0.0, 0.0, 0.0), (math.nan, 0.1, 0.1), (-1.0, 0.1, 0.1), (math.inf, 0.1, 0.1)])
def test_a_covariance_that_says_nothing_is_none(variances: tuple[float, float, float]) -> None:
    assert spread_of(*variances) is None


def test_spreads_are_kept_in_reasonable_limits() -> None:
    widest, narrowest = spread_of(400.0, 1.0, 9.0), spread_of(1e-9, 1e-9, 1e-9)
    assert widest is not None
    assert narrowest is not None
    assert (widest.position_m, widest.yaw_rad) == (1.0, 0.6)
    assert 0.0 < narrowest.position_m < 0.1
