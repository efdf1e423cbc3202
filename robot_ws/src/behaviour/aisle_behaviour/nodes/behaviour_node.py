"""Behaviour shell: what the robot knows in; navigation goals and the state of the visit out."""

from __future__ import annotations

import math
from pathlib import Path

from aisle_interfaces.msg import Engagement, MatchQuality, ScreenState, StoreStop, StoreTask, VisitStatus
from aisle_interfaces.srv import EndTour, StartTour
from sensor_msgs.msg import BatteryState
from std_msgs.msg import Bool

from aisle import config, paths
from aisle.geometry import Pose2
from aisle.messages.robot import TaskKind
from aisle.messages.visit import Screen, VisitState
from aisle.robot_model import RobotModel
from aisle_behaviour.caption import Caption
from aisle_behaviour.energy import budget_of
from aisle_behaviour.errand import TASK_STALE_S, Errand
from aisle_behaviour.nodes.action_driver import ActionDriver
from aisle_behaviour.nodes.path_asker import PathAsker
from aisle_behaviour.travel import GoalKeeper
from aisle_behaviour.tree import Behaviours
from aisle_behaviour.ways import Surveyor
from aisle_behaviour.world import MissionSettings, Orders, ScreenView, Tour, Travel, World
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, ManagedNode, spin
from aisle_ros.transforms import RobotPose

_PERIOD_S = 0.1
_SENSED_STALE_S = 0.6
_SCREEN_STALE_S = 3.0
_BATTERY_STALE_S = 5.0


