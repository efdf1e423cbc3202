from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store_model.checks import check_model, check_plan
from store_model.manifest import STORE_FILES
from store_model.maps import MapError, occupancy_grid
from store_model.plan import load_plan
from tests.catalogue.samples import PRODUCTS
from tests.store_model.small_store import change_plan, feature_named

ROBOT_RADIUS_M = 0.25
PRODUCT_IDS = frozenset(product.product_id for product in PRODUCTS)


def _faults(directory: Path) -> str:
    return "\n".join(str(fault) for fault in check_model(directory, PRODUCT_IDS, ROBOT_RADIUS_M))


def _move(dx_m: float, dy_m: float = 0.0) -> Callable[[dict[str, Any]], None]:
    def change(feature: dict[str, Any]) -> None:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"][0] = [[x + dx_m, y + dy_m] for x, y in ring]

    return change


def _place(x_m: float, y_m: float) -> Callable[[dict[str, Any]], None]:
    return lambda feature: feature["geometry"].__setitem__("coordinates", [x_m, y_m])


def _set(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda feature: feature["properties"].__setitem__(key, value)


def test_a_good_store_has_no_fault(store_dir: Path) -> None:
    assert check_model(store_dir, PRODUCT_IDS, ROBOT_RADIUS_M) == []


@pytest.mark.parametrize("name", STORE_FILES)
def test_a_missing_file_is_a_fault(store_dir: Path, name: str) -> None:
    (store_dir / name).unlink()
    assert f"{store_dir / name}: the file is missing" in _faults(store_dir)


def test_an_empty_directory_gives_faults_and_no_traceback(tmp_path: Path) -> None:
    assert len(check_model(tmp_path, None, ROBOT_RADIUS_M)) == len(STORE_FILES)


@pytest.mark.parametrize(
    ("feature_id", "change", "expected"),
    [
        ("G2", _move(-1.5), "fixtures G1 and G2 at (3.35, 3.00) m: overlap by 0.60 m2"),
        ("TILL1", _move(2.0), "fixture TILL1 at (8.60, 0.20) m: stands outside the store of 8.0 x 6.0 m"),
        ("G1-W1", _place(2.8, 2.5), "bay G1-W1 at (2.80, 2.50) m: is not on the edge of its fixture G1"),
        ("G1-W1", _set("shelf_count", 0), "bay G1-W1 at (2.50, 2.50) m: needs a shelf and a width, has 0 shelves"),
        (
            "G1-W1",
            _set("department_id", "fish"),
            "bay G1-W1 at (2.50, 2.50) m: belongs to the unknown department 'fish'",
        ),
        ("G1-W1", _set("aisle_id", "Z9"), "bay G1-W1 at (2.50, 2.50) m: faces the unknown aisle 'Z9'"),
        ("robot.home", _place(3.0, 3.0), "home, robot at (3.00, 3.00) m: the robot (radius 0.25 m) cannot stand there"),
        ("robot.dock", _place(0.3, 5.2), "dock, robot at (0.30, 5.20) m: the robot (radius 0.25 m) cannot stand there"),
        ("TILL1", _move(-0.6, 1.9), "bay G2-E1, robot at (5.85, 2.50) m: the robot (radius 0.25 m) cannot stand there"),
    ],
)
def test_a_fault_of_the_plan_is_named_with_its_place(
    store_dir: Path, feature_id: str, change: Callable[[dict[str, Any]], None], expected: str
) -> None:
    change_plan(store_dir, feature_named(feature_id, change))
    found = _faults(store_dir)
    assert expected in found, found


def test_an_outline_that_crosses_itself_is_a_fault(store_dir: Path) -> None:
    bow_tie = [[[6.6, 0.2], [7.2, 1.0], [7.2, 0.2], [6.6, 1.0]]]
    change_plan(store_dir, feature_named("TILL1", lambda f: f["geometry"].__setitem__("coordinates", bow_tie)))
    assert "fixture TILL1 at (6.60, 0.20) m: its outline crosses itself" in _faults(store_dir)


def test_a_bay_behind_a_wall_is_out_of_reach(store_dir: Path) -> None:
    wall = [[[5.9, 1.8], [7.8, 1.8], [7.8, 1.9], [5.9, 1.9]]]
    closing = [[[5.7, 4.0], [7.8, 4.0], [7.8, 4.1], [5.7, 4.1]]]

    def enclose(feature: dict[str, Any]) -> None:
        if feature["id"] == "wall-south":
            feature["geometry"]["coordinates"] = wall
        if feature["id"] == "wall-north":
            feature["geometry"]["coordinates"] = closing

    change_plan(store_dir, enclose)
    faults = [str(fault) for fault in check_plan(load_plan(store_dir), ROBOT_RADIUS_M)]
    assert any("bay G2-E1" in fault and "out of reach" in fault for fault in faults), faults
    assert not any("bay G1-W1" in fault for fault in faults)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("101,G1,G1-W2,1,1", "row 8: product 101 already stands in bay G1-W1 (row 2)"),
        ("555,G1,G1-W1,1,2", "row 8: product 555 is not in the catalogue"),
        ("555,G1,G1-W9,1,2", "row 8: bay 'G1-W9' is not in the plan"),
        ("555,G2,G1-W1,1,2", "row 8: bay G1-W1 belongs to fixture G1, not to 'G2'"),
        ("555,G1,G1-W1,4,2", "row 8: bay G1-W1 has 3 shelves, there is no shelf 4"),
        ("555,G1,G1-W1,one,2", "row 8: shelf must be a whole number from 1, found 'one'"),
        ("555,G1", "row 8: has 2 cells, needs 5"),
    ],
)
def test_a_fault_of_the_planogram_is_named_with_its_row(store_dir: Path, row: str, expected: str) -> None:
    with (store_dir / "planogram.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    assert expected in _faults(store_dir)


def test_all_bad_rows_are_listed_and_not_only_the_first(store_dir: Path) -> None:
    with (store_dir / "planogram.csv").open("a", encoding="utf-8") as file:
        file.write("a,b,c,d,e\n555,G1,G1-W9,1,2\n")
    found = _faults(store_dir)
    assert "row 8" in found
    assert "row 9" in found


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("plan.geojson", b'{"type": "nothing"', "plan.geojson: is not a GeoJSON floor plan"),
        ("planogram.csv", b"what,is,this\n", "planogram.csv: "),
        ("map.pgm", b"P5\n1 1\n255\n\0", "map.yaml: has (1, 1) cells, the plan makes (160, 120)"),
        ("map.yaml", b"image: [", "map.yaml"),
        ("store.yaml", b"store_id: 7\n", "store.yaml: "),
    ],
)
def test_a_damaged_file_is_a_fault(store_dir: Path, name: str, content: bytes, expected: str) -> None:
    (store_dir / name).write_bytes(content)
    assert expected in _faults(store_dir)


def test_a_map_that_is_not_the_plans_is_a_fault(store_dir: Path) -> None:
    picture = bytearray((store_dir / "map.pgm").read_bytes())
    picture[-160 * 40] ^= 0xFF
    (store_dir / "map.pgm").write_bytes(bytes(picture))
    assert "differs from the plan in 1 cells" in _faults(store_dir)


def test_a_plan_in_centimetres_is_one_fault_and_no_long_wait(store_dir: Path) -> None:
    plan = replace(load_plan(store_dir), size_m=(4000.0, 2500.0))
    faults = check_plan(plan, ROBOT_RADIUS_M)
    assert len(faults) == 1
    assert "is 4000 x 2500 m, at most 300 x 300 m can be checked" in str(faults[0])
    with pytest.raises(MapError, match="is it drawn in metres"):
        occupancy_grid(plan)


def test_a_map_of_absurd_resolution_is_a_fault_and_no_long_wait(store_dir: Path) -> None:
    header = store_dir / "map.yaml"
    header.write_text(header.read_text().replace("resolution: 0.05", "resolution: 0.001"))
    assert "map.yaml: has (160, 120) cells, the plan makes (8000, 6000)" in _faults(store_dir)
