"""The likelihood field: how probable it is that a beam ends in a cell of the map, looked up instead of computed.

After S. Thrun, W. Burgard and D. Fox, "Probabilistic Robotics" (2005), table 6.3: a normal distribution of the
distance to the nearest thing on the map, mixed with a uniform share for everything that is on no map.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import distance_transform_edt

from aisle.geometry import FloatArray
from store_model.clearance import ClearanceMap, FloatGrid

_FAR_M = 2.0


@dataclass(frozen=True, slots=True)
class FieldSettings:
    """Distances in metres; the two weights add up to 1.

    `least_inside` is what is left of the hit's weight deep inside a fixture, in the reading without glass.
    """

    hit_stddev_m: float = 0.10
    hit_weight: float = 0.85
    random_weight: float = 0.15
    least_inside: float = 0.3
    coarse_stddev_m: float = 0.30


@dataclass(frozen=True, slots=True)
class LikelihoodField:
    """Tables of one shape, a cell wider than the map on every side; the origin is their own lower left corner.

    `glass` and `solid` hold log-likelihoods, read in two ways: glass lets a beam end anywhere inside a cabinet, but
    a solid fixture has only its surface. `coarse` holds 0 to 1, blurred, for looking from afar.
    """

    glass: FloatGrid
    solid: FloatGrid
    coarse: FloatGrid
    resolution_m: float
    origin_x_m: float
    origin_y_m: float
    settings: FieldSettings

    def log_at(self, distance_m: float) -> float:
        """Return the log-likelihood of a beam that ends that far from the map."""
        hit = math.exp(-0.5 * (distance_m / self.settings.hit_stddev_m) ** 2)
        return math.log(self.settings.hit_weight * hit + self.settings.random_weight)


def likelihood_field(grid: ClearanceMap, settings: FieldSettings = FieldSettings()) -> LikelihoodField:
    """Compute the tables of a map."""
    distance_m = np.minimum(grid.clearance_m, _FAR_M).astype(np.float64)
    hit = _bell(distance_m, settings.hit_stddev_m)
    at_surface = np.maximum(_bell(_depth_m(grid), settings.hit_stddev_m), settings.least_inside)
    surface_only = np.where(grid.clearance_m > 0.0, hit, at_surface)
    return LikelihoodField(
        _log_table(hit, settings),
        _log_table(surface_only, settings),
        _bordered(_bell(distance_m, settings.coarse_stddev_m), 0.0),
        grid.resolution_m,
        grid.origin_x_m - grid.resolution_m,
        grid.origin_y_m - grid.resolution_m,
        settings,
    )


def _bell(distance_m: FloatArray, stddev_m: float) -> FloatArray:
    return np.asarray(np.exp(-0.5 * (distance_m / stddev_m) ** 2))


def _depth_m(grid: ClearanceMap) -> FloatArray:
    """Return how deep each occupied cell lies behind the nearest surface; 0 for cells at it. Outside is solid."""
    occupied = np.pad(grid.clearance_m <= 0.0, 1, constant_values=True)
    depth_m = distance_transform_edt(occupied, sampling=grid.resolution_m)[1:-1, 1:-1]
    return np.asarray(np.maximum(depth_m - grid.resolution_m, 0.0))


def _log_table(hit: FloatArray, settings: FieldSettings) -> FloatGrid:
    return _bordered(np.log(settings.hit_weight * hit + settings.random_weight), np.log(settings.random_weight))


def _bordered(table: FloatArray, outside: float) -> FloatGrid:
    return np.pad(table, 1, constant_values=outside).astype(np.float32)
