"""The floor plan: walls, fixtures with their bays, aisles, zones and the places the robot knows, all in the map frame.

The map frame has its origin in the lower-left corner of the store, x to the right, y up, metres, yaw after REP 103.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import shapely

from aisle.geometry import Pose2
from store_model import geojson
from store_model.geojson import Collection, Feature, Labels, PlanError, Point

__all__ = [
    "PLAN_FILE",
    "Aisle",
    "Bay",
    "Department",
    "Fixture",
    "PlanError",
    "Ring",
    "StorePlan",
    "Zone",
    "load_plan",
    "parse_plan",
]

PLAN_FILE = "plan.geojson"

Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Bay:
    """One shelf front of a fixture: its centre, the direction out of the shelf, and what it may hold.

    `aisle_id` is the aisle the front looks into, `number` counts the bays of one front from 1.
    """

    bay_id: str
    fixture_id: str
    front_x_m: float
    front_y_m: float
    normal_yaw_rad: float
    width_m: float
    shelf_count: int
    aisle_id: str
    department_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Fixture:
    """Something that stands on the floor and cannot be driven through."""

    fixture_id: str
    kind: str
    polygon: Ring
    height_m: float
    bays: tuple[Bay, ...] = ()


@dataclass(frozen=True, slots=True)
class Aisle:
    """A walkway between fixtures; `width_m` is its clear width."""

    aisle_id: str
    name: Labels
    polygon: Ring
    width_m: float


@dataclass(frozen=True, slots=True)
class Zone:
    """An area with a purpose: entrance, tills, produce hall, dock, staff room."""

    zone_id: str
    kind: str
    name: Labels
    polygon: Ring


@dataclass(frozen=True, slots=True)
class Department:
    """What belongs together on the shelves; `colour` (#rrggbb) is the one it has on every map."""

    department_id: str
    name: Labels
    colour: str


@dataclass(frozen=True)
class StorePlan:
    """The whole floor plan. `walls` include the closed leaves of the doors in `openings`.

    `dock`, `home` (where the robot waits for shoppers) and `service_desk` (where it stands before the desk) are
    poses of the robot's base in the map frame; `entrance` is the middle of the entrance. `shelf_walk` names the bays
    in the order in which somebody passes them who sees every shelf; neighbours in it are neighbours in the store.
    """

    name: str
    size_m: tuple[float, float]
    walls: tuple[Ring, ...]
    openings: tuple[tuple[str, Ring], ...]
    fixtures: tuple[Fixture, ...]
    aisles: tuple[Aisle, ...]
    zones: tuple[Zone, ...]
    departments: tuple[Department, ...]
    shelf_walk: tuple[str, ...]
    dock: Pose2
    home: Pose2
    service_desk: Pose2
    entrance: Point

    @cached_property
    def bays(self) -> dict[str, Bay]:
        """All bays by their id, in the order of the file."""
        return {bay.bay_id: bay for fixture in self.fixtures for bay in fixture.bays}

    @cached_property
    def obstacles(self) -> tuple[Ring, ...]:
        """Everything that blocks the way: walls, closed doors and fixtures."""
        return self.walls + tuple(fixture.polygon for fixture in self.fixtures)

    @cached_property
    def obstacle_index(self) -> shapely.STRtree:
        """A spatial index over the obstacles, as polygons."""
        return shapely.STRtree([shapely.Polygon(ring) for ring in self.obstacles])

    @property
    def tills(self) -> tuple[Fixture, ...]:
        """The check-outs."""
        return tuple(fixture for fixture in self.fixtures if fixture.kind == "till")

    def aisle(self, aisle_id: str) -> Aisle:
        """Return one aisle. Raises KeyError."""
        return next(aisle for aisle in self.aisles if aisle.aisle_id == aisle_id)


def load_plan(store_dir: Path) -> StorePlan:
    """Read the plan of a store directory. Raises PlanError with the place of the fault."""
    path = store_dir / PLAN_FILE
    try:
        return parse_plan(geojson.read_collection(path))
    except PlanError as error:
        message = str(error)
        raise PlanError(message if message.startswith(str(path)) else f"{path}: {message}") from error


def parse_plan(collection: Collection) -> StorePlan:
    """Build the plan from its features. Raises PlanError for a missing, doubled or broken feature."""
    features = collection.features
    _refuse_doubles(features)
    sections = [feature for feature in features if feature.feature_type == "section"]
    bays = [_bay(feature) for feature in _of(features, "anchor", "shelf.bay")]
    return StorePlan(
        name=collection.name,
        size_m=_size(features),
        walls=tuple(geojson.ring(f) for f in _of(features, "unit", "structure")),
        openings=tuple((f.id, geojson.line(f)) for f in features if f.feature_type == "opening"),
        fixtures=_fixtures(features, bays),
        aisles=tuple(_aisle(feature) for feature in _of(features, "unit", "walkway")),
        zones=tuple(_zone(f) for f in sections if "department" not in f.properties),
        departments=tuple(_department(f) for f in sections if "department" in f.properties),
        shelf_walk=tuple(bay.bay_id for bay in bays),
        dock=_pose(features, "robot.dock"),
        home=_pose(features, "robot.home"),
        service_desk=_pose(features, "robot.service_desk"),
        entrance=geojson.point(_only(features, "amenity", "entrance")),
    )


def _refuse_doubles(features: Iterable[Feature]) -> None:
    seen: set[str] = set()
    for feature in features:
        if feature.id in seen:
            raise PlanError(f"{feature.feature_type} {feature.id}: the id is used twice; give every feature its own")
        seen.add(feature.id)


def _of(features: Iterable[Feature], kind: str, category: str) -> list[Feature]:
    return [f for f in features if f.feature_type == kind and f.properties.get("category") == category]


def _only(features: Iterable[Feature], kind: str, category: str) -> Feature:
    found = _of(features, kind, category)
    if len(found) != 1:
        raise PlanError(f"exactly one {kind} of category '{category}' is needed, found {len(found)}")
    return found[0]


def _size(features: Iterable[Feature]) -> tuple[float, float]:
    levels = [feature for feature in features if feature.feature_type == "level"]
    if len(levels) != 1:
        raise PlanError(f"exactly one level is needed, found {len(levels)}")
    corners = geojson.ring(levels[0])
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    if min(xs) != 0.0 or min(ys) != 0.0:
        corner = f"({min(xs)}, {min(ys)})"
        raise PlanError(f"level {levels[0].id}: its lower-left corner must be the map origin, is {corner}")
    return max(xs), max(ys)


def _fixtures(features: Iterable[Feature], bays: list[Bay]) -> tuple[Fixture, ...]:
    by_fixture: dict[str, list[Bay]] = {}
    for bay in bays:
        by_fixture.setdefault(bay.fixture_id, []).append(bay)
    fixtures = tuple(
        Fixture(
            fixture_id=feature.id,
            kind=geojson.text(feature, "category"),
            polygon=geojson.ring(feature),
            height_m=geojson.number(feature, "height_m"),
            bays=tuple(by_fixture.pop(feature.id, ())),
        )
        for feature in features
        if feature.feature_type == "fixture"
    )
    for fixture_id, orphans in by_fixture.items():
        raise PlanError(f"anchor {orphans[0].bay_id}: its fixture '{fixture_id}' is not in the plan")
    return fixtures


def _bay(feature: Feature) -> Bay:
    x_m, y_m = geojson.point(feature)
    return Bay(
        bay_id=feature.id,
        fixture_id=geojson.text(feature, "fixture_id"),
        front_x_m=x_m,
        front_y_m=y_m,
        normal_yaw_rad=geojson.number(feature, "normal_yaw_rad"),
        width_m=geojson.number(feature, "width_m"),
        shelf_count=int(geojson.number(feature, "shelf_count")),
        aisle_id=geojson.text(feature, "aisle_id"),
        department_id=geojson.text(feature, "department_id"),
        number=int(geojson.number(feature, "number")),
    )


def _aisle(feature: Feature) -> Aisle:
    return Aisle(feature.id, geojson.labels(feature), geojson.ring(feature), geojson.number(feature, "width_m"))


def _zone(feature: Feature) -> Zone:
    return Zone(feature.id, geojson.text(feature, "category"), geojson.labels(feature), geojson.ring(feature))


def _department(feature: Feature) -> Department:
    return Department(geojson.text(feature, "department"), geojson.labels(feature), geojson.text(feature, "colour"))


def _pose(features: Iterable[Feature], category: str) -> Pose2:
    feature = _only(features, "amenity", category)
    x_m, y_m = geojson.point(feature)
    return Pose2(x_m, y_m, geojson.number(feature, "yaw_rad"))
