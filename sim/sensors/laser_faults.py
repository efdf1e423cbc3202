"""What a real planar laser gets wrong: glass, black and shiny feet, mixed pixels, dropouts.

Pure functions over one sweep; the random stream is handed in, so the same seed gives the same sweep. Sources of the
figures stand beside them in config/sim/sensors.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from msgspec import Meta

from aisle.config import Settings
from sim.scene.surfaces import Surface

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Length = Annotated[float, Meta(ge=0.0, le=10.0)]

_FACE_ON_GLASS_COS = 0.996
_FACE_ON_SHINE_COS = 0.94


class LaserFaults(Settings, frozen=True):
    """How far the laser is from a perfect one; everything off by default.

    `noise_per_m` is added to the sensor's own noise for each metre of range. A beam that goes through glass returns
    from `glass_depth_m` behind it, or for `glass_lost_share` of the beams not at all; face-on glass is like a wall.
    Feet stand every `foot_spacing_m` along shelves and are `foot_width_m` wide, black and shiny in turn: black ones
    return nothing beyond `black_range_m`, shiny ones only face-on. A beam at an edge with more than `mixed_gap_m`
    between its two sides reads something in between with probability `mixed_share`.
    """

    noise_per_m: Length = 0.0
    dropout_share: Share = 0.0
    glass: bool = False
    glass_depth_m: Length = 0.5
    glass_lost_share: Share = 0.3
    feet: bool = False
    foot_spacing_m: Annotated[float, Meta(ge=0.1, le=10.0)] = 1.0
    foot_width_m: Length = 0.06
    black_range_m: Length = 4.8
    mixed_share: Share = 0.0
    mixed_gap_m: Length = 0.3


@dataclass(frozen=True, slots=True)
class Sweep:
    """One true sweep: for each ray its range in metres (negative for no hit), where it hit in the map frame, shape
    (rays, 2), the cosine of the angle between beam and surface normal, the normal in the plane, and what was hit.
    """

    ranges_m: FloatArray
    points_m: FloatArray
    facing: FloatArray
    normals: FloatArray
    surfaces: npt.NDArray[np.uint8]


def measured(sweep: Sweep, faults: LaserFaults, noise_m: float, rng: np.random.Generator) -> FloatArray:
    """Return what the laser reads in metres; `inf` where nothing comes back."""
    ranges = np.where(sweep.ranges_m >= 0.0, sweep.ranges_m, np.inf)
    if faults.glass:
        ranges = _through_glass(ranges, sweep, faults, rng)
    if faults.feet:
        ranges = np.where(_lost_on_feet(sweep, faults), np.inf, ranges)
    if faults.mixed_share > 0.0:
        ranges = _mixed(ranges, faults, rng)
    ranges = ranges + rng.normal(0.0, 1.0, len(ranges)) * (
        noise_m + faults.noise_per_m * np.where(np.isfinite(ranges), ranges, 0.0)
    )
    if faults.dropout_share > 0.0:
        ranges[rng.random(len(ranges)) < faults.dropout_share] = np.inf
    return ranges


def _through_glass(ranges: FloatArray, sweep: Sweep, faults: LaserFaults, rng: np.random.Generator) -> FloatArray:
    through = (sweep.surfaces == Surface.GLASS) & (sweep.facing < _FACE_ON_GLASS_COS)
    lost = rng.random(len(ranges)) < faults.glass_lost_share
    behind = ranges + faults.glass_depth_m / np.maximum(sweep.facing, 0.1)
    return np.where(through, np.where(lost, np.inf, behind), ranges)


def _lost_on_feet(sweep: Sweep, faults: LaserFaults) -> BoolArray:
    """Find the rays that hit a foot which sends nothing back: a black one too far away, or a shiny one at a slant."""
    normal_x, normal_y = sweep.normals[:, 0], sweep.normals[:, 1]
    along = sweep.points_m[:, 1] * normal_x - sweep.points_m[:, 0] * normal_y
    number = np.floor(along / faults.foot_spacing_m)
    on_foot = (sweep.surfaces == Surface.SHELF) & (along - number * faults.foot_spacing_m < faults.foot_width_m)
    is_black = number % 2 == 0
    lost = np.where(is_black, sweep.ranges_m > faults.black_range_m, sweep.facing < _FACE_ON_SHINE_COS)
    return np.asarray(on_foot & lost)


def _mixed(ranges: FloatArray, faults: LaserFaults, rng: np.random.Generator) -> FloatArray:
    """Blend a ray with its next neighbour where the beam is split between a near and a far surface."""
    following = np.roll(ranges, -1)
    both = np.isfinite(ranges) & np.isfinite(following)
    step_m = np.where(both, following, 0.0) - np.where(both, ranges, 0.0)
    draws, shares = rng.random(len(ranges)), rng.random(len(ranges))
    split = (np.abs(step_m) > faults.mixed_gap_m) & (draws < faults.mixed_share)
    return np.where(split, ranges + shares * step_m, ranges)
