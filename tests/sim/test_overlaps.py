"""Overlaps of simulated people are found, measured, and counted once."""

from __future__ import annotations

import pytest

from aisle.geometry import Pose2, Twist2
from sim.overlaps import LOOK_PERIOD_S, OverlapCount
from sim.world import CARGO_IDS, GroundTruth, TruePerson, World
from tests.sim.rooms import box, reference_robot, small_shop

SHELF = (box("shelf", 0.0, 0.0, 1.0, 1.0),)


def moment(*discs: tuple[int, float, float]) -> GroundTruth:
    people = tuple(TruePerson(number, x, y, 0.0, 0.0, 0.25) for number, x, y in discs)
    return GroundTruth(0.0, Pose2(9.0, 9.0, 0.0), Twist2(), people)


def test_two_people_in_each_other_count_once_for_as_long_as_it_lasts() -> None:
    count = OverlapCount(SHELF)
    for second_x in (5.6, 5.47, 5.45, 5.6, 5.46):
        count.look(moment((1, 5.0, 5.0), (2, second_x, 5.0)))
    assert count.pairs == 2
    assert count.worst_pair_m == pytest.approx(0.05)
    assert count.person_minutes == pytest.approx(2 * 5 * LOOK_PERIOD_S / 60.0)


def test_less_than_a_centimetre_and_ones_own_trolley_do_not_count() -> None:
    count = OverlapCount(SHELF)
    count.look(moment((1, 5.0, 5.0), (2, 5.495, 5.0), (3, 8.0, 5.0), (3 + CARGO_IDS, 8.2, 5.0)))
    assert count.pairs == 0
    assert count.worst_pair_m == pytest.approx(0.005)


def test_somebody_in_a_shelf_is_counted_with_the_depth() -> None:
    count = OverlapCount(SHELF)
    for _ in range(3):
        count.look(moment((1, 1.2, 0.5), (2, 4.0, 4.0)))
    assert count.fixtures == 1
    assert count.worst_fixture_m == pytest.approx(0.05)


def test_the_people_of_a_shop_keep_apart() -> None:
    shop = small_shop()
    world, count = World(shop, reference_robot(), 6, 2), OverlapCount(shop.solids)
    for _ in range(1200):
        world.step()
        count.observe(world)
    assert count.person_minutes == pytest.approx(0.6, abs=0.02)
    assert (count.pairs, count.fixtures) == (0, 0)
    assert count.worst_pair_m < 0.01
