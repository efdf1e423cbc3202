"""The crowd walks where it is sent and keeps out of fixtures, of each other and of the robot."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.people.crowd import Disc, Intent, Walker
from sim.people.figures import CARGO_SHAPES, Cargo
from sim.people.proposals import Proposals, walkable_area
from sim.people.shape import shape_of
from sim.people.steering import Surroundings, steer
from tests.sim.crowds import crowd_of, walk
from tests.sim.rooms import box, empty_room, walls

ROOM = empty_room(8.0, 8.0)
FAR_ROBOT = Disc(4.0, 7.0, 0.25)


def test_proposals_begin_exactly_where_people_are() -> None:
    proposals = Proposals(shapely.box(0.0, 0.0, 20.0, 6.0), 0.05)
    rng = np.random.default_rng(1)
    ahead, radii = np.tile([1.0, 0.0], (8, 1)), np.full(8, 0.25)
    for step in range(40):
        # Anywhere, every time: as if the last check had refused every move. They are too far apart to disturb.
        places = np.stack((1.0 + 2.4 * np.arange(8), rng.uniform(1.0, 5.0, 8)), axis=1)
        velocities = proposals.velocities(places, radii, ahead, np.full(8, 0.8), (19.0, 0.3 + 0.01 * step), 0.25)
        assert velocities == pytest.approx(0.8 * ahead, abs=0.02)


def test_nobody_who_stands_is_moved() -> None:
    proposals = Proposals(shapely.box(0.0, 0.0, 4.0, 4.0), 0.05)
    places = np.array([[1.0, 1.0], [1.3, 1.0], [0.1, 2.0]])
    velocities = proposals.velocities(places, np.full(3, 0.25), np.zeros((3, 2)), np.zeros(3), (1.2, 1.2), 0.4)
    assert np.abs(velocities).max() == 0.0


def test_the_area_has_its_fixtures_cut_out_and_holds_the_home() -> None:
    solids = (*walls(6.0, 6.0), box("shelf", 2.0, 2.0, 1.0, 1.0))
    area = walkable_area((6.0, 6.0), solids, (1.0, 1.0))
    assert area.area == pytest.approx(5.8**2 - 1.0)
    with pytest.raises(ValueError, match=r"home \(2.50, 2.50\) m is not on the free floor"):
        walkable_area((6.0, 6.0), solids, (2.5, 2.5))


@pytest.mark.parametrize("cargo", [Cargo.NONE, Cargo.TROLLEY])
def test_two_people_walking_head_on_pass_each_other(cargo: Cargo) -> None:
    left = Walker(1, 1.5, 4.0, 0.25, 1.2, cargo=cargo)
    right = Walker(2, 6.5, 4.0, 0.25, 1.2, yaw_rad=math.pi)
    crowd, nearest = crowd_of(ROOM, left, right), math.inf
    for _ in range(200):
        crowd.step([Intent(6.5, 4.0, 1.2), Intent(1.5, 4.0, 1.2)], FAR_ROBOT, 0.15)
        gap = min(math.dist(one, other) - r1 - r2 for one, r1 in left.discs for other, r2 in right.discs)
        nearest = min(nearest, gap)
    assert nearest > 0.0
    assert left.centre[0] == pytest.approx(6.5, abs=0.3)
    assert right.x_m == pytest.approx(1.5, abs=0.3)


def test_a_standing_person_gives_way_to_a_robot_that_comes_too_near_and_a_blocker_does_not() -> None:
    for gives_way, farthest in ((True, 4.5), (False, 4.0)):
        walker = Walker(1, 4.0, 4.0, 0.25, 1.2)
        walk(crowd_of(ROOM, walker), [Intent(4.0, 4.0, 0.0, None, gives_way)], Disc(3.3, 4.0, 0.25, 0.3, 0.0), 1.0)
        assert walker.x_m == pytest.approx(farthest, abs=0.45 if gives_way else 1e-9)
        assert (walker.x_m > 4.05) is gives_way


def test_somebody_with_a_trolley_turns_before_walking_off() -> None:
    walker = Walker(1, 4.0, 4.0, 0.25, 1.0, yaw_rad=0.0, cargo=Cargo.TROLLEY)
    crowd = crowd_of(ROOM, walker)
    walk(crowd, [Intent(1.0, 4.0, 1.0)], FAR_ROBOT, 0.5)
    assert walker.speed_mps < 0.7
    assert abs(walker.yaw_rad) > 0.5
    walk(crowd, [Intent(1.0, 4.0, 1.0)], FAR_ROBOT, 5.0)
    assert abs(walker.yaw_rad) == pytest.approx(math.pi, abs=0.3)


def test_who_ignores_the_robot_walks_straight_on_and_touches_it_only_when_that_is_allowed() -> None:
    robot = Disc(4.0, 4.0, 0.25)
    gaps = {}
    for contact_possible in (False, True):
        walker = Walker(1, 2.0, 4.0, 0.25, 1.2, ignores_robot=True)
        crowd = crowd_of(ROOM, walker, contact_possible=contact_possible)
        walk(crowd, [Intent(6.5, 4.0, 1.2)], robot, 4.0)
        gaps[contact_possible] = math.hypot(walker.x_m - 4.0, walker.y_m - 4.0) - 0.5
    assert gaps[False] > 0.02
    assert -0.01 <= gaps[True] <= 0.005


def test_everybody_else_walks_around_the_robot() -> None:
    walker = Walker(1, 2.0, 4.0, 0.25, 1.2)
    crowd, nearest = crowd_of(ROOM, walker), math.inf
    for _ in range(120):
        crowd.step([Intent(6.5, 4.0, 1.2)], Disc(4.0, 4.0, 0.25), 0.15)
        nearest = min(nearest, math.hypot(walker.x_m - 4.0, walker.y_m - 4.0) - 0.5)
    assert walker.x_m > 6.0
    assert nearest > 0.15


@settings(max_examples=40, deadline=None)
@given(
    x=st.floats(1.0, 7.0), y=st.floats(1.0, 7.0), goal_x=st.floats(-3.0, 11.0), goal_y=st.floats(-3.0, 11.0),
    robot_x=st.floats(1.0, 7.0), robot_y=st.floats(1.0, 7.0), cargo=st.sampled_from([Cargo.NONE, Cargo.PRAM]),
)  # fmt: skip
def test_a_walk_never_enters_walls_or_the_robot(
    x: float, y: float, goal_x: float, goal_y: float, robot_x: float, robot_y: float, cargo: Cargo
) -> None:
    walker = Walker(1, x, y, 0.25, 1.4, cargo=cargo)
    robot = Disc(robot_x, robot_y, 0.25)
    if any(math.dist(place, (robot_x, robot_y)) < r + 0.26 or not _inside(place, r) for place, r in walker.discs):
        return
    walk(crowd_of(ROOM, walker), [Intent(goal_x, goal_y, 1.4)], robot, 2.0)
    for place, radius in walker.discs:
        assert _inside(place, radius)
        assert math.dist(place, (robot_x, robot_y)) >= radius + 0.25 - 1e-9


def _inside(place: tuple[float, float], radius_m: float) -> bool:
    return all(0.1 + radius_m - 1e-9 <= value <= 7.9 - radius_m + 1e-9 for value in place)


def test_steering_aims_past_the_side_of_somebody_ahead_and_straight_when_alone() -> None:
    def direction(other_y: float) -> float:
        around = Surroundings(
            centre=np.array([[0.0, 0.0], [1.5, other_y]]), velocity=np.zeros((2, 2)), radius=np.full(2, 0.25),
            target=np.array([[5.0, 0.0], [1.5, other_y]]), speed=np.array([1.2, 0.0]),
            gives_way=np.ones(2, dtype=bool), ignores=np.zeros(2, dtype=bool),
            robot=np.array([50.0, 50.0]), robot_velocity=np.zeros(2), robot_radius=0.4,
        )  # fmt: skip
        return math.atan2(*steer(around).direction[0][::-1])

    assert direction(0.2) < -0.05
    assert direction(-0.2) > 0.05
    assert direction(0.0) < -0.05
    assert abs(direction(40.0)) < 1e-6


@pytest.mark.parametrize("cargo", [Cargo.TROLLEY, Cargo.PRAM, Cargo.WHEELCHAIR, Cargo.PALLET_TRUCK])
def test_discs_cover_what_is_pushed_along_its_whole_length(cargo: Cargo) -> None:
    shape, cover = shape_of(0.25, cargo), CARGO_SHAPES[cargo]
    for ahead in np.linspace(cover.offset_m - 0.5 * cover.length_m, cover.reach_m, 20):
        assert min(abs(ahead - middle) - radius for middle, radius in shape.discs) <= 1e-9
    assert max(radius for _, radius in shape.discs[1:]) == pytest.approx(0.5 * cover.width_m)
    assert shape.is_long
