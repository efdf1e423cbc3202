"""Several goals one after another: passing through poses, or stopping at each waypoint."""

from __future__ import annotations

from dataclasses import replace

from aisle.geometry import Pose2
from aisle_navigation.driving.drive_to import DriveTo
from aisle_navigation.driving.means import Means
from aisle_navigation.driving.outcome import ErrorCode, Missed, Progress, Status, failed, standing
from aisle_navigation.driving.patience import Patience
from aisle_navigation.driving.situation import Situation


class DriveThrough:
    """Pass near all poses without stopping, and stop at the last. The first failure ends it."""

    def __init__(self, goals_map: tuple[Pose2, ...], means: Means) -> None:
        self.goals_map = goals_map
        self._means = means
        self._passed = 0
        self._drive = self._next() if goals_map else None

    def _next(self) -> DriveTo:
        is_last = self._passed == len(self.goals_map) - 1
        patience = Patience(self._means.settings.patience)
        return DriveTo(self.goals_map[self._passed], self._means, patience, stop=is_last)

    def step(self, situation: Situation) -> Progress:
        """Return the velocity wanted now; `passed` counts the poses that lie behind."""
        if self._drive is None:
            return failed(ErrorCode.NO_VIAPOINTS_GIVEN, "there is no pose to go to")
        progress = self._drive.step(situation)
        if progress.status is Status.ARRIVED and self._passed < len(self.goals_map) - 1:
            self._passed += 1
            self._drive = self._next()
            progress = self._drive.step(situation)
        return replace(progress, passed=self._passed + (progress.status is Status.ARRIVED))


class VisitWaypoints:
    """Stop at every waypoint, `rounds` times over; one that cannot be reached is missed, and the next is tried."""

    def __init__(self, goals_map: tuple[Pose2, ...], means: Means, first: int = 0, rounds: int = 1) -> None:
        self._order = [*range(first, len(goals_map)), *(list(range(len(goals_map))) * (rounds - 1))]
        self._goals_map = goals_map
        self._means = means
        self._passed = 0
        self._missed: list[Missed] = []
        self._drive: DriveTo | None = None

    @property
    def waypoint(self) -> int:
        """Return the index of the waypoint that is driven to; after the end that of the last one."""
        return self._order[min(self._passed, len(self._order) - 1)] if self._order else 0

    def step(self, situation: Situation) -> Progress:
        """Return the velocity wanted now; `missed` names the waypoints that were given up."""
        if self._passed >= len(self._order):
            return self._noted(standing(Status.ARRIVED))
        if self._drive is None:
            patience = Patience(self._means.settings.patience)
            self._drive = DriveTo(self._goals_map[self.waypoint], self._means, patience)
        progress = self._drive.step(situation)
        if not progress.has_ended:
            return self._noted(progress)
        if progress.status is Status.FAILED:
            self._missed.append(Missed(self.waypoint, progress.error_code))
        self._passed, self._drive = self._passed + 1, None
        return self._noted(standing(Status.ARRIVED if self._passed == len(self._order) else Status.DRIVING))

    def _noted(self, progress: Progress) -> Progress:
        return replace(progress, passed=self._passed, missed=tuple(self._missed))
