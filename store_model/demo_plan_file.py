"""From rectangles and shelf fronts to the features of plan.geojson; demo_plan.py says where everything stands."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

Rect = tuple[float, float, float, float]
"""Lower-left and upper-right corner: (x0, y0, x1, y1) in metres."""

BAY_M = 1.0
BAND_M = 0.45
AISLE_WORD = {"en": "Aisle", "de": "Gang", "es": "Pasillo", "fr": "Allée"}


@dataclass(frozen=True, slots=True)
class Front:
    """A row of bays that look the same way: its western or southern corner, its normal, and the aisle before it."""

    fixture_id: str
    side: str
    corner: tuple[float, float]
    normal_yaw_rad: float
    bay_count: int
    shelf_count: int
    aisle_id: str
    is_turned: bool = False

    def turned(self) -> Front:
        """Return the same bays walked the other way round."""
        return replace(self, is_turned=not self.is_turned)

    def bays(self) -> Iterator[tuple[str, int, float, float]]:
        """Yield (bay id, number, x, y) in walking order."""
        along = (0.0, 1.0) if math.isclose(abs(math.cos(self.normal_yaw_rad)), 1.0) else (1.0, 0.0)
        numbers = range(self.bay_count, 0, -1) if self.is_turned else range(1, self.bay_count + 1)
        for number in numbers:
            middle = (number - 0.5) * BAY_M
            x, y = self.corner[0] + along[0] * middle, self.corner[1] + along[1] * middle
            yield f"{self.fixture_id}-{self.side}{number}", number, x, y


@dataclass(frozen=True, slots=True)
class PlanParts:
    """Everything a plan is made of, before it becomes GeoJSON."""

    name: str
    size_m: tuple[float, float]
    walls: tuple[tuple[str, Rect], ...]
    openings: tuple[tuple[str, str, tuple[float, float], tuple[float, float]], ...]
    zones: tuple[tuple[str, str, Rect, dict[str, str]], ...]
    aisles: tuple[tuple[str, Rect, float], ...]
    fixtures: tuple[tuple[str, str, Rect, float], ...]
    walk: tuple[Front, ...]
    department_bays: tuple[tuple[str, int], ...]
    department_names: Mapping[str, dict[str, str]]
    colours: Mapping[str, str]
    poses: Mapping[str, tuple[float, float, float]]
    entrance: tuple[float, float]


def plan_text(parts: PlanParts) -> str:
    """Return the file, one feature a line, so that a change is a readable difference."""
    head = {
        "name": "map",
        "unit": "metre",
        "latitude_deg": 0.0,
        "longitude_deg": 0.0,
        "yaw_from_east_rad": 0.0,
    }
    features = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in _features(parts))
    frame = json.dumps(head)
    return (
        f'{{"type": "FeatureCollection", "name": {json.dumps(parts.name)},\n'
        f'"coordinate_frame": {frame},\n"features": [\n{features}\n]}}\n'
    )


def _features(parts: PlanParts) -> Iterator[dict[str, Any]]:
    level = (0.0, 0.0, *parts.size_m)
    about = {"category": "unspecified", "ordinal": 0, "name": {"en": parts.name}}
    yield _feature("level-0", "level", _polygon(level), about)
    for wall_id, rect in parts.walls:
        yield _feature(wall_id, "unit", _polygon(rect), {"category": "structure"})
    for opening_id, category, start, end in parts.openings:
        line = {"type": "LineString", "coordinates": [list(start), list(end)]}
        yield _feature(opening_id, "opening", line, {"category": category, "door": "automatic, closed to the robot"})
    for zone_id, category, rect, name in parts.zones:
        yield _feature(zone_id, "section", _polygon(rect), {"category": category, "name": name})
    for aisle_id, rect, width_m in parts.aisles:
        yield _feature(aisle_id, "unit", _polygon(rect), _aisle_properties(aisle_id, width_m))
    for fixture_id, kind, rect, height_m in parts.fixtures:
        yield _feature(fixture_id, "fixture", _polygon(rect), {"category": kind, "height_m": height_m})
    yield from _shelves(parts)
    for category, (x, y, yaw_rad) in parts.poses.items():
        properties = {"category": category, "yaw_rad": round(yaw_rad, 6)}
        yield _feature(category, "amenity", _point(x, y), properties)
    yield _feature("entrance", "amenity", _point(*parts.entrance), {"category": "entrance"})


def _shelves(parts: PlanParts) -> Iterator[dict[str, Any]]:
    departments = [name for name, count in parts.department_bays for _ in range(count)]
    bays = [(front, *bay) for front in parts.walk for bay in front.bays()]
    if len(bays) != len(departments):
        raise ValueError(f"the plan has {len(bays)} bays, the departments share {len(departments)}: make them equal")
    bands: dict[str, list[Any]] = {}
    for (front, bay_id, number, x, y), department in zip(bays, departments, strict=True):
        bands.setdefault(department, []).append(_ring(_band(front, x, y)))
        yield _feature(bay_id, "anchor", _point(x, y), _bay_properties(front, number, department))
    for department, rings in bands.items():
        properties = {
            "category": "retail",
            "department": department,
            "colour": parts.colours[department],
            "name": parts.department_names[department],
        }
        geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
        yield _feature(f"department-{department}", "section", geometry, properties)


def _bay_properties(front: Front, number: int, department: str) -> dict[str, Any]:
    return {
        "category": "shelf.bay",
        "fixture_id": front.fixture_id,
        "number": number,
        "normal_yaw_rad": round(front.normal_yaw_rad, 6),
        "width_m": BAY_M,
        "shelf_count": front.shelf_count,
        "aisle_id": front.aisle_id,
        "department_id": department,
    }


def _aisle_properties(aisle_id: str, width_m: float) -> dict[str, Any]:
    name = {language: f"{word} {aisle_id}" for language, word in AISLE_WORD.items()}
    return {"category": "walkway", "name": name, "width_m": width_m}


def _band(front: Front, x: float, y: float) -> Rect:
    """Return the strip of shelf behind one bay front."""
    back_x, back_y = x - BAND_M * math.cos(front.normal_yaw_rad), y - BAND_M * math.sin(front.normal_yaw_rad)
    half = 0.5 * BAY_M
    if math.isclose(x, back_x, abs_tol=1e-6):
        return (x - half, min(y, back_y), x + half, max(y, back_y))
    return (min(x, back_x), y - half, max(x, back_x), y + half)


def _feature(feature_id: str, kind: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"id": feature_id, "type": "Feature", "feature_type": kind, "geometry": geometry, "properties": properties}


def _point(x: float, y: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(x, 3), round(y, 3)]}


def _polygon(rect: Rect) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [_ring(rect)]}


def _ring(rect: Rect) -> list[list[float]]:
    x0, y0, x1, y1 = (round(value, 3) for value in rect)
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]
