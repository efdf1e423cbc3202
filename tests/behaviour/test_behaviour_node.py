"""The mission as a process decides tours by the charge it hears and by the ways that the navigator has planned."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("aisle_interfaces.msg")

from aisle_interfaces.msg import MatchQuality, StoreTask, VisitStatus
from aisle_interfaces.srv import EndTour, StartTour
from lifecycle_msgs.msg import Transition
from nav2_msgs.action import ComputePathToPose
from rclpy.action import ActionServer, GoalResponse
from sensor_msgs.msg import BatteryState
from std_msgs.msg import Bool
from tf2_msgs.msg import TFMessage

from aisle.geometry import Pose2
from aisle.messages.visit import VisitState
from aisle_behaviour import arbiter
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS
from tests.ros.live_nodes import START_S, Listener, listening, node_command, ros_environment, running

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning"),
]
HERE, SHELF = Pose2(5.0, 5.0, 0.0), Pose2(15.0, 5.0, 0.0)
FAR, BESIDE_FAR = Pose2(205.0, 5.0, 0.0), Pose2(205.0, 15.0, 0.0)
MODEST = 0.2
"""Enough for a tour of 200 m and the way back, and not for one of 900 m."""


class Rig:
    """Base, localization and navigator around one behaviour process."""

    def __init__(self, listener: Listener) -> None:
        self.listener, node = listener, listener.node
        self.charge: float | None = 1.0
        self.planned_m: float | None = 12.0
        self._tf = node.create_publisher(TFMessage, "/tf", 10)
        self._quality = node.create_publisher(MatchQuality, "/match_quality", 10)
        self._battery = node.create_publisher(BatteryState, "/battery_state", 10)
        self._stopped = node.create_publisher(Bool, "/stopped", LATCHED_QOS)
        self.task: StoreTask | None = None
        self._tasks = node.create_publisher(StoreTask, "/store_task", LATCHED_QOS)
        self.visits = listener.listen(VisitStatus, "/visit_status")
        self.planner = ActionServer(
            node, ComputePathToPose, "compute_path_to_pose", self._plan, goal_callback=self._asked
        )
        self._asked_for_plans, self._planned, self._is_closing = 0, 0, False
        node.create_timer(0.05, self._tell)

    def _tell(self) -> None:
        now_s = time.time()
        links = [conversions.transform("map", "odom", HERE, now_s)]
        links.append(conversions.transform("odom", "base_link", Pose2(0.0, 0.0, 0.0), now_s))
        self._tf.publish(TFMessage(transforms=links))
        self._quality.publish(MatchQuality(localized=True))
        if self.task is not None:
            self._tasks.publish(self.task)
        if self.charge is not None:
            self._battery.publish(BatteryState(percentage=self.charge))

    def _asked(self, _: Any) -> GoalResponse:
        if self._is_closing:
            return GoalResponse.REJECT
        self._asked_for_plans += 1
        return GoalResponse.ACCEPT

    def _plan(self, goal: Any) -> Any:
        self._planned += 1
        if self.planned_m is None:
            goal.abort()
            return ComputePathToPose.Result(error_code=208)
        goal.succeed()
        points = np.column_stack((np.linspace(0.0, self.planned_m, 50), np.zeros(50)))
        return ComputePathToPose.Result(path=conversions.path_message(points, 0.0))

    def close(self) -> None:
        """Plan what has been accepted before the planner goes: rclpy warns of accepted goals that never ran."""
        self._is_closing = True
        self.listener.wait_for(lambda: self._planned == self._asked_for_plans, "accepted plans")
        self.planner.destroy()

    def until(self, visit: VisitState) -> None:
        self.visits.clear()
        self.listener.wait_for(lambda: any(one.visit == visit.value for one in self.visits), visit.value, START_S)

    def hear(self, charge: float) -> None:
        """Give a charge, and let the mission decide with it."""
        self.charge = charge
        for _ in range(3):
            self.until(VisitState.WAITING)

    def start(self, session_id: str, shelf: Pose2 = SHELF) -> tuple[str, int]:
        """Ask as the kiosk does, until there is an answer; return it, and how often was asked."""
        request = StartTour.Request(session_id=session_id, product_id=7, bay_id="bay")
        request.shelf_pose = conversions.pose_stamped(shelf, "map", 0.0)
        answers: list[Any] = []

        def is_answered() -> bool:
            answers.append(self.listener.call(StartTour, "/behaviour/start_tour", request))
            self.listener.executor.spin_once(timeout_sec=0.1)
            return bool(answers[-1].accepted or answers[-1].sentence)

        self.listener.wait_for(is_answered, "a decision")
        self.listener.call(EndTour, "/behaviour/end_tour", EndTour.Request(session_id=session_id))
        return str(answers[-1].sentence), len(answers)


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    for name, value in ros_environment().items():
        monkeypatch.setenv(name, value)
    command = node_command("aisle_behaviour.nodes.behaviour_node", home_x=5.0, home_y=5.0, dock_x=1.0, dock_y=5.0)
    with listening() as listener, running(command, tmp_path / "log", ros_environment()):
        rig = Rig(listener)
        assert listener.change("behaviour", Transition.TRANSITION_CONFIGURE)
        assert listener.change("behaviour", Transition.TRANSITION_ACTIVATE)
        rig.until(VisitState.WAITING)
        yield rig
        rig.close()


def test_with_a_full_battery_a_tour_begins_at_the_first_word(rig: Rig) -> None:
    rig.hear(1.0)
    assert rig.start("full") == ("", 1)


def test_where_it_matters_the_planned_way_decides(rig: Rig) -> None:
    rig.hear(MODEST)
    rig.planned_m = 210.0
    assert rig.start("straight", FAR)[0] == ""
    rig.planned_m = 900.0
    assert rig.start("winding", BESIDE_FAR)[0] == arbiter.HAVE_TO_CHARGE
    rig.until(VisitState.CHARGING)


def test_a_planner_without_a_way_leaves_the_estimate(rig: Rig) -> None:
    rig.planned_m = None
    rig.hear(MODEST)
    assert rig.start("estimated", FAR)[0] == ""


def test_a_charge_that_is_not_known_or_no_longer_heard_starts_no_tour(rig: Rig) -> None:
    rig.charge = math.nan
    rig.listener.wait_for(lambda: rig.start("nan")[0] == arbiter.CHARGE_UNKNOWN, "a refusal", 30.0)
    rig.charge = 1.0
    rig.listener.wait_for(lambda: rig.start("full")[0] == "", "a tour", 30.0)
    rig.charge = None
    rig.listener.wait_for(lambda: rig.start("silent")[0] == arbiter.CHARGE_UNKNOWN, "a refusal", 30.0)


def test_a_task_that_the_gateway_does_not_repeat_is_dropped(rig: Rig) -> None:
    place = conversions.pose_stamped(SHELF, "map", 0.0)
    rig.hear(1.0)
    rig.task = StoreTask(task_id="round", kind="patrol", place=place)
    rig.until(VisitState.ERRAND)
    assert rig.visits[-1].task_id == "round"
    rig.task = None
    rig.until(VisitState.WAITING)
    assert rig.visits[-1].task_id == ""
