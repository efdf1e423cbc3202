from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest
import shapely

from catalogue.settings import load_categories
from store_model.checks import check_plan
from store_model.demo_plan import demo_plan_text
from store_model.plan import StorePlan
from store_model.poses import free_depth
from tests.store_model.conftest import DEMO_CONFIG

ROBOT_RADIUS_M = 0.25


def test_the_committed_plan_is_the_output_of_its_generator() -> None:
    departments = load_categories(DEMO_CONFIG).departments
    names = {key: department.names() for key, department in departments.items()}
    colours = {key: department.colour for key, department in departments.items()}
    assert (DEMO_CONFIG / "plan.geojson").read_text(encoding="utf-8") == demo_plan_text(names, colours)


def test_the_demo_plan_has_no_fault(demo_plan: StorePlan) -> None:
    assert check_plan(demo_plan, ROBOT_RADIUS_M) == []


def test_it_is_a_supermarket_of_40_by_25_metres_with_everything_in_it(demo_plan: StorePlan) -> None:
    kinds = [fixture.kind for fixture in demo_plan.fixtures]
    assert demo_plan.size_m == (40.0, 25.0)
    assert kinds.count("gondola") >= 20
    assert kinds.count("endcap") == 2 * kinds.count("gondola")
    assert {"wall_shelf", "table", "desk", "dock"} <= set(kinds)
    assert len(demo_plan.tills) >= 3
    assert len(demo_plan.openings) == 2


def test_exactly_one_aisle_is_narrow_and_the_others_are_normal(demo_plan: StorePlan) -> None:
    widths = sorted(aisle.width_m for aisle in demo_plan.aisles)
    assert widths[0] == 1.2
    assert widths[1] >= 1.8
    assert widths[-1] <= 2.4


def test_the_stated_width_of_every_aisle_is_its_clear_width(demo_plan: StorePlan) -> None:
    for aisle in demo_plan.aisles:
        bounds = shapely.Polygon(aisle.polygon).bounds
        assert min(bounds[2] - bounds[0], bounds[3] - bounds[1]) == pytest.approx(aisle.width_m)
        inside = shapely.Polygon(aisle.polygon)
        assert not any(shapely.Polygon(ring).intersection(inside).area > 1e-6 for ring in demo_plan.obstacles)


def test_every_bay_looks_into_free_floor_of_its_aisle(demo_plan: StorePlan) -> None:
    for bay in demo_plan.bays.values():
        assert free_depth(demo_plan, bay) >= 1.19, bay.bay_id


def test_neighbours_in_the_shelf_walk_are_neighbours_in_the_store(demo_plan: StorePlan) -> None:
    for department in demo_plan.departments:
        bays = [
            demo_plan.bays[b]
            for b in demo_plan.shelf_walk
            if demo_plan.bays[b].department_id == department.department_id
        ]
        steps = [math.dist((a.front_x_m, a.front_y_m), (b.front_x_m, b.front_y_m)) for a, b in pairwise(bays)]
        assert max(steps, default=0.0) < 7.0, department.department_id


def test_home_is_near_the_entrance_with_room_around_it(demo_plan: StorePlan) -> None:
    home = shapely.Point(demo_plan.home.x_m, demo_plan.home.y_m)
    assert home.distance(shapely.Point(demo_plan.entrance)) < 6.0
    assert min(shapely.Polygon(ring).distance(home) for ring in demo_plan.obstacles) > 1.5


def test_the_generator_refuses_departments_that_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store_model.demo_plan.DEPARTMENT_BAYS", (("dairy", 1),))
    with pytest.raises(ValueError, match="379 bays, the departments share 1"):
        demo_plan_text({}, {})


def test_ids_are_unique_and_every_feature_has_one() -> None:
    features = json.loads((DEMO_CONFIG / "plan.geojson").read_text(encoding="utf-8"))["features"]
    ids = [feature["id"] for feature in features]
    assert len(ids) == len(set(ids))
