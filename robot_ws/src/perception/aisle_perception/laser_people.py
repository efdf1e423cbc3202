"""People from one laser scan: clusters of points that the map does not explain and that have a person's size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from aisle.geometry import FloatArray, Pose2


class Clearances(Protocol):
    """Anything that knows how far points of the map frame, shape (n, 2), are from the nearest fixed thing."""

    def at(self, points: FloatArray) -> npt.NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """Sizes in metres. A person in the laser plane is one or two legs, or a skirt, or a trolley with legs behind."""

    map_margin_m: float = 0.15
    gap_m: float = 0.30
    least_points: int = 4
    least_width_m: float = 0.08
    most_width_m: float = 0.90
    body_radius_m: float = 0.25
    most_range_m: float = 8.0


@dataclass(frozen=True, slots=True)
class Detection:
    """One person-sized thing in the map frame."""

    x_m: float
    y_m: float


def detect_people(
    points_base: FloatArray, map_from_base: Pose2, clearances: Clearances, settings: DetectorSettings
) -> list[Detection]:
    """Find people among laser points of the base frame, shape (n, 2), ordered by angle.

    The surface that the laser sees is in front of the body's centre, so each centre is moved away from the
    robot to where a body of `body_radius_m` would be.
    """
    near = points_base[np.hypot(points_base[:, 0], points_base[:, 1]) < settings.most_range_m]
    points_map = map_from_base.transform(near)
    free = points_map[clearances.at(points_map) > settings.map_margin_m]
    clusters = _join_ends(_split_at_gaps(free, settings.gap_m), settings.gap_m)
    return [_centre(cluster, map_from_base, settings) for cluster in clusters if _is_person_sized(cluster, settings)]


def _split_at_gaps(points: FloatArray, gap_m: float) -> list[FloatArray]:
    if len(points) == 0:
        return []
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.split(points, np.flatnonzero(steps > gap_m) + 1)


def _join_ends(clusters: list[FloatArray], gap_m: float) -> list[FloatArray]:
    """A full-circle scan begins somewhere: a person there is split into the first and the last cluster."""
    if len(clusters) < 2 or math.hypot(*(clusters[0][0] - clusters[-1][-1])) > gap_m:
        return clusters
    return [np.vstack((clusters[-1], clusters[0])), *clusters[1:-1]]


def _is_person_sized(cluster: FloatArray, settings: DetectorSettings) -> bool:
    if len(cluster) < settings.least_points:
        return False
    width_m = math.hypot(*(cluster.max(axis=0) - cluster.min(axis=0)))
    return settings.least_width_m <= width_m <= settings.most_width_m


def _centre(cluster: FloatArray, map_from_base: Pose2, settings: DetectorSettings) -> Detection:
    surface = cluster.mean(axis=0)
    away = surface - np.array([map_from_base.x_m, map_from_base.y_m])
    distance_m = max(1e-6, math.hypot(*away))
    # On a disc seen from outside the mean of the visible points lies about 0.64 of the radius in front of the centre.
    centre = surface + away / distance_m * 0.64 * settings.body_radius_m
    return Detection(float(centre[0]), float(centre[1]))