class BehaviourNode(ManagedNode):
    """Owns the state of the visit; ticks the mission ten times a second."""

    def __init__(self) -> None:
        super().__init__(
            "behaviour",
            {
                "home_x": 0.0,
                "home_y": 0.0,
                "home_yaw": 0.0,
                "dock_x": 0.0,
                "dock_y": 0.0,
                "dock_yaw": 0.0,
                "robot": str(paths.reference_robot()),
            },
        )
        self._behaviours: Behaviours | None = None
        self._stopped = False
        self._stopped_by_store = False
        self._quality: MatchQuality | None = None
        self._engagement: Engagement | None = None
        self._screen: tuple[float, ScreenView] | None = None
        self._visit: VisitState | None = None
        self._battery: tuple[float, float] | None = None
        self._task: tuple[float, Errand] | None = None
        self._caption = Caption()
        self._pose = RobotPose(self)
        self._driver = ActionDriver(self)
        self._goals = GoalKeeper(self._driver)
        self._surveyor = Surveyor(PathAsker(self).ask)
        self._status = self.create_publisher(VisitStatus, "/visit_status", 10)
        self.create_subscription(Engagement, "/engagement", self._take_engagement, 10)
        self.create_subscription(MatchQuality, "/match_quality", self._take_quality, 10)
        self.create_subscription(ScreenState, "/screen_state", self._take_screen, 10)
        self.create_subscription(Bool, "/stopped", self._take_stopped, LATCHED_QOS)
        self.create_subscription(BatteryState, "/battery_state", self._take_battery, 1)
        self.create_subscription(StoreStop, "/store_stop", self._take_store_stop, LATCHED_QOS)
        self.create_subscription(StoreTask, "/store_task", self.while_active(self._take_task), LATCHED_QOS)
        self.create_service(StartTour, "~/start_tour", self._start_tour)
        self.create_service(EndTour, "~/end_tour", self._end_tour)
        self.every(_PERIOD_S, self._step)

    def configure(self) -> None:
        budget = budget_of(config.load(Path(self.text("robot")), RobotModel).battery)
        mission = MissionSettings(self._place("home"), self._place("dock"), energy=budget)
        self._behaviours = Behaviours(mission, self._world(), self._surveyor.length_m)

    def activate(self) -> None:
        """Begin with nothing under way: a mission that ended in the middle of a tour has left its goal behind."""
        self._driver.cancel_all()

    def _place(self, name: str) -> Pose2:
        return Pose2(*(float(self.get_parameter(f"{name}_{axis}").value) for axis in ("x", "y", "yaw")))

    def _take_engagement(self, message: Engagement) -> None:
        self._engagement = message

    def _take_quality(self, message: MatchQuality) -> None:
        self._quality = message

    def _take_battery(self, message: BatteryState) -> None:
        self._battery = (self.now_s(), message.percentage)

    def _take_stopped(self, message: Bool) -> None:
        self._stopped = message.data

    def _take_store_stop(self, message: StoreStop) -> None:
        self._stopped_by_store = message.stopped

    def _take_task(self, message: StoreTask) -> None:
        """Take the task that the gateway repeats; one of a kind that this version does not know is left alone."""
        if not message.task_id:
            self._task = None
        elif message.kind in tuple(TaskKind):
            place = conversions.pose2(message.place.pose)
            self._task = (self.now_s(), Errand(message.task_id, TaskKind(message.kind), place))
        else:
            self.get_logger().warning(f"ignored a task of unknown kind '{message.kind}'", throttle_duration_sec=10.0)

    def _take_screen(self, message: ScreenState) -> None:
        try:
            screen = Screen(message.screen)
        except ValueError:
            self.get_logger().warning(f"ignored the unknown screen '{message.screen}'", throttle_duration_sec=10.0)
            return
        self._screen = (self.now_s(), ScreenView(screen, message.session_id, message.idle_s))

    def _start_tour(self, request: StartTour.Request, response: StartTour.Response) -> StartTour.Response:
        """Answer neither accepted nor with a sentence, which means "ask again", while all hangs on a way being planned.

        Nothing is waited for here: a coroutine that waits starves the executor (rclpy runs it before all else).
        """
        pose = conversions.pose2(request.shelf_pose.pose)
        tour = Tour(request.session_id, request.product_id, request.bay_id, pose)
        if self._is_being_planned(tour):
            return response
        active = self._behaviours if self._is_active else None
        response.sentence = active.start_tour(tour) if active is not None else "I am not ready yet."
        response.accepted = not response.sentence
        return response

    def _is_being_planned(self, tour: Tour) -> bool:
        """Tell whether a tour hangs on the length of ways that the navigator is being asked for."""
        here = self._pose.at(self.now_s())
        active = self._behaviours if self._is_active else None
        if active is None or here is None or not active.hangs_on_ways(tour):
            return False
        ways = ((here, tour.shelf_pose_map), (tour.shelf_pose_map, self._place("dock")))
        for way in ways:
            self._surveyor.length_m(*way)
        return any(self._surveyor.is_open(*way) for way in ways)

    def _end_tour(self, request: EndTour.Request, response: EndTour.Response) -> EndTour.Response:
        response.ended = self._behaviours is not None and self._behaviours.end_tour(request.session_id)
        return response

    def _charge(self, now_s: float) -> float:
        """Return the newest charge; NaN for one that is old, or that the base does not know."""
        heard_s, charge = self._battery or (-math.inf, math.nan)
        return charge if now_s - heard_s < _BATTERY_STALE_S else math.nan

    def _errand(self, now_s: float) -> Errand | None:
        """Return what the store wants done; None when the gateway is silent: by now it may be another robot's."""
        return self._task[1] if self._task is not None and now_s - self._task[0] < TASK_STALE_S else None

    def _world(self) -> World:
        now_s = self.now_s()
        engagement = self._engagement
        if engagement is not None and now_s - conversions.seconds(engagement.header.stamp) > _SENSED_STALE_S:
            engagement = None
        screen = self._screen[1] if self._screen is not None and now_s - self._screen[0] < _SCREEN_STALE_S else None
        return World(
            now_s=now_s,
            pose_map=self._pose.at(now_s),
            localized=self._quality is not None and self._quality.localized,
            stopped=self._stopped,
            travel=self._goals.travel(),
            screen=screen,
            nearest_person_m=engagement.nearest_m if engagement else math.inf,
            engaged_id=engagement.track_id if engagement and engagement.present else None,
            follower_m=engagement.follower_m if engagement else math.inf,
            battery_fraction=self._charge(now_s),
            needs_staff=self._quality is not None and self._quality.needs_staff,
            stopped_by_store=self._stopped and self._stopped_by_store,
        )

    def _step(self) -> None:
        assert self._behaviours is not None
        self._surveyor.tell_time(self.now_s())
        self._behaviours.give_errand(self._errand(self.now_s()))
        orders = self._behaviours.step(self._world())
        self._goals.want(orders.goal_map)
        if orders.visit is not self._visit:
            before = self._visit.value if self._visit is not None else "starting"
            self.get_logger().info(f"visit: {before} -> {orders.visit.value}")
            self._visit = orders.visit
        self._status.publish(self._status_message(orders))

    def _status_message(self, orders: Orders) -> VisitStatus:
        assert self._behaviours is not None
        now_s, errand = self.now_s(), self._behaviours.errand_report()
        has_distance = self._goals.travel() in (Travel.DRIVING, Travel.WAITING)
        message = VisitStatus(
            visit=orders.visit.value,
            session_id=orders.tour.session_id if orders.tour else "",
            tour_active=orders.tour is not None,
            product_id=orders.tour.product_id if orders.tour else 0,
            distance_left_m=float(self._driver.distance_left_m) if has_distance else -1.0,
            sentence=self._caption.hold(orders.sentence, now_s),
            task_id=errand.task_id,
            task_state=errand.state.value,
            task_reason=errand.reason,
        )
        message.header.frame_id, message.header.stamp = "map", conversions.stamp(now_s)
        return message


def main() -> None:
    spin(BehaviourNode)


if __name__ == "__main__":
    main()
