"""Nav2's costmap filters as zones: a mask over the floor, and what its values mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from aisle_navigation.planning.zones import SLOWEST_MPS, Zones, resampled
from store_model.clearance import ClearanceMap, FloatGrid

UNKNOWN = -1.0
_FORBIDDEN_FROM = 100.0
_FULL_PERCENT = 100.0


class FilterKind(IntEnum):
    """The types of CostmapFilterInfo that are understood."""

    KEEP_OUT = 0
    SPEED_PERCENT = 1
    SPEED_MPS = 2


@dataclass(frozen=True, slots=True)
class FilterMeaning:
    """What a value of a mask means: base + multiplier * value; for a speed, 0 is no limit."""

    kind: FilterKind
    base: float = 0.0
    multiplier: float = 1.0


@dataclass(frozen=True, slots=True)
class FilterMask:
    """Values from 0 to 100, or -1 where nothing is said, on cells of their own that `cells` places in the map frame."""

    values: FloatGrid
    cells: ClearanceMap


def with_filter(zones: Zones, mask: FilterMask, meaning: FilterMeaning, full_mps: float) -> Zones:
    """Return these zones and those of a mask; cells that the mask does not cover stay as they are."""
    values = resampled(mask.values, mask.cells, zones.grid, UNKNOWN)
    means = np.where(values >= 0.0, meaning.base + meaning.multiplier * values, 0.0)
    if meaning.kind is FilterKind.KEEP_OUT:
        return zones.with_keep_out(means >= _FORBIDDEN_FROM)
    share = full_mps / _FULL_PERCENT if meaning.kind is FilterKind.SPEED_PERCENT else 1.0
    limits_mps = np.where(means > 0.0, np.maximum(SLOWEST_MPS, share * means), np.inf).astype(np.float32)
    return Zones(zones.grid, zones.is_forbidden, np.minimum(zones.limit_mps, limits_mps))
