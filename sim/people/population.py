"""Everybody in the store but the robot: who thinks when, and where everybody is between two steps of the crowd."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from aisle.geometry import Pose2
from sim.people.crowd import Crowd, Disc, Walker
from sim.people.journey import stand
from sim.people.roles import Role, View
from sim.scene.floor import Floor

FloatArray = npt.NDArray[np.float64]

PERIOD_S = 0.05
ROBOT_COMFORT_M = 0.15
_THINK_EVERY = 5


class Population:
    """The people of one simulation, moved every `PERIOD_S` and interpolated in between.

    Most people think four times a second, in turn; those of `quick` before every step.
    """

    def __init__(
        self,
        roles: Sequence[Role],
        quick: Sequence[Role],
        area: shapely.Polygon,
        floor: Floor,
        contact_possible: bool = False,
    ) -> None:
        self.roles: list[Role] = [*roles, *quick]
        self._quick = len(roles)
        self.walkers: list[Walker] = [role.walker for role in self.roles]
        self._crowd = Crowd(self.walkers, area, floor, PERIOD_S, contact_possible)
        self._intents = [stand(walker) for walker in self.walkers]
        self._steps = 0
        self.walked_m: FloatArray = np.zeros(len(self.walkers))
        self._from = self._to = self._positions()

    @property
    def radii_m(self) -> list[float]:
        return [walker.radius_m for walker in self.walkers]

    def step(self, now_s: float, robot: Pose2, robot_disc: Disc) -> None:
        """Decide and move everybody by one period; the moves show from now on until the period's end."""
        view = View(now_s, robot, robot_disc, self._in_the_way())
        for index, role in enumerate(self.roles):
            if index >= self._quick or (index + self._steps) % _THINK_EVERY == 0:
                self._intents[index] = role.think(view)
        self._steps += 1
        self._from = self._to
        # People keep more distance from a machine than from each other.
        self._crowd.step(self._intents, robot_disc, ROBOT_COMFORT_M)
        self._to = self._positions()
        self.walked_m += np.hypot(*(self._to - self._from).T)

    def positions(self, fraction: float) -> FloatArray:
        """Return where everybody is after that fraction of the period, shape (n, 2), in the map frame."""
        return self._from + fraction * (self._to - self._from)

    def velocities(self) -> FloatArray:
        """Return everybody's velocity during this period, shape (n, 2), in m/s."""
        return (self._to - self._from) / PERIOD_S

    def _in_the_way(self) -> frozenset[int]:
        """Return the ids of the people before whom somebody has to wait."""
        blockers = {index for index in self._crowd.in_the_way_of.tolist() if 0 <= index < len(self.walkers)}
        return frozenset(self.walkers[index].person_id for index in blockers)

    def _positions(self) -> FloatArray:
        return np.array([(walker.x_m, walker.y_m) for walker in self.walkers], dtype=np.float64).reshape(-1, 2)
