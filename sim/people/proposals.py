"""How JuPedSim would let everybody walk for the next period.

JuPedSim 1.4.2 (https://www.jupedsim.org, LGPL, used as it is) with the collision-free speed model, version 2, after
Tordeux, Chraibi and Seyfried (2015, arXiv:1512.05597). This model keeps no state besides the position, so each period
begins with everybody, the robot too, exactly where they are.
"""

from __future__ import annotations

import jupedsim
import numpy as np
import numpy.typing as npt
import shapely

from sim.scene.solids import Solid

FloatArray = npt.NDArray[np.float64]
Point = tuple[float, float]

TIME_GAP_S = 0.6
NEIGHBOUR_STRENGTH, NEIGHBOUR_RANGE_M = 4.0, 0.15
SHELF_STRENGTH, SHELF_RANGE_M = 5.0, 0.03
_POINT_M = 1e-6
# All that the model does falls with the distance between two surfaces: with this radius nobody is near anything.
_NOWHERE_M = -50.0
_AIM_M = 0.1
# Nobody walks this far in a period; on its way JuPedSim would hold an agent up in a shelf.
_KIDNAPPED_M = 1.0


def walkable_area(size_m: Point, solids: tuple[Solid, ...], inside: Point) -> shapely.Polygon:
    """Return the connected part of the floor that contains a point, with walls and fixtures cut out.

    Raises ValueError when the point is inside a fixture.
    """
    free = shapely.box(0.0, 0.0, *size_m).difference(shapely.union_all([shapely.Polygon(s.outline) for s in solids]))
    point = shapely.Point(inside)
    for part in getattr(free, "geoms", [free]):
        if isinstance(part, shapely.Polygon) and part.contains(point):
            return part
    place = f"({inside[0]:.2f}, {inside[1]:.2f}) m"
    raise ValueError(f"the robot's home {place} is not on the free floor: correct the plan")


class Proposals:
    """One JuPedSim simulation whose agents are put where people are before each period.

    JuPedSim cannot place an agent, and removing it and adding it anew costs a fifth of a millisecond in a whole store.
    But an agent that is near nothing, and may go as fast as it likes, goes exactly to its target in one iteration. So
    each period has two: in the first everybody, the robot too, goes to where they really are; in the second people
    walk.
    """

    def __init__(self, area: shapely.Polygon, period_s: float) -> None:
        self._period_s = period_s
        self._area = area
        shapely.prepare(area)
        self._begin()

    def _begin(self) -> None:
        model = jupedsim.CollisionFreeSpeedModelV2()
        self._simulation = jupedsim.Simulation(model=model, geometry=self._area, dt=self._period_s)
        self._stage = self._simulation.add_direct_steering_stage()
        self._journey = self._simulation.add_journey(jupedsim.JourneyDescription([self._stage]))
        self._seats: FloatArray = np.empty((0, 2))

    def velocities(
        self,
        positions: FloatArray,
        radii: FloatArray,
        directions: FloatArray,
        speeds: FloatArray,
        robot: tuple[float, float],
        robot_radius_m: float,
    ) -> FloatArray:
        """Return the velocities, shape (n, 2), for people at `positions` who want to go in unit `directions`.

        The robot takes part as an agent that stands where it is.
        """
        everybody = np.vstack((positions, robot))
        self._seat(everybody)
        targets = np.vstack((self._targets(positions, directions), robot))
        self._let_walk(targets, np.append(speeds, 0.0), np.append(radii, robot_radius_m))
        return (self._seats[:-1] - positions) / self._period_s

    def _seat(self, positions: FloatArray) -> None:
        """Take everybody exactly to their positions."""
        if len(self._seats) and np.hypot(*(positions - self._seats).T).max() > _KIDNAPPED_M:
            self._begin()
        if len(self._seats) != len(positions):
            for place in positions.tolist():
                self._add(place)
            self._seats = positions
        speeds = np.hypot(*(positions - self._seats).T) / self._period_s
        # An agent is good until the next iteration only: JuPedSim moves them in memory.
        rows = zip(self._simulation.agents(), positions.tolist(), speeds.tolist(), strict=True)
        for agent, target, speed in rows:
            agent.target, model = target, agent.model
            model.desired_speed, model.radius = speed, _NOWHERE_M
        self._simulation.iterate()

    def _add(self, position: tuple[float, float]) -> None:
        """Add an agent as a point: JuPedSim refuses to add one that touches another or a wall."""
        parameters = jupedsim.CollisionFreeSpeedModelV2AgentParameters(
            position=position, radius=_POINT_M, time_gap=TIME_GAP_S,
            strength_neighbor_repulsion=NEIGHBOUR_STRENGTH, range_neighbor_repulsion=NEIGHBOUR_RANGE_M,
            strength_geometry_repulsion=SHELF_STRENGTH, range_geometry_repulsion=SHELF_RANGE_M,
            journey_id=self._journey, stage_id=self._stage,
        )  # fmt: skip
        self._simulation.add_agent(parameters)

    def _let_walk(self, targets: FloatArray, speeds: FloatArray, radii: FloatArray) -> None:
        rows = zip(self._simulation.agents(), targets.tolist(), speeds.tolist(), radii.tolist(), strict=True)
        for agent, target, speed, radius in rows:
            agent.target, model = target, agent.model
            model.desired_speed, model.radius = speed, radius
        self._simulation.iterate()
        self._seats = np.array([agent.position for agent in self._simulation.agents()])

    def _targets(self, positions: FloatArray, directions: FloatArray) -> FloatArray:
        """Return points close ahead. JuPedSim refuses one off the floor; near a wall the direction alone counts."""
        targets = positions + _AIM_M * directions
        outside = ~shapely.contains_xy(self._area, targets[:, 0], targets[:, 1])
        targets[outside] = positions[outside] + 0.1 * _AIM_M * directions[outside]
        return targets
