"""The simulated store is the floor plan: its walls, fixtures, shelves and tills."""

from __future__ import annotations

import math

import pytest

from aisle.paths import config_dir
from sim.scene.store_layout import layout_of
from sim.scoring import Recording
from sim.world import CARGO_IDS, World
from store_model.plan import load_plan
from tests.sim.rooms import reference_robot

PLAN = load_plan(config_dir() / "stores" / "demo")
LAYOUT = layout_of(PLAN)


def test_every_wall_and_fixture_becomes_a_solid_of_its_height() -> None:
    heights = {solid.name: solid.height_m for solid in LAYOUT.solids}
    assert len(heights) == len(PLAN.walls) + len(PLAN.fixtures)
    for fixture in PLAN.fixtures:
        assert heights[fixture.fixture_id] == fixture.height_m


def test_every_bay_and_till_can_be_walked_to() -> None:
    assert sum(spot.is_till for spot in LAYOUT.spots) == len(PLAN.tills)
    assert len(LAYOUT.spots) == len(PLAN.bays) + len(PLAN.tills)


def test_the_laser_at_home_sees_the_nearest_fixture_where_the_plan_has_it() -> None:
    scan = World(LAYOUT, reference_robot(), 0, 1).scan()
    nearest_m = LAYOUT.floor.clearance(PLAN.home.x_m, PLAN.home.y_m)
    assert scan.ranges_m.min() == pytest.approx(nearest_m, abs=0.09)


def test_shoppers_start_away_from_the_robot() -> None:
    recording = Recording(reference_robot().base.radius_m)
    recording.observe(World(LAYOUT, reference_robot(), 6, 5))
    people = recording.moments[0].people
    assert len({person.person_id % CARGO_IDS for person in people}) == 6
    assert all(math.dist((p.x_m, p.y_m), (PLAN.home.x_m, PLAN.home.y_m)) > 2.0 for p in people)
