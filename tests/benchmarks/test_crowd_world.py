"""The crowd's world: who touches whom between two steps, where people start, and how ORCA walks."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.crowd_world import (
    CIRCLE_RADIUS_M,
    RADIUS_M,
    ROBOT_GOAL,
    ROBOT_START,
    SPEED_MPS,
    SQUARE_WIDTH_M,
    STEP_S,
    OrcaCrowd,
    Scene,
    circle_scene,
    closest_gap_m,
    square_scene,
)

BODIES_M = 2.0 * RADIUS_M
APART_M = BODIES_M + 0.2
STILL = np.zeros((2, 2))


def places(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, dtype=np.float64)


def gap_of_way(person: tuple[float, float], *way: tuple[float, float]) -> float:
    """The gap to somebody who stands."""
    return closest_gap_m(places(*way), places(person), places(person))


@pytest.mark.parametrize(
    ("person", "way", "expected_m"),
    [
        ((1.0, 0.0), ((0.0, 0.0), (0.0, 0.0)), 0.4),
        ((0.6, 0.0), ((0.0, 0.0), (0.0, 0.0)), 0.0),
        ((0.3, 0.0), ((0.0, 0.0), (0.0, 0.0)), -0.3),
        # Passed at 0.8 m in the middle of the step, although both ends are farther off.
        ((0.5, 0.8), ((0.0, 0.0), (1.0, 0.0)), 0.2),
        # Run over: neither end touches.
        ((1.0, 0.0), ((0.0, 0.0), (2.0, 0.0)), -0.6),
        # Nearest at the end of the step, not on the line's continuation.
        ((3.0, 0.0), ((0.0, 0.0), (1.0, 0.0)), 1.4),
        # A bend: the corner at (1, 0) is nearest.
        ((1.0, -0.7), ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), 0.1),
    ],
)
def test_the_gap_to_somebody_who_stands_is_known(
    person: tuple[float, float], way: tuple[tuple[float, float], ...], expected_m: float
) -> None:
    assert gap_of_way(person, *way) == pytest.approx(expected_m, abs=1e-6)


def test_two_who_walk_into_each_other_touch_between_the_steps() -> None:
    assert closest_gap_m(places((0, 0), (2, 0)), places((2, 0)), places((0, 0))) == pytest.approx(-BODIES_M)


def test_two_who_walk_side_by_side_keep_their_gap() -> None:
    assert closest_gap_m(places((0, 0), (2, 0)), places((0, 1)), places((2, 1))) == pytest.approx(1.0 - BODIES_M)


def test_two_whose_ways_cross_at_different_times_do_not_touch() -> None:
    # Both come by (1, 0): the robot at half of the step, the other one at its end.
    gap_m = closest_gap_m(places((0, 0), (2, 0)), places((1, 2)), places((1, 0)))
    # Relative motion from (-1, -2) by (2, 2): nearest at three quarters, at (0.5, -0.5).
    assert gap_m == pytest.approx(math.hypot(0.5, 0.5) - BODIES_M, abs=1e-6)


def test_the_nearest_of_many_counts_and_nobody_is_far() -> None:
    people = places((5, 0), (0, 0.9), (-4, 1))
    assert closest_gap_m(STILL, people, people) == pytest.approx(0.3)
    assert closest_gap_m(STILL, np.zeros((0, 2)), np.zeros((0, 2))) == math.inf


coordinates = st.floats(-3.0, 3.0)
points = st.tuples(coordinates, coordinates)


@given(points, points, points, points)
def test_no_moment_of_a_step_is_nearer_than_the_gap_and_one_is_as_near(
    start: tuple[float, float], end: tuple[float, float], before: tuple[float, float], after: tuple[float, float]
) -> None:
    gap_m = closest_gap_m(places(start, end), places(before), places(after))
    shares = np.linspace(0.0, 1.0, 501)[:, None]
    robot = np.array(start) + shares * (np.array(end) - start)
    person = np.array(before) + shares * (np.array(after) - before)
    sampled_m = float(np.linalg.norm(robot - person, axis=1).min()) - BODIES_M
    assert gap_m <= sampled_m + 1e-6
    assert gap_m >= sampled_m - 0.04


@pytest.mark.parametrize("scene_of", [circle_scene, square_scene])
@pytest.mark.parametrize("people", [5, 10])
def test_people_start_and_end_apart_and_off_the_robots_ends(
    scene_of: Callable[[int, np.random.Generator], Scene], people: int
) -> None:
    for seed in range(20):
        scene = scene_of(people, np.random.default_rng(seed))
        for at, own in ((scene.starts, ROBOT_START), (scene.goals, ROBOT_GOAL)):
            everybody = [own, *at]
            pairs = [(a, b) for index, a in enumerate(everybody) for b in everybody[:index]]
            assert len(at) == people
            assert min(math.dist(a, b) for a, b in pairs) >= APART_M


def test_on_the_circle_goals_are_opposite_and_in_the_square_in_the_other_half() -> None:
    circle, square = (scene_of(10, np.random.default_rng(3)) for scene_of in (circle_scene, square_scene))
    np.testing.assert_array_equal(circle.goals, -circle.starts)
    assert np.all(np.abs(np.linalg.norm(circle.starts, axis=1) - CIRCLE_RADIUS_M) <= math.hypot(0.5, 0.5))
    assert np.all(square.starts[:, 0] * square.goals[:, 0] <= 0.0)
    assert np.all(np.abs(square.starts) <= 0.5 * SQUARE_WIDTH_M)


def test_the_same_seed_places_and_walks_the_same_crowd_and_another_one_does_not() -> None:
    def walked(seed: int) -> np.ndarray:
        scene = circle_scene(10, np.random.default_rng(seed))
        crowd = OrcaCrowd(scene.starts, scene.goals)
        for _ in range(20):
            crowd.step()
        return crowd.positions.copy()

    np.testing.assert_array_equal(walked(1), walked(1))
    assert not np.array_equal(walked(1), walked(2))


def test_a_crowd_walks_no_faster_than_it_may_touches_nobody_and_arrives() -> None:
    scene = circle_scene(5, np.random.default_rng(4))
    crowd = OrcaCrowd(scene.starts, scene.goals)
    for _ in range(80):
        before = crowd.positions.copy()
        crowd.step()
        assert np.all(np.linalg.norm(crowd.positions - before, axis=1) <= SPEED_MPS * STEP_S + 1e-6)
        apart_m = np.linalg.norm(crowd.positions[:, None] - crowd.positions[None], axis=2)
        assert apart_m[~np.eye(5, dtype=bool)].min() >= BODIES_M - 1e-3
    assert np.all(np.linalg.norm(crowd.positions - scene.goals, axis=1) < RADIUS_M)
