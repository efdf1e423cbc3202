"""People for the tests of the simulator, without a physics engine around them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from aisle.geometry import Pose2
from sim.people.crowd import Crowd, Disc, Intent, Walker
from sim.people.population import PERIOD_S, Population
from sim.people.proposals import walkable_area
from sim.people.roles import View
from sim.people.roster import Roster
from sim.people.settings import PeopleSettings
from sim.scene.layout import Layout

FloatArray = npt.NDArray[np.float64]
COMFORT_M = 0.15


def area_of(layout: Layout) -> shapely.Polygon:
    return walkable_area(layout.size_m, layout.solids, (layout.home.x_m, layout.home.y_m))


def crowd_of(layout: Layout, *walkers: Walker, contact_possible: bool = False) -> Crowd:
    return Crowd(walkers, area_of(layout), layout.floor, PERIOD_S, contact_possible)


def walk(crowd: Crowd, intents: list[Intent], robot: Disc, seconds: float) -> None:
    for _ in range(round(seconds / PERIOD_S)):
        crowd.step(intents, robot, COMFORT_M)


def population_of(layout: Layout, count: int, seed: int, settings: PeopleSettings = PeopleSettings()) -> Population:
    robot = Disc(layout.home.x_m, layout.home.y_m, 0.75)
    roles = Roster(settings, layout, [robot], np.pi, seed).draw(count)
    return Population(roles, [], area_of(layout), layout.floor, settings.robot.contact_possible)


def live(people: Population, layout: Layout, seconds: float, robot: Disc | None = None) -> FloatArray:
    """Let people live for a time beside a robot that stands; return all discs: x, y, radius, owner of each step."""
    robot = robot or Disc(layout.home.x_m, layout.home.y_m, 0.25)
    rows = []
    for step in range(round(seconds / PERIOD_S)):
        people.step(step * PERIOD_S, Pose2(robot.x_m, robot.y_m, layout.home.yaw_rad), robot)
        rows.append(discs_of(people.walkers))
    return np.array(rows)


def discs_of(walkers: list[Walker]) -> list[tuple[float, float, float, float]]:
    return [(*place, radius, k) for k, walker in enumerate(walkers) for place, radius in walker.discs]


def view(now_s: float, robot: Pose2 = Pose2(3.5, 8.7, 0.0), in_the_way: frozenset[int] = frozenset()) -> View:
    return View(now_s, robot, Disc(robot.x_m, robot.y_m, 0.25), in_the_way)


def smallest_gaps(discs: FloatArray, solids: shapely.Geometry, robot: Disc) -> tuple[float, float, float]:
    """Return the smallest gap between two people, to a fixture, and to the robot, over all steps."""
    places, radius, owner = discs[..., :2], discs[0, :, 2], discs[0, :, 3]
    apart = np.linalg.norm(places[:, :, None] - places[:, None], axis=-1) - radius[:, None] - radius
    people = apart[:, owner[:, None] != owner[None]].min()
    shelves = (shapely.distance(solids, shapely.points(places)) - radius).min()
    robots = (np.linalg.norm(places - [robot.x_m, robot.y_m], axis=-1) - radius - robot.radius_m).min()
    return float(people), float(shelves), float(robots)
