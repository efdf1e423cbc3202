"""What the robot drives on: the map with its rules, and what it has learnt of things that are on no map."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np

from aisle.geometry import FloatArray, Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan, Person
from aisle_navigation.driving.detour_memory import DetourMemory
from aisle_navigation.driving.filters import FilterMask, FilterMeaning, with_filter
from aisle_navigation.driving.outcome import ErrorCode
from aisle_navigation.planning.detours import Choice, decide, first_blockage
from aisle_navigation.planning.obstacle_memory import ObstacleMemory
from aisle_navigation.planning.planner import Plan, Planner, PlannerSettings, PlanOutcome
from aisle_navigation.planning.standing import Standing, standing_still, thing, together
from aisle_navigation.planning.zones import no_zones
from store_model.clearance import ClearanceMap

SENTENCES = {
    PlanOutcome.START_OUTSIDE_MAP: "the robot believes it is outside the map; show it where it is",
    PlanOutcome.GOAL_OUTSIDE_MAP: "the goal lies outside the map",
    PlanOutcome.START_OCCUPIED: "the robot believes it is inside a shelf; show it where it is",
    PlanOutcome.GOAL_OCCUPIED: "the goal is inside or too close to a shelf, or where the robot may not go",
    PlanOutcome.NO_VALID_PATH: "no way leads to the goal",
}
_NO_WAY = (PlanOutcome.NO_VALID_PATH, PlanOutcome.GOAL_OCCUPIED)
_OFF_MAP_M = 0.2
_REMEMBER_S = 60.0
_NEAR_M, _AT_GOAL_M = 6.0, 1.5


class Ground:
    """Plans on the map around whoever stands still and whatever is remembered to be in the way."""

    def __init__(self, grid: ClearanceMap, robot: RobotModel, settings: PlannerSettings = PlannerSettings()) -> None:
        self.grid = grid
        self._robot_m = robot.base.radius_m
        self._base_from_laser = Pose2(robot.laser.x_m, 0.0, 0.0)
        self._detours = DetourMemory(grid)
        self._planner = Planner(grid, settings)
        self._memory = ObstacleMemory(_REMEMBER_S)

    def set_filters(self, filters: Iterable[tuple[FilterMask, FilterMeaning]], full_mps: float) -> None:
        """Take keep-out and speed zones in the place of those before; `full_mps` is what 100 percent are."""
        zones = no_zones(self.grid)
        for mask, meaning in filters:
            zones = with_filter(zones, mask, meaning, full_mps)
        self._planner = Planner(self.grid, self._planner.settings, zones)

    def limit_mps(self, pose_map: Pose2) -> float:
        """Return the speed limit of the zone at a place; inf where there is none."""
        return self._planner.zones.limit_at(pose_map.x_m, pose_map.y_m)

    def plan(self, start: Pose2, goal: Pose2, people: tuple[Person, ...], now_s: float) -> Plan:
        """Plan from one place of the map to another, around whoever stands near the start: far ones will have moved."""
        found, is_past_them = self._planned(start, goal, people, now_s)
        if is_past_them:
            self._detours.forget()
        return found

    def way(self, start: Pose2, goal: Pose2, people: tuple[Person, ...], now_s: float) -> Plan:
        """Plan for somebody who only asks: whom the robot goes round on its own way stays remembered."""
        return self._planned(start, goal, people, now_s)[0]

    def _planned(self, start: Pose2, goal: Pose2, people: tuple[Person, ...], now_s: float) -> tuple[Plan, bool]:
        """Return a plan, and whether it leads past those whom the robot goes round.

        It does when they leave no way at all: rather wait for one of them than give up.
        """
        standing = self._standing_near(start, people, now_s)
        walls = self._detours.walls(now_s)
        found = self._planner.plan(_point(start), _point(goal), standing, walls=walls)
        if found.outcome not in _NO_WAY or not walls:
            return found, False
        return self._planner.plan(_point(start), _point(goal), standing), True

    def go_on(
        self, start: Pose2, goal: Pose2, path: FloatArray, people: tuple[Person, ...], waited_s: float, now_s: float
    ) -> Plan:
        """Plan for a robot that follows a path, shape (n, 2) from where it is, and has got no nearer for `waited_s`.

        Somebody who stands in its way is waited for, until waiting has cost as much as the way round; from then on
        they count as a wall until their place is seen to be free, so that the robot does not change its mind. Whoever
        stands at the goal itself is waited for: on the other side of them it would be no nearer.
        """
        standing = self._standing_near(start, people, now_s)
        blockage = first_blockage(path, standing, self._robot_m)
        if blockage is None:
            return self.plan(start, goal, people, now_s)
        others = [one for one in standing if one is not blockage.by]
        walls = self._detours.walls(now_s)
        through = self._planner.plan(_point(start), _point(goal), others, walls=walls)
        if _is_near(blockage.by, goal, _AT_GOAL_M):
            return through
        if through.outcome is not PlanOutcome.FOUND:
            return self.plan(start, goal, people, now_s)
        around = self._planner.plan(_point(start), _point(goal), others, walls=[*walls, blockage.by])
        if around.outcome in _NO_WAY and walls and math.isinf(waited_s):
            # Every way is taken, and this one stays so: those on the others may have gone since they were seen.
            self._detours.forget()
            around = self._planner.plan(_point(start), _point(goal), others, walls=[blockage.by])
        decision = decide(blockage, through, around, waited_s)
        if decision.choice is Choice.GO_ROUND:
            self._detours.go_round(blockage.by, now_s)
        return decision.route

    def _standing_near(self, start: Pose2, people: tuple[Person, ...], now_s: float) -> list[Standing]:
        things = (thing(*place) for place in self._memory.places(now_s))
        return [one for one in (*together(standing_still(people)), *things) if _is_near(one, start)]

    def look(self, pose_map: Pose2, scan: LaserScan, people: tuple[Person, ...]) -> None:
        """Take in a scan: whom the robot goes round is forgotten where the laser sees through their place."""
        self._detours.look(pose_map @ self._base_from_laser, scan, standing_still(people))

    def see(self, points_map: FloatArray, pose_map: Pose2, now_s: float) -> None:
        """Remember what the laser hits where the map has nothing; points of shape (n, 2), in the map frame."""
        self._memory.see(points_map[self.grid.at(points_map) > _OFF_MAP_M], pose_map, now_s)

    def look_afresh(self) -> None:
        """Forget what the laser met and is on no map; what is there will be seen again.

        Whom the robot goes round stays remembered: from its way round it could not see them again.
        """
        self._memory.forget()

    def forget(self, where: Callable[[float, float], bool] = lambda _x_m, _y_m: True) -> None:
        """Forget all that is on no map, everywhere or where `where(x_m, y_m)` says so."""
        self._memory.forget(where)
        self._detours.forget(where)

    def in_the_way(self, people: tuple[Person, ...], now_s: float) -> FloatArray:
        """Return the places, shape (n, 2) in the map frame, of what stands there and is on no map."""
        bodies = [tuple(one.corners_map[0]) for one in standing_still(people)]
        return np.array(bodies + self._memory.places(now_s)).reshape(-1, 2)


def _point(pose: Pose2) -> tuple[float, float]:
    return pose.x_m, pose.y_m


def _is_near(one: Standing, place: Pose2, within_m: float = _NEAR_M) -> bool:
    return any(math.hypot(x_m - place.x_m, y_m - place.y_m) < within_m for x_m, y_m in one.corners_map)


def fault_of(goal: Pose2) -> tuple[ErrorCode, str] | None:
    """Return why a goal cannot be one at all; None when it can."""
    if not all(math.isfinite(value) for value in (goal.x_m, goal.y_m, goal.yaw_rad)):
        return ErrorCode.GOAL_OUTSIDE_MAP, "the goal is not a number"
    return None
