"""The search over the whole map for places that explain a scan, a few headings at a time.

Coarse to fine: every place on a grid of a quarter metre and every fourth degree is scored on a blurred likelihood
field, the best are moved uphill on the sharp one. The idea of searching all poses at a resolution the scan allows is
that of W. Hess, D. Kohler, H. Rapp and D. Andor, "Real-time loop closure in 2D LIDAR SLAM", ICRA 2016; here not the
one best match is wanted but all good ones, so nothing is pruned against the best.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import label

from aisle.geometry import FloatArray, Pose2
from aisle_navigation.localization.beams import Beams
from aisle_navigation.localization.kernels.search import climb, score_places, thin_out
from aisle_navigation.localization.likelihood import LikelihoodField
from store_model.clearance import ClearanceMap

Places = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Distances in metres, angles in radians. A pose whose first beams score below `hopeless` is dropped at once."""

    spacing_m: float = 0.25
    headings: int = 90
    headings_a_scan: int = 15
    stand_clear_m: float = 0.20
    beams: int = 60
    fine_beams: int = 180
    hopeless: float = 0.35
    kept_a_slice: int = 1000
    apart_m: float = 0.60
    turned_rad: float = 0.35
    most: int = 100
    climb_m: float = 0.10
    climb_rad: float = 0.035
    halvings: int = 4


def places_on(grid: ClearanceMap, settings: SearchSettings) -> Places:
    """Return rows and columns, shape (p, 2), of the places to try: on the largest floor, and clear of fixtures."""
    stride = max(1, round(settings.spacing_m / grid.resolution_m))
    parts, count = label(grid.clearance_m > settings.stand_clear_m)
    if count == 0:
        return np.zeros((0, 2), dtype=np.int32)
    largest = 1 + int(np.bincount(parts.ravel())[1:].argmax())
    rows, columns = np.nonzero(parts[stride // 2 :: stride, stride // 2 :: stride] == largest)
    return np.column_stack((rows, columns)).astype(np.int32) * np.int32(stride) + np.int32(stride // 2)


class WholeMapSearch:
    """One search: frozen beams, scored for some more headings with every call of `advance`."""

    def __init__(self, field: LikelihoodField, places: Places, beams: Beams, settings: SearchSettings) -> None:
        self._field, self._places, self._settings = field, places, settings
        self._coarse = beams.thinned(settings.beams).ends()
        self._fine = beams.thinned(settings.fine_beams).ends()
        self._headings: FloatArray = np.linspace(-math.pi, math.pi, settings.headings, endpoint=False)
        self._next = 0
        self._found: list[FloatArray] = []
        self._moved = Pose2(0.0, 0.0, 0.0)

    def advance(self, step: Pose2) -> FloatArray | None:
        """Score the next headings; the base has moved by `step` meanwhile.

        Returns None while unfinished, then the poses found, shape (n, 3), where they have moved to, best first.
        """
        self._moved = self._moved @ step
        last = min(self._next + self._settings.headings_a_scan, len(self._headings))
        self._found.append(self._scored(self._headings[self._next : last]))
        self._next = last
        if last < len(self._headings):
            return None
        return moved_by(self._refined(np.vstack(self._found)), self._moved)

    def _scored(self, headings: FloatArray) -> FloatArray:
        """Return the best poses with their scores, shape (k, 4)."""
        settings, field, places = self._settings, self._field, self._places
        if len(places) == 0 or len(self._coarse) == 0:
            return np.zeros((0, 4))
        # The field's tables are a cell wider than the map.
        scores = score_places(places + 1, headings, self._coarse, field.coarse, field.resolution_m, settings.hopeless)
        best = np.argpartition(scores, -min(settings.kept_a_slice, scores.size), axis=None)[-settings.kept_a_slice :]
        best = best[scores.ravel()[best] > 0.0]
        turn, place = np.unravel_index(best, scores.shape)
        x_m = field.origin_x_m + (places[place, 1] + 1.5) * field.resolution_m
        y_m = field.origin_y_m + (places[place, 0] + 1.5) * field.resolution_m
        return np.column_stack((x_m, y_m, headings[turn], scores.ravel()[best]))

    def _refined(self, scored: FloatArray) -> FloatArray:
        settings, field = self._settings, self._field
        poses: FloatArray = scored[np.argsort(-scored[:, 3], kind="stable"), :3].copy()
        poses = poses[thin_out(poses, settings.apart_m, settings.turned_rad, settings.most)]
        climb(
            poses,
            self._fine,
            field.glass,
            field.resolution_m,
            field.origin_x_m,
            field.origin_y_m,
            settings.climb_m,
            settings.climb_rad,
            settings.halvings,
        )
        return poses


def moved_by(poses: FloatArray, step: Pose2) -> FloatArray:
    """Return poses, shape (n, 3), after each has made the same step in its own frame."""
    cos, sin = np.cos(poses[:, 2]), np.sin(poses[:, 2])
    x_m = poses[:, 0] + cos * step.x_m - sin * step.y_m
    y_m = poses[:, 1] + sin * step.x_m + cos * step.y_m
    return np.column_stack((x_m, y_m, poses[:, 2] + step.yaw_rad))
