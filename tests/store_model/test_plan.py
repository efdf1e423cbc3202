from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from store_model.plan import PlanError, StorePlan, load_plan
from tests.store_model.small_store import change_plan, feature_named, write_plan


def test_a_plan_is_read_with_its_bays_in_walking_order(small_plan: StorePlan) -> None:
    assert small_plan.size_m == (8.0, 6.0)
    assert small_plan.shelf_walk == ("G1-W1", "G1-W2", "G1-E1", "G1-E2", "G2-E1", "G2-E2")
    bay = small_plan.bays["G1-E2"]
    assert (bay.front_x_m, bay.front_y_m, bay.shelf_count, bay.aisle_id) == (3.5, 3.5, 3, "A2")
    assert small_plan.aisle("A2").name["de"] == "Gang A2"
    assert [till.fixture_id for till in small_plan.tills] == ["TILL1"]
    assert len(small_plan.obstacles) == 4 + 3


def test_a_missing_plan_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"plan.geojson: cannot be read: .*aisle store build"):
        load_plan(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"type": "Feature"}', b"\xff\xfe\x00", b'{"type":"FeatureCollection"}']
)
def test_what_is_no_geojson_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plan.geojson").write_bytes(content)
    with pytest.raises(PlanError, match=r"plan\.geojson: is not a GeoJSON floor plan"):
        load_plan(tmp_path)


def _drop(key: str) -> Any:
    return lambda feature: feature["properties"].pop(key)


def _set(key: str, value: object) -> Any:
    return lambda feature: feature["properties"].__setitem__(key, value)


def _geometry(geometry: dict[str, object]) -> Any:
    return lambda feature: feature.__setitem__("geometry", geometry)


@pytest.mark.parametrize(
    ("feature_id", "change", "message"),
    [
        ("G1-W1", _drop("normal_yaw_rad"), "anchor G1-W1: property 'normal_yaw_rad' is missing"),
        ("G1-W1", _set("width_m", "wide"), "anchor G1-W1: property 'width_m': Expected `float`"),
        ("G1-W1", _set("fixture_id", "G9"), "anchor G1-W1: its fixture 'G9' is not in the plan"),
        ("G1", _geometry({"type": "Point", "coordinates": [0, 0]}), "fixture G1: must be a Polygon, is a Point"),
        (
            "G1",
            _geometry({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}),
            "fixture G1: a polygon needs at least 3",
        ),
        ("G1", _geometry({"type": "Polygon", "coordinates": [[["a", 0]]]}), "fixture G1: bad coordinates"),
        (
            "G1",
            _geometry({"type": "Polygon", "coordinates": [[[0, 0], [9e9, 0], [0, 1]]]}),
            "fixture G1: bad coordinates",
        ),
        ("G2", lambda feature: feature.__setitem__("id", "G1"), "fixture G1: the id is used twice"),
        (
            "robot.dock",
            _set("category", "robot.doc"),
            "exactly one amenity of category 'robot.dock' is needed, found 0",
        ),
        (
            "level-0",
            _geometry({"type": "Polygon", "coordinates": [[[1, 0], [8, 0], [8, 6]]]}),
            "must be the map origin",
        ),
    ],
)
def test_a_broken_feature_is_named(tmp_path: Path, feature_id: str, change: Any, message: str) -> None:
    write_plan(tmp_path)
    change_plan(tmp_path, feature_named(feature_id, change))
    with pytest.raises(PlanError) as caught:
        load_plan(tmp_path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "plan.geojson"))


def test_the_frame_of_the_coordinates_is_stated(tmp_path: Path) -> None:
    write_plan(tmp_path)
    content = json.loads((tmp_path / "plan.geojson").read_text(encoding="utf-8"))
    assert content["coordinate_frame"]["unit"] == "metre"
    del content["coordinate_frame"]
    (tmp_path / "plan.geojson").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PlanError, match="coordinate_frame"):
        load_plan(tmp_path)
