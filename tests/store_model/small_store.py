"""A store of 8 x 6 m with two gondola runs, small enough for a test to look at every part of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from catalogue.database import write_catalogue
from store_model.demo_plan_file import Front, PlanParts, plan_text
from store_model.manifest import CATALOGUE_FILE, StoreManifest, write_manifest
from store_model.maps import draw_map, occupancy_grid, write_map_server
from store_model.plan import StorePlan, load_plan
from store_model.planogram import Placement, write_planogram
from tests.catalogue.samples import CATEGORIES, PRODUCTS

EAST, WEST = 0.0, math.pi
NAMES = {
    "dairy": {"en": "Dairy", "de": "Molkerei", "es": "Lácteos", "fr": "Crémerie"},
    "dry": {"en": "Dry goods", "de": "Trockenware", "es": "Despensa", "fr": "Épicerie"},
}

PARTS = PlanParts(
    name="Small store",
    size_m=(8.0, 6.0),
    walls=(
        ("wall-west", (0.0, 0.0, 0.2, 6.0)),
        ("wall-east", (7.8, 0.0, 8.0, 6.0)),
        ("wall-north", (0.2, 5.8, 7.8, 6.0)),
        ("wall-south", (0.2, 0.0, 7.8, 0.2)),
    ),
    openings=(("door", "pedestrian.principal", (1.0, 0.1), (2.0, 0.1)),),
    zones=(("zone-entrance", "entrance", (0.2, 0.2, 3.0, 1.8), {"en": "Entrance", "de": "Eingang"}),),
    aisles=(
        ("A1", (0.2, 2.0, 2.5, 4.0), 2.3),
        ("A2", (3.5, 2.0, 4.7, 4.0), 1.2),
        ("A3", (5.7, 2.0, 7.8, 4.0), 2.1),
    ),
    fixtures=(
        ("G1", "gondola", (2.5, 2.0, 3.5, 4.0), 1.8),
        ("G2", "gondola", (4.7, 2.0, 5.7, 4.0), 1.8),
        ("TILL1", "till", (6.6, 0.2, 7.2, 1.0), 1.0),
    ),
    walk=(
        Front("G1", "W", (2.5, 2.0), WEST, 2, 3, "A1"),
        Front("G1", "E", (3.5, 2.0), EAST, 2, 3, "A2"),
        Front("G2", "E", (5.7, 2.0), EAST, 2, 2, "A3"),
    ),
    department_bays=(("dairy", 2), ("dry", 4)),
    department_names=NAMES,
    colours={"dairy": "#7fb8e0", "dry": "#e0b93c"},
    poses={"robot.dock": (1.0, 5.2, 0.0), "robot.home": (2.0, 1.0, 0.0), "robot.service_desk": (5.0, 1.0, 0.0)},
    entrance=(1.5, 0.1),
)

PLACEMENTS = tuple(
    Placement(product.product_id, bay[:2], bay, 1, 1)
    for product, bay in zip(PRODUCTS, ("G1-W1", "G1-W2", "G1-E1", "G1-E2", "G2-E1", "G2-E2"), strict=True)
)


def write_plan(directory: Path) -> StorePlan:
    """Write and load plan.geojson of the small store."""
    (directory / "plan.geojson").write_text(plan_text(PARTS), encoding="utf-8")
    return load_plan(directory)


def write_store(directory: Path) -> StorePlan:
    """Write a whole, faultless store directory."""
    plan = write_plan(directory)
    write_planogram(PLACEMENTS, directory)
    write_catalogue(directory / CATALOGUE_FILE, PRODUCTS, CATEGORIES)
    write_map_server(occupancy_grid(plan), directory)
    draw_map(plan, 240).save(directory / "map.png")
    write_manifest(
        StoreManifest(
            store_id="small", name=plan.name, currency="EUR", source="test", stamp="0", product_count=len(PRODUCTS),
            bay_count=len(plan.bays), demo_seed=0,
        ),
        directory,
    )  # fmt: skip
    return plan


def change_plan(directory: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Apply a change to every feature of a store's plan.geojson."""
    path = directory / "plan.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    for feature in content["features"]:
        change(feature)
    path.write_text(json.dumps(content), encoding="utf-8")


def feature_named(feature_id: str, change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """Return a change that only the feature of this id feels."""
    return lambda feature: change(feature) if feature["id"] == feature_id else None


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a text file."""
    yield from path.read_text(encoding="utf-8").splitlines()
