"""The floor plan as it stands in plan.geojson: GeoJSON features after IMDF, decoded by schema before anything else.

Coordinates are metres in the map frame, which RFC 7946 allows by prior arrangement; the file says so in its
foreign member `coordinate_frame`. docs/store_model.md lists the feature types and their properties.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

MAX_PLAN_BYTES = 8_000_000
FRAME = "map"

Coordinate = Annotated[float, Meta(ge=-1000.0, le=1000.0)]
Point = tuple[Coordinate, Coordinate]
Labels = dict[str, str]
"""A text in several languages, as IMDF writes it: {"en": "Bakery", "de": "Brot & Backwaren"}."""


class PlanError(ValueError):
    """A floor plan that cannot be read; the message names the file, the feature and what to change."""


class Geometry(msgspec.Struct, frozen=True):
    """A GeoJSON geometry; the shape of `coordinates` depends on the type and is checked where it is used."""

    type: Literal["Point", "LineString", "Polygon", "MultiPolygon"]
    coordinates: Any


class Feature(msgspec.Struct, frozen=True):
    """One IMDF feature."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    type: Literal["Feature"]
    feature_type: Literal["level", "unit", "section", "fixture", "opening", "anchor", "amenity"]
    geometry: Geometry
    properties: dict[str, Any]


class CoordinateFrame(msgspec.Struct, frozen=True):
    """How the local coordinates lie on the earth: the map origin, and map x measured counter-clockwise from east."""

    name: str
    unit: Literal["metre"]
    latitude_deg: Annotated[float, Meta(ge=-90.0, le=90.0)]
    longitude_deg: Annotated[float, Meta(ge=-180.0, le=180.0)]
    yaw_from_east_rad: float


class Collection(msgspec.Struct, frozen=True):
    """The whole file."""

    type: Literal["FeatureCollection"]
    name: str
    coordinate_frame: CoordinateFrame
    features: tuple[Feature, ...]


def read_collection(path: Path) -> Collection:
    """Read a plan file by schema. Raises PlanError for a missing, oversized or malformed file."""
    try:
        size = path.stat().st_size
        if size > MAX_PLAN_BYTES:
            raise PlanError(f"{path}: has {size} bytes, at most {MAX_PLAN_BYTES} are read")
        return msgspec.json.decode(path.read_bytes(), type=Collection)
    except OSError as error:
        raise PlanError(
            f"{path}: cannot be read: {error.strerror}; build the store with 'aisle store build'"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: is not a GeoJSON floor plan: {error}") from error


def ring(feature: Feature) -> tuple[Point, ...]:
    """Return the outer ring of a Polygon, closed or not in the file, without its last point. Raises PlanError."""
    rings = _convert(feature, "Polygon", list[list[Point]])
    points = tuple(rings[0]) if rings else ()
    points = points[:-1] if len(points) > 1 and points[0] == points[-1] else points
    if len(points) < 3:
        raise PlanError(f"{feature.feature_type} {feature.id}: a polygon needs at least 3 corners, found {len(points)}")
    return points


def point(feature: Feature) -> Point:
    """Return the position of a Point. Raises PlanError."""
    position: Point = _convert(feature, "Point", Point)
    return position


def line(feature: Feature) -> tuple[Point, ...]:
    """Return the positions of a LineString. Raises PlanError."""
    return tuple(_convert(feature, "LineString", list[Point]))


def number(feature: Feature, key: str) -> float:
    """Return a numeric property. Raises PlanError."""
    return float(_property(feature, key, float))


def text(feature: Feature, key: str) -> str:
    """Return a text property. Raises PlanError."""
    return str(_property(feature, key, str))


def labels(feature: Feature) -> Labels:
    """Return the `name` property in all its languages. Raises PlanError."""
    names: Labels = _property(feature, "name", Labels)
    return names


def _property(feature: Feature, key: str, kind: Any) -> Any:
    if key not in feature.properties:
        raise PlanError(f"{feature.feature_type} {feature.id}: property '{key}' is missing")
    try:
        return msgspec.convert(feature.properties[key], kind, strict=True)
    except msgspec.ValidationError as error:
        raise PlanError(f"{feature.feature_type} {feature.id}: property '{key}': {error}") from error


def _convert(feature: Feature, kind: str, shape: Any) -> Any:
    if feature.geometry.type != kind:
        raise PlanError(f"{feature.feature_type} {feature.id}: must be a {kind}, is a {feature.geometry.type}")
    try:
        return msgspec.convert(feature.geometry.coordinates, shape, strict=True)
    except msgspec.ValidationError as error:
        raise PlanError(f"{feature.feature_type} {feature.id}: bad coordinates: {error}") from error
