"""Shoppers walk, browse, and keep out of fixtures, of each other and of the robot."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from aisle.geometry import Pose2
from sim.people.crowd import Disc, Intent, Walker, walk
from sim.people.population import PERIOD_S, Population
from sim.people.shoppers import Shoppers
from tests.sim.rooms import empty_room, small_shop

FloatArray = npt.NDArray[np.float64]

SHOP = small_shop()
ROOM = empty_room(8.0, 8.0)
FAR_ROBOT = Disc(3.5, 8.7, 0.25)


def shop_for(seed: int, seconds: float, robot: Disc = FAR_ROBOT) -> tuple[FloatArray, FloatArray]:
    """Return positions (steps, people, 2) and radii of six shoppers."""
    keep_free = [Disc(robot.x_m, robot.y_m, robot.radius_m + 0.5)]
    people = Population(Shoppers(6, list(SHOP.spots), SHOP.floor, keep_free, seed), None, SHOP.floor)
    rows = []
    for step in range(round(seconds / PERIOD_S)):
        people.step(step * PERIOD_S, Pose2(robot.x_m, robot.y_m, 0.0), robot)
        rows.append(people.positions(1.0))
    return np.array(rows), np.array(people.radii_m)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shoppers_never_overlap_fixtures_people_or_a_standing_robot(seed: int) -> None:
    positions, radii = shop_for(seed, 60.0)
    solid = shapely.union_all([shapely.Polygon(s.outline) for s in SHOP.solids])
    to_shelf = shapely.distance(solid, shapely.points(positions.reshape(-1, 2))).reshape(positions.shape[:2])
    assert (to_shelf - radii).min() > 0.0
    apart = np.linalg.norm(positions[:, :, None] - positions[:, None], axis=-1) - radii[:, None] - radii
    assert apart[:, ~np.eye(6, dtype=bool)].min() > 0.0
    to_robot = np.linalg.norm(positions - [FAR_ROBOT.x_m, FAR_ROBOT.y_m], axis=-1) - radii - FAR_ROBOT.radius_m
    assert to_robot.min() > 0.0


def test_shoppers_both_walk_and_stand() -> None:
    positions, _ = shop_for(4, 60.0)
    speeds = np.linalg.norm(np.diff(positions, axis=0), axis=-1) / PERIOD_S
    walking = (speeds > 0.3).mean(axis=0)
    assert (walking > 0.1).all()
    assert (walking < 0.9).all()
    assert 0.6 < speeds.max() <= 1.45


def test_two_people_walking_head_on_pass_each_other() -> None:
    left, right = Walker(1, 1.5, 4.0, 0.25, 1.2), Walker(2, 6.5, 4.0, 0.25, 1.2)
    nearest = math.inf
    for _ in range(140):
        for walker, other, x in ((left, right, 6.5), (right, left, 1.5)):
            disc = Disc(other.x_m, other.y_m, other.radius_m, other.vx_mps, other.vy_mps)
            walk(walker, Intent(x, 4.0, 1.2), [disc], Disc(4.0, 7.0, 0.25), ROOM.floor, PERIOD_S)
        nearest = min(nearest, math.hypot(left.x_m - right.x_m, left.y_m - right.y_m) - 0.5)
    assert nearest > 0.0
    assert left.x_m == pytest.approx(6.5, abs=0.3)
    assert right.x_m == pytest.approx(1.5, abs=0.3)


def test_a_standing_person_gives_way_to_a_robot_that_comes_too_near() -> None:
    walker = Walker(1, 4.0, 4.0, 0.25, 1.2)
    robot = Disc(3.3, 4.0, 0.25, 0.3, 0.0)
    for _ in range(20):
        walk(walker, Intent(4.0, 4.0, 0.0), [], robot, ROOM.floor, PERIOD_S)
    assert walker.x_m > 4.05


@settings(max_examples=60, deadline=None)
@given(
    x=st.floats(0.5, 7.5), y=st.floats(0.5, 7.5), goal_x=st.floats(-3.0, 11.0), goal_y=st.floats(-3.0, 11.0),
    robot_x=st.floats(1.0, 7.0), robot_y=st.floats(1.0, 7.0),
)  # fmt: skip
def test_a_walk_never_enters_walls_or_the_robot(
    x: float, y: float, goal_x: float, goal_y: float, robot_x: float, robot_y: float
) -> None:
    if math.hypot(x - robot_x, y - robot_y) < 0.51:
        return
    walker = Walker(1, x, y, 0.25, 1.4)
    for _ in range(60):
        walk(walker, Intent(goal_x, goal_y, 1.4), [], Disc(robot_x, robot_y, 0.25), ROOM.floor, PERIOD_S)
    assert 0.34 <= walker.x_m <= 7.66
    assert 0.34 <= walker.y_m <= 7.66
    assert math.hypot(walker.x_m - robot_x, walker.y_m - robot_y) >= 0.5
