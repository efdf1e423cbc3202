"""Who and what stands in the way but on no map: people, groups of people as one, and things the laser met."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from aisle.geometry import FloatArray
from aisle.sensing import Person

Point = tuple[float, float]
_BODY_M, _THING_M = 0.25, 0.20
_TALKING_M = 1.2
_FARTHEST_M = 1e6


class Kind(Enum):
    """What stands there: people may step aside, things do not."""

    PERSON = "a person"
    GROUP = "a group of people"
    THING = "something"


@dataclass(frozen=True, slots=True)
class Standing:
    """The convex hull around `corners_map`, counter-clockwise, shape (n, 2), in metres, grown by `radius_m`."""

    kind: Kind
    corners_map: FloatArray
    radius_m: float


def person(x_m: float, y_m: float, radius_m: float = _BODY_M) -> Standing:
    """Return one person who stands."""
    return Standing(Kind.PERSON, np.array([[x_m, y_m]]), radius_m)


def group(members: Iterable[Point], radius_m: float = _BODY_M) -> Standing:
    """Return people who belong together, as one: between them is no way through."""
    return Standing(Kind.GROUP, convex_hull(list(members)), radius_m)


def thing(x_m: float, y_m: float, radius_m: float = _THING_M) -> Standing:
    """Return something that stands; the radius is that of a cell of ObstacleMemory and a little more."""
    return Standing(Kind.THING, np.array([[x_m, y_m]]), radius_m)


def standing_still(people: Iterable[Person], below_mps: float = 0.15) -> list[Standing]:
    """Return those who hardly move, each alone."""
    return [person(p.x_m, p.y_m, p.radius_m) for p in people if math.hypot(p.vx_mps, p.vy_mps) < below_mps]


def together(people: Sequence[Standing], within_m: float = _TALKING_M) -> list[Standing]:
    """Return the same people, those who stand within `within_m` of one another as one group, by chains of neighbours.

    Nobody likes a robot that drives through a conversation (A. Kendon's F-formations, "Conducting Interaction", 1990).
    """
    left, found = list(people), []
    while left:
        members = [left.pop()]
        for member in members:
            near = [one for one in left if _apart_m(one, member) < within_m]
            left = [one for one in left if not any(one is other for other in near)]
            members += near
        found.append(members[0] if len(members) == 1 else _as_one(members))
    return found


def _as_one(members: Sequence[Standing]) -> Standing:
    places = [(float(x_m), float(y_m)) for one in members for x_m, y_m in one.corners_map]
    return group(places, max(one.radius_m for one in members))


def _apart_m(one: Standing, other: Standing) -> float:
    return float(np.hypot(*(one.corners_map[0] - other.corners_map[0])))


def usable(standing: Iterable[Standing]) -> list[Standing]:
    """Drop what has no place: a track may be lost to NaN or to a number without sense, and a group may be empty."""
    return [one for one in standing if len(one.corners_map) and (np.abs(one.corners_map) < _FARTHEST_M).all()]


def convex_hull(points: Sequence[Point]) -> FloatArray:
    """Return the corners of the hull, counter-clockwise, shape (n, 2); A. M. Andrew's monotone chain (1979)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return np.array(ordered, dtype=np.float64).reshape(-1, 2)
    return np.array(_chain(ordered)[:-1] + _chain(ordered[::-1])[:-1], dtype=np.float64)


def _chain(ordered: Sequence[Point]) -> list[Point]:
    """Return one side of the hull, from the first point to the last, turning left only."""
    chain: list[Point] = []
    for point in ordered:
        while len(chain) > 1 and not _turns_left(chain[-2], chain[-1], point):
            chain.pop()
        chain.append(point)
    return chain


def _turns_left(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0.0
