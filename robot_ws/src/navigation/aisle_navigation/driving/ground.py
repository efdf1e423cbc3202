"""What the robot drives on: the map, and what it has learnt of things that are on no map."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from aisle.geometry import FloatArray, Pose2
from aisle.sensing import Person
from aisle_navigation.driving.outcome import ErrorCode
from aisle_navigation.planning.obstacle_memory import ObstacleMemory
from aisle_navigation.planning.planner import Plan, PlannerSettings, PlanOutcome, plan
from store_model.clearance import ClearanceMap

SENTENCES = {
    PlanOutcome.START_OUTSIDE_MAP: "the robot believes it is outside the map; show it where it is",
    PlanOutcome.GOAL_OUTSIDE_MAP: "the goal lies outside the map",
    PlanOutcome.START_OCCUPIED: "the robot believes it is inside a shelf; show it where it is",
    PlanOutcome.GOAL_OCCUPIED: "the goal is inside or too close to a shelf",
    PlanOutcome.NO_VALID_PATH: "no way leads to the goal",
}
_OFF_MAP_M = 0.2
_STANDING_MPS = 0.15


@dataclass(slots=True)
class Ground:
    """Plans on the map around whoever stands still and whatever is remembered to be in the way."""

    grid: ClearanceMap
    settings: PlannerSettings = field(default_factory=PlannerSettings)
    memory: ObstacleMemory = field(default_factory=lambda: ObstacleMemory(60.0))

    def plan(self, start: Pose2, goal: Pose2, people: tuple[Person, ...], now_s: float) -> Plan:
        """Plan from one place of the map to another."""
        in_the_way = np.array(_standing(people) + self.memory.places(now_s)).reshape(-1, 2)
        return plan(self.grid, (start.x_m, start.y_m), (goal.x_m, goal.y_m), in_the_way, self.settings)

    def see(self, points_map: FloatArray, pose_map: Pose2, now_s: float) -> None:
        """Remember what the laser hits where the map has nothing; points of shape (n, 2), in the map frame."""
        self.memory.see(points_map[self.grid.at(points_map) > _OFF_MAP_M], pose_map, now_s)

    def forget(self) -> None:
        """Forget everything that is on no map; what is still there will be seen again."""
        self.memory.forget()


def _standing(people: tuple[Person, ...]) -> list[tuple[float, float]]:
    return [(p.x_m, p.y_m) for p in people if math.hypot(p.vx_mps, p.vy_mps) < _STANDING_MPS]


def fault_of(goal: Pose2) -> tuple[ErrorCode, str] | None:
    """Return why a goal cannot be one at all; None when it can."""
    if not all(math.isfinite(value) for value in (goal.x_m, goal.y_m, goal.yaw_rad)):
        return ErrorCode.GOAL_OUTSIDE_MAP, "the goal is not a number"
    return None
