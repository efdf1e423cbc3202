"""The beams of a scan that say something, thinned to as many as are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aisle.geometry import FloatArray, Pose2
from aisle.sensing import LaserScan, Person

_AROUND_PERSON_M = 0.2


@dataclass(frozen=True, slots=True)
class Beams:
    """Directions and lengths in the laser's frame, each shape (n,), and where the laser stands on the base."""

    directions_rad: FloatArray
    ranges_m: FloatArray
    laser_x_m: float

    def __len__(self) -> int:
        return len(self.ranges_m)

    def ends(self) -> FloatArray:
        """Return where the beams end, shape (n, 2), in the base frame, in metres."""
        x_m = self.ranges_m * np.cos(self.directions_rad) + self.laser_x_m
        return np.column_stack((x_m, self.ranges_m * np.sin(self.directions_rad)))

    def thinned(self, at_most: int, turn: int = 0) -> Beams:
        """Return that many beams, evenly spread; another `turn` takes others, so that in time all are heard."""
        count = len(self)
        if count <= at_most:
            return self
        chosen = (np.arange(at_most) * count // at_most + turn % max(1, count // at_most)) % count
        return Beams(self.directions_rad[chosen], self.ranges_m[chosen], self.laser_x_m)

    def without(self, people: Sequence[Person], map_from_base: Pose2) -> Beams:
        """Return the beams that do not end at one of the people, who stand in the map frame."""
        if not people:
            return self
        ends = map_from_base.transform(self.ends())
        keep = np.ones(len(self), dtype=bool)
        for person in people:
            away_m = np.hypot(ends[:, 0] - person.x_m, ends[:, 1] - person.y_m)
            keep &= away_m > person.radius_m + _AROUND_PERSON_M
        return Beams(self.directions_rad[keep], self.ranges_m[keep], self.laser_x_m)


def beams_of(scan: LaserScan, laser_x_m: float) -> Beams:
    """Return the beams that hit something within range; what is NaN, infinite or out of range says nothing."""
    ranges_m = np.asarray(scan.ranges_m, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        directions_rad = scan.angles_rad()
        valid = np.isfinite(ranges_m) & (ranges_m >= scan.range_min_m) & (ranges_m < scan.range_max_m)
    valid &= np.isfinite(directions_rad)
    return Beams(directions_rad[valid], ranges_m[valid], laser_x_m)
