"""The whole robot without processes: the production cores, called in the order in which messages would flow.

The periods are those of the live nodes. Time is the simulator's; nothing here reads a clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from aisle.geometry import Pose2
from aisle.messages import Problem
from aisle.messages.advice import Recommended, RecommendRequest
from aisle.messages.visit import RobotView, ScreenState
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_behaviour.caption import Caption
from aisle_behaviour.errand import Errand
from aisle_behaviour.travel import GoalKeeper
from aisle_behaviour.tree import Behaviours
from aisle_behaviour.ways import Surveyor, Take
from aisle_behaviour.world import MissionSettings, Orders, ScreenView, Tour, Travel, World
from aisle_gateway.desk import ShelfPlace, TourEnd
from aisle_gateway.store_line import StoreWord
from aisle_gateway.tasks import RobotReport
from aisle_navigation.collision_guard.guard import LATCHED, GuardReason
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import Progress, Status
from aisle_navigation.planning.planner import PlanOutcome
from apps.lockstep_cores import DrivingCores
from store_model.clearance import ClearanceMap

_TRAVEL = {
    Status.IDLE: Travel.IDLE,
    Status.DRIVING: Travel.DRIVING,
    Status.WAITING: Travel.WAITING,
    Status.ARRIVED: Travel.ARRIVED,
    Status.FAILED: Travel.FAILED,
}


# A Wednesday at ten, so that a run does not depend on the hour at which it is started; days since 2017-01-01.
_SHOPPING_DAY_D = 3 + 10 / 24


class Adviser(Protocol):
    """Whoever recommends; the inference core."""

    def recommend(self, request: RecommendRequest, time_d: float) -> Recommended | Problem: ...


@dataclass(slots=True)
class CoreDriver:
    """Drives the navigator core directly; the counterpart of the Nav2 action client."""

    navigator: Navigator
    _travel: Travel = Travel.IDLE

    def go_to(self, goal_map: Pose2) -> None:
        self.navigator.go_to(goal_map)
        self._travel = Travel.DRIVING

    def cancel(self) -> None:
        self.navigator.cancel()
        self._travel = Travel.IDLE

    def travel(self) -> Travel:
        return self._travel

    def note(self, progress: Progress) -> None:
        """Take the outcome of a navigation step; an ended goal stays ended until the next one."""
        if progress.status is not Status.IDLE:
            self._travel = _TRAVEL[progress.status]


class RobotCores:
    """The whole robot: what drives it, the mission, and on the other side the desk and the screen."""

    def __init__(
        self, robot: RobotModel, clearances: ClearanceMap, mission: MissionSettings, adviser: Adviser | None, seed: int
    ) -> None:
        self.driving = DrivingCores(robot, clearances, mission.home_map, seed)
        self._adviser = adviser
        self._driver = CoreDriver(self.driving.navigator)
        self._goals = GoalKeeper(self._driver)
        self._screen: ScreenView | None = None
        self._caption = Caption()
        self._sentence = ""
        self._surveyor = Surveyor(self._plan)
        self._behaviours = Behaviours(mission, self._world(0.0), self._surveyor.length_m)
        self.orders: Orders | None = None

    def exchange(self, received: bytes, now_s: float) -> bytes:
        """Take bytes from the base and return bytes to it; 50 times a second."""
        return self.driving.exchange(received, now_s)

    def check(self, now_s: float) -> None:
        """Decide what may be sent to the base; 20 times a second."""
        self.driving.check(now_s)

    def sense(self, scan: LaserScan) -> None:
        """Drive on and tick the mission; with every scan."""
        progress = self.driving.sense(scan)
        if progress is not None:
            self._driver.note(progress)
            self._decide(scan.stamp_s)

    def _plan(self, start_map: Pose2, goal_map: Pose2, take: Take) -> None:
        people = self.driving.seen.people if self.driving.seen else ()
        way = self.driving.navigator.means.ground.way(start_map, goal_map, people, self._surveyor.now_s)
        take(way.length_m if way.outcome is PlanOutcome.FOUND else None)

    def _decide(self, now_s: float) -> None:
        self._surveyor.tell_time(now_s)
        self.orders = self._behaviours.step(self._world(now_s))
        self._goals.want(self.orders.goal_map)
        self._sentence = self._caption.hold(self.orders.sentence, now_s)

    def _world(self, now_s: float) -> World:
        driving = self.driving
        seen, estimate = driving.seen, driving.estimate
        return World(
            now_s=now_s,
            pose_map=estimate.map_from_base if estimate else None,
            localized=estimate.localized if estimate else False,
            stopped=driving.guard_reason in LATCHED if driving.scan else False,
            travel=self._goals.travel(),
            screen=self._screen,
            nearest_person_m=seen.nearest_m if seen else math.inf,
            engaged_id=seen.engaged_id if seen else None,
            follower_m=seen.follower_m if seen else math.inf,
            battery_fraction=driving.battery_fraction,
            needs_staff=estimate.needs_staff if estimate else False,
            stopped_by_store=driving.guard_reason is GuardReason.STORE_STOP if driving.scan else False,
        )

    # The store

    def obey(self, word: StoreWord) -> None:
        """Take what the store wants of the robot."""
        self.driving.obey_store(word.stop is not None and word.stop.is_stopped)
        task = word.task
        place = Pose2(task.x_m, task.y_m, task.yaw_rad) if task else None
        self._behaviours.give_errand(Errand(task.task_id, task.kind, place) if task and place else None)

    def report(self) -> RobotReport | None:
        """Return what the robot says of itself to the store line; None before the mission has begun."""
        if self.orders is None:
            return None
        errand, tour = self._behaviours.errand_report(), self.orders.tour
        return RobotReport(
            self.orders.visit, tour.session_id if tour else "", errand.task_id, errand.state.value, errand.reason
        )

    # The desk and the screen

    def look(self, screen: ScreenState) -> None:
        """Take what the touchscreen shows."""
        self._screen = ScreenView(screen.screen, screen.session_id, screen.idle_s)

    def start_tour(self, session_id: str, product_id: int, place: ShelfPlace) -> str:
        return self._behaviours.start_tour(Tour(session_id, product_id, place.bay_id, place.stand_map))

    def end_tour(self, session_id: str) -> TourEnd:
        return TourEnd.ENDED if self._behaviours.end_tour(session_id) else TourEnd.NO_SUCH_TOUR

    def recommend(self, request: RecommendRequest) -> Recommended | Problem:
        if self._adviser is None:
            return Recommended(items=(), fallback=True)
        return self._adviser.recommend(request, _SHOPPING_DAY_D)

    def view(self) -> RobotView | None:
        """Return what the robot tells its screen; None before it knows where it is."""
        estimate, odometry = self.driving.estimate, self.driving.odometry
        if self.orders is None or estimate is None or odometry is None:
            return None
        pose, progress = estimate.map_from_base, self.driving.progress
        has_path = self.orders.tour is not None and progress is not None and len(progress.path) > 0
        return RobotView(
            visit=self.orders.visit,
            x_m=pose.x_m,
            y_m=pose.y_m,
            yaw_rad=pose.yaw_rad,
            speed_mps=odometry.twist.linear_mps,
            distance_left_m=progress.distance_left_m if has_path and progress else None,
            sentence=self._sentence,
            path=tuple((float(x), float(y)) for x, y in progress.path[::8]) if has_path and progress else (),
            session_id=self.orders.tour.session_id if self.orders.tour else "",
            product_id=self.orders.tour.product_id if self.orders.tour else None,
        )
