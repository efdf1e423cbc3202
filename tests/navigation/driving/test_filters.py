"""Keep-out and speed filters: what the values of a mask mean on the map."""

import math

import numpy as np
import pytest

from aisle.geometry import Pose2
from aisle_navigation.driving.filters import FilterKind, FilterMask, FilterMeaning, with_filter
from aisle_navigation.driving.ground import Ground
from aisle_navigation.planning.planner import PlanOutcome
from aisle_navigation.planning.zones import no_zones
from store_model.clearance import ClearanceMap
from tests.navigation.rooms import ROBOT, grid, room

GRID = grid(room())
FULL_MPS = 1.0


def mask(value: float, x_m: float = 4.0, y_m: float = 0.0, width_m: float = 1.0, height_m: float = 8.0) -> FilterMask:
    """A mask of coarse cells with one value, somewhere in the room."""
    cell_m = 0.2
    values = np.full((round(height_m / cell_m), round(width_m / cell_m)), value, dtype=np.float32)
    return FilterMask(values, ClearanceMap(np.zeros_like(values), cell_m, x_m, y_m))


def test_a_keep_out_zone_across_the_room_leaves_no_way() -> None:
    ground = Ground(GRID, ROBOT)
    start, goal = Pose2(2.0, 4.0, 0.0), Pose2(8.0, 4.0, 0.0)
    assert ground.plan(start, goal, (), 0.0).outcome is PlanOutcome.FOUND
    ground.set_filters([(mask(100.0), FilterMeaning(FilterKind.KEEP_OUT))], FULL_MPS)
    assert ground.plan(start, goal, (), 0.0).outcome is PlanOutcome.NO_VALID_PATH
    assert ground.plan(start, Pose2(4.5, 4.0, 0.0), (), 0.0).outcome is PlanOutcome.GOAL_OCCUPIED
    ground.set_filters([], FULL_MPS)
    assert ground.plan(start, goal, (), 0.0).outcome is PlanOutcome.FOUND


def test_values_below_100_keep_nobody_out() -> None:
    zones = with_filter(no_zones(GRID), mask(99.0), FilterMeaning(FilterKind.KEEP_OUT), FULL_MPS)
    assert not zones.is_forbidden.any()


@pytest.mark.parametrize(
    ("value", "meaning", "expected_mps"),
    [
        (40.0, FilterMeaning(FilterKind.SPEED_PERCENT), 0.4),
        (40.0, FilterMeaning(FilterKind.SPEED_PERCENT, base=100.0, multiplier=-1.0), 0.6),
        (30.0, FilterMeaning(FilterKind.SPEED_MPS, multiplier=0.01), 0.3),
        (0.0, FilterMeaning(FilterKind.SPEED_PERCENT), math.inf),
        (-1.0, FilterMeaning(FilterKind.SPEED_PERCENT, base=50.0), math.inf),
    ],
)
def test_a_speed_filter_limits_where_its_mask_lies_and_nowhere_else(
    value: float, meaning: FilterMeaning, expected_mps: float
) -> None:
    zones = with_filter(no_zones(GRID), mask(value), meaning, FULL_MPS)
    assert zones.limit_at(4.5, 4.0) == pytest.approx(expected_mps)
    assert zones.limit_at(7.0, 4.0) == math.inf
