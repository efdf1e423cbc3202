"""The navigator: one task at a time, from a goal to its end."""

from __future__ import annotations

from typing import Protocol

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle_navigation.control.controller import Controller
from aisle_navigation.control.courtesy import Courtesy
from aisle_navigation.control.profiles import STORE, Profile
from aisle_navigation.driving.certainty import Certainty
from aisle_navigation.driving.drive_to import DriveTo
from aisle_navigation.driving.ground import Ground
from aisle_navigation.driving.means import Means, NavigatorSettings
from aisle_navigation.driving.outcome import Progress, standing
from aisle_navigation.driving.patience import Patience
from aisle_navigation.driving.situation import Situation
from aisle_navigation.driving.speed import StaffLimit
from aisle_navigation.planning.planner import PlannerSettings
from store_model.clearance import ClearanceMap


class Task(Protocol):
    """Something that takes the robot somewhere, step by step, until its progress says that it has ended."""

    def step(self, situation: Situation) -> Progress: ...


class Navigator:
    """Holds what all tasks share, and the task under way; a new one takes over from the old one."""

    def __init__(
        self,
        grid: ClearanceMap,
        robot: RobotModel,
        seed: int,
        settings: NavigatorSettings = NavigatorSettings(),
        profile: Profile = STORE,
        planner: PlannerSettings = PlannerSettings(),
    ) -> None:
        self.means = Means(
            robot,
            Ground(grid, robot, planner),
            Controller(robot, profile, seed),
            StaffLimit(robot.limits.speed_mps),
            Courtesy(profile.space, robot.base.radius_m) if profile.space else None,
            settings,
        )
        self._task: Task | None = None
        self._goal_before: Pose2 | None = None
        self._patience = Patience(settings.patience)
        self._certainty = Certainty()

    def go_to(self, goal_map: Pose2) -> None:
        """Take a new goal."""
        self.start(self.drive_to(goal_map))

    def drive_to(self, goal_map: Pose2) -> DriveTo:
        """Return the task of one goal; the same goal again goes on where it was interrupted, its waiting too."""
        self._patience.start_over(forget=goal_map != self._goal_before)
        self._goal_before = goal_map
        return DriveTo(goal_map, self.means, self._patience)

    def start(self, task: Task) -> None:
        """Take a task; the one under way is dropped."""
        self._task = task

    def cancel(self) -> None:
        """Drop the task; the next step stands still."""
        self._task = None

    def step(self, situation: Situation) -> Progress:
        """Return the velocity wanted now. After ARRIVED or FAILED the task is gone."""
        if self._task is None:
            return standing()
        doubt = self._certainty.step(situation.is_localized, situation.now_s)
        if doubt is not None:
            self.means.controller.reset()
            return self._ended(doubt)
        return self._ended(self._task.step(situation))

    def _ended(self, progress: Progress) -> Progress:
        if progress.has_ended:
            self._task = None
            self._goal_before = None
        return progress
