"""The whole robot without processes: the production cores, called in the order in which messages would flow.

The periods are those of the live nodes. Time is the simulator's; nothing here reads a clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from aisle.geometry import STOP, Pose2
from aisle.messages import Problem
from aisle.messages.visit import Recommended, RobotView, ScreenState
from aisle.robot_model import RobotModel
from aisle.sensing import InOrder, LaserScan
from aisle_behaviour.caption import Caption
from aisle_behaviour.travel import GoalKeeper
from aisle_behaviour.tree import Behaviours
from aisle_behaviour.world import MissionSettings, Orders, ScreenView, Tour, Travel, World
from aisle_firmware_bridge.bridge import Bridge
from aisle_firmware_bridge.events import BaseReport
from aisle_gateway.desk import ShelfPlace, TourEnd
from aisle_navigation.collision_guard.guard import LATCHED, Contacts, Guard, GuardReason
from aisle_navigation.driving.navigator import Navigator, Progress, Status
from aisle_navigation.localization.odometry_buffer import OdometryBuffer
from aisle_navigation.localization.particle_filter import Estimate, FilterSettings, ParticleFilter
from aisle_perception.perception import Perception, Seen
from store_model.clearance import ClearanceMap

_TRAVEL = {
    Status.IDLE: Travel.IDLE,
    Status.DRIVING: Travel.DRIVING,
    Status.WAITING: Travel.WAITING,
    Status.ARRIVED: Travel.ARRIVED,
    Status.FAILED: Travel.FAILED,
}
_SESSION = 1


class Adviser(Protocol):
    """Whoever recommends; the inference core."""

    def recommend(self, given: tuple[int, ...], limit: int) -> Recommended | Problem: ...


@dataclass(slots=True)
class CoreDriver:
    """Drives the navigator core directly; the counterpart of the Nav2 action client."""

    navigator: Navigator
    now_s: float = 0.0
    _travel: Travel = Travel.IDLE

    def go_to(self, goal_map: Pose2) -> None:
        self.navigator.go_to(goal_map, self.now_s)
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
    """Scan and bytes from the base in, bytes to the base out; the desk and the screen from the other side."""

    def __init__(
        self, robot: RobotModel, clearances: ClearanceMap, mission: MissionSettings, adviser: Adviser | None, seed: int
    ) -> None:
        self.robot = robot
        self._adviser = adviser
        self._filter = ParticleFilter(clearances, robot, FilterSettings(), seed)
        self._filter.start_at(mission.home_map)
        self._perception = Perception(robot, clearances)
        self._navigator = Navigator(clearances, robot, seed)
        self._guard = Guard(robot)
        self._bridge = Bridge(robot)
        self._bridge.connect(_SESSION)
        self._bridge.request_arm()
        self._driver = CoreDriver(self._navigator)
        self._goals = GoalKeeper(self._driver)
        self._odometry = OdometryBuffer()
        self._estimate: Estimate | None = None
        self._scan: LaserScan | None = None
        self._scan_order = InOrder()
        self._seen: Seen | None = None
        self._screen: ScreenView | None = None
        self._progress: Progress | None = None
        self._velocity = STOP
        self._battery_fraction = 1.0
        self._caption = Caption()
        self._sentence = ""
        self._behaviours = Behaviours(mission, self._world(0.0))
        self.orders: Orders | None = None
        self.guard_reason = GuardReason.NO_SCAN

    # The base, 50 times a second

    def exchange(self, received: bytes, now_s: float) -> bytes:
        """Take bytes from the base and return bytes to it."""
        for event in self._bridge.receive(received, now_s):
            if isinstance(event, BaseReport):
                self._odometry.add(event.odometry)
                self._battery_fraction = 0.01 * event.status.battery_percent
                self._guard.feel(Contacts(bool(event.status.bumpers), event.status.emergency_stop))
        return self._bridge.step(now_s, self._velocity)

    # The guard, 20 times a second

    def check(self, now_s: float) -> None:
        """Decide what may be sent to the base."""
        decision = self._guard.step(now_s)
        self._velocity, self.guard_reason = decision.twist, decision.reason

    # Everything that follows a scan, 10 times a second

    def sense(self, scan: LaserScan) -> None:
        """Localize, see people, drive towards the goal and tick the mission."""
        if not self._scan_order.accepts(scan.stamp_s):
            return
        self._scan = scan
        self._guard.see(scan)
        odom_from_base = self._odometry.at(scan.stamp_s)
        if odom_from_base is None:
            return
        self._estimate = self._filter.update(scan, odom_from_base)
        self._seen = self._perception.step(scan, self._estimate.map_from_base)
        self._drive(scan.stamp_s)
        self._decide(scan.stamp_s)

    def _drive(self, now_s: float) -> None:
        odometry = self._odometry.latest
        assert odometry is not None and self._estimate is not None and self._scan is not None and self._seen is not None
        self._driver.now_s = now_s
        pose = self._estimate.map_from_base
        self._progress = self._navigator.step(now_s, pose, odometry.twist, self._scan, self._seen.people)
        self._driver.note(self._progress)
        self._guard.command(self._progress.twist, now_s)

    def _decide(self, now_s: float) -> None:
        self.orders = self._behaviours.step(self._world(now_s))
        self._goals.want(self.orders.goal_map)
        self._sentence = self._caption.hold(self.orders.sentence, now_s)

    def _world(self, now_s: float) -> World:
        seen, estimate = self._seen, self._estimate
        return World(
            now_s=now_s,
            pose_map=estimate.map_from_base if estimate else None,
            localized=estimate.localized if estimate else False,
            stopped=self.guard_reason in LATCHED if self._scan else False,
            travel=self._goals.travel(),
            screen=self._screen,
            nearest_person_m=seen.nearest_m if seen else math.inf,
            engaged_id=seen.engaged_id if seen else None,
            follower_m=seen.follower_m if seen else math.inf,
            battery_fraction=self._battery_fraction,
        )

    # The desk and the screen

    def look(self, screen: ScreenState) -> None:
        """Take what the touchscreen shows."""
        self._screen = ScreenView(screen.screen, screen.session_id, screen.idle_s)

    def start_tour(self, session_id: str, product_id: int, place: ShelfPlace) -> str:
        return self._behaviours.start_tour(Tour(session_id, product_id, place.bay_id, place.stand_map))

    def end_tour(self, session_id: str) -> TourEnd:
        return TourEnd.ENDED if self._behaviours.end_tour(session_id) else TourEnd.NO_SUCH_TOUR

    def recommend(self, given: tuple[int, ...], limit: int) -> Recommended | Problem:
        if self._adviser is None:
            return Recommended(items=(), fallback=True)
        return self._adviser.recommend(given, limit)

    def view(self) -> RobotView | None:
        """Return what the robot tells its screen; None before it knows where it is."""
        odometry = self._odometry.latest
        if self.orders is None or self._estimate is None or odometry is None:
            return None
        pose, progress = self._estimate.map_from_base, self._progress
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
