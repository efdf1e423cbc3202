"""How well the simulated people keep apart: overlaps with each other and with fixtures, counted from ground truth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from sim.scene.solids import Solid
from sim.world import CARGO_IDS, GroundTruth, World

FloatArray = npt.NDArray[np.float64]

LOOK_PERIOD_S = 0.1
COUNTED_M = 0.01


class OverlapCount:
    """Looks at a world every `LOOK_PERIOD_S` and counts overlaps of more than `COUNTED_M`.

    What somebody pushes is part of them. An overlap counts once, however long it lasts. Depths are in m, 0 where
    nothing overlaps.
    """

    def __init__(self, solids: tuple[Solid, ...]) -> None:
        self._solids = shapely.union_all([shapely.Polygon(solid.outline) for solid in solids])
        shapely.prepare(self._solids)
        self._due_s = 0.0
        self._pairs: set[tuple[int, int]] = set()
        self._in_fixtures: set[int] = set()
        self.person_minutes = 0.0
        self.pairs = self.fixtures = 0
        self.worst_pair_m = self.worst_fixture_m = 0.0

    def observe(self, world: World) -> None:
        """Look now, if it is time."""
        if world.now_s >= self._due_s - 1e-9:
            self._due_s = world.now_s + LOOK_PERIOD_S
            self.look(world.truth())

    def look(self, truth: GroundTruth) -> None:
        """Count what overlaps now and did not a moment ago."""
        if not truth.people:
            return
        places = np.array([(disc.x_m, disc.y_m) for disc in truth.people])
        radii = np.array([disc.radius_m for disc in truth.people])
        owners = np.array([disc.person_id % CARGO_IDS for disc in truth.people])
        self.person_minutes += len(np.unique(owners)) * LOOK_PERIOD_S / 60.0
        self._count_pairs(places, radii, owners)
        self._count_fixtures(places, radii, owners)

    def _count_pairs(self, places: FloatArray, radii: FloatArray, owners: npt.NDArray[np.intp]) -> None:
        apart = np.hypot(*np.moveaxis(places[:, None] - places[None], -1, 0))
        depth = np.where(owners[:, None] < owners[None], radii[:, None] + radii[None] - apart, 0.0)
        one, other = np.nonzero(depth > COUNTED_M)
        pairs = set(zip(owners[one].tolist(), owners[other].tolist(), strict=True))
        self.pairs += len(pairs - self._pairs)
        self._pairs = pairs
        self.worst_pair_m = max(self.worst_pair_m, float(depth.max()))

    def _count_fixtures(self, places: FloatArray, radii: FloatArray, owners: npt.NDArray[np.intp]) -> None:
        depth = radii - shapely.distance(self._solids, shapely.points(places))
        inside = set(owners[depth > COUNTED_M].tolist())
        self.fixtures += len(inside - self._in_fixtures)
        self._in_fixtures = inside
        self.worst_fixture_m = max(self.worst_fixture_m, float(depth.max()))
