"""The real backend, gateway, guard and behaviour: what staff want reaches the wheels, and silence releases nothing."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("aisle_interfaces.msg")

from aisle_interfaces.msg import MatchQuality, StoreStop, VisitStatus
from geometry_msgs.msg import Twist
from lifecycle_msgs.msg import Transition
from nav2_msgs.action import NavigateToPose
from rclpy.action import ActionServer
from sensor_msgs.msg import BatteryState, LaserScan
from tf2_msgs.msg import TFMessage

from aisle import bus, channels, keys
from aisle.geometry import Pose2
from aisle.messages import Problem, ProblemCode, memory, robot
from aisle.messages.visit import Screen, ScreenState, VisitState
from aisle.paths import demo_store_dir, reference_robot
from aisle_behaviour import arbiter
from aisle_gateway.stop import StopWord, save_stop
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, SENSOR_QOS
from store_backend.database import connect
from store_backend.key_file import create_missing_store_keys
from store_backend.tables import robots
from tests.ros.live_nodes import START_S, Listener, listening, node_command, ros_environment, round_room, running
from tests.store_backend.ports import free_port

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning"),
]

HERE, PLACE = Pose2(5.0, 5.0, 0.0), (7.0, 6.0, 0.5)
FORWARD_MPS = 0.2
SHOPPER = "c" * 32
NODES = ("collision_guard", "behaviour", "gateway")


class Backend:
    """The backend as a process that can be killed and started again on the same database."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'backend.sqlite'}"
        self.keys = folder / "keys"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        places = ["--store", str(demo_store_dir()), "--keys", str(self.keys), "--database", self.url]
        self._process = subprocess.Popen([sys.executable, "-m", "store_backend.service", *places])

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def charge_of_robot(self) -> list[float | None]:
        engine = connect(self.url)
        with engine.connect() as connection:
            charges = list(connection.execute(robots.select().with_only_columns(robots.c.battery_fraction)).scalars())
        engine.dispose()
        return charges


class Rig:
    """Base, laser, localization and navigator around the three nodes, and staff at the store's console."""

    def __init__(self, listener: Listener, backend: Backend, staff: bus.RequestClient) -> None:
        self.listener, self.backend, self.staff, node = listener, backend, staff, listener.node
        self.charge = 0.8
        self.goals: list[Any] = []
        self._tf = node.create_publisher(TFMessage, "/tf", 10)
        self._quality = node.create_publisher(MatchQuality, "/match_quality", 10)
        self._battery = node.create_publisher(BatteryState, "/battery_state", 10)
        self._scan = node.create_publisher(LaserScan, "/scan", SENSOR_QOS)
        self._navigator = node.create_publisher(Twist, "/cmd_vel_nav", 1)
        self.sent = listener.listen(Twist, "/cmd_vel")
        self.visits = listener.listen(VisitStatus, "/visit_status")
        self.actions = ActionServer(node, NavigateToPose, "navigate_to_pose", self._drive)
        node.create_timer(0.05, self._tell)

    def _tell(self) -> None:
        now_s = time.time()
        links = [conversions.transform("map", "odom", HERE, now_s)]
        links.append(conversions.transform("odom", "base_link", Pose2(0.0, 0.0, 0.0), now_s))
        self._tf.publish(TFMessage(transforms=links))
        self._quality.publish(MatchQuality(localized=True))
        self._battery.publish(BatteryState(percentage=self.charge))
        self._scan.publish(round_room(now_s))
        wanted = Twist()
        wanted.linear.x = FORWARD_MPS
        self._navigator.publish(wanted)

    def _drive(self, goal: Any) -> Any:
        place = conversions.pose2(goal.request.pose.pose)
        self.goals.append((round(place.x_m, 3), round(place.y_m, 3), round(place.yaw_rad, 3)))
        goal.succeed()
        return NavigateToPose.Result()

    def until(self, condition: Callable[[], bool], what: str, within_s: float = 30.0) -> None:
        self.listener.wait_for(condition, what, within_s)

    def ask(self, message: Any) -> Any:
        return self.staff.ask(message, timeout_s=START_S)

    def hears(self, visit: VisitState) -> Callable[[], bool]:
        self.visits.clear()
        return lambda: any(one.visit == visit.value for one in self.visits)

    def passes(self, speed_mps: float) -> Callable[[], bool]:
        self.sent.clear()
        return lambda: bool(self.sent) and self.sent[-1].linear.x == pytest.approx(speed_mps)

    def stands_for(self, duration_s: float) -> bool:
        """Tell whether the guard lets nothing through for a while."""
        self.sent.clear()
        ends_s = time.monotonic() + duration_s
        while time.monotonic() < ends_s:
            self.listener.executor.spin_once(timeout_sec=0.02)
        return len(self.sent) > 10 and all(one.linear.x == 0.0 for one in self.sent)


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    for name, value in ros_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port()))
    backend = Backend(tmp_path)
    keys.create_missing_keys(backend.keys)
    create_missing_store_keys(backend.keys)
    given = {"store": demo_store_dir(), "keys": backend.keys, "robot_id": "r1", "stop_note": tmp_path / "stop.json"}
    commands = (
        node_command("aisle_navigation.nodes.guard_node", robot=reference_robot()),
        node_command("aisle_behaviour.nodes.behaviour_node", home_x=5.0, home_y=5.0, dock_x=1.0, dock_y=5.0),
        node_command("aisle_gateway.nodes.gateway_node", **given),
    )
    backend.start()
    try:
        with ExitStack() as stack:
            listener = stack.enter_context(listening())
            for name, command in zip(NODES, commands, strict=True):
                stack.enter_context(running(command, tmp_path / f"{name}.log", ros_environment()))
            staff = stack.enter_context(bus.request_client(channels.BACKEND, bus.Identity("admin", backend.keys)))
            opened = Rig(listener, backend, staff)
            for name in NODES:
                assert listener.change(name, Transition.TRANSITION_CONFIGURE)
                assert listener.change(name, Transition.TRANSITION_ACTIVATE)
            opened.until(opened.passes(FORWARD_MPS), "a robot that may drive", START_S)
            opened.until(lambda: bool(opened.ask(robot.LeaseQuery(robot_id="r1")).owner), "the lease")
            yield opened
            opened.actions.destroy()
    finally:
        backend.kill()


def test_a_stop_by_staff_holds_the_wheels_through_a_dead_store_until_staff_release_it(rig: Rig) -> None:
    rig.ask(robot.StopRobots(reason="spilled milk"))
    rig.until(rig.passes(0.0), "a robot that stands")
    rig.until(rig.hears(VisitState.STOPPED), "a stopped visit")
    rig.until(lambda: any(one.sentence == arbiter.STOPPED_BY_STAFF for one in rig.visits), "the sentence")
    rig.backend.kill()
    assert rig.stands_for(5.0)
    rig.backend.start()
    rig.until(lambda: bool(rig.ask(robot.StopQuery(robot_id="r1")).is_stopped), "the store")
    assert rig.stands_for(2.0)
    rig.ask(robot.ReleaseStop())
    rig.until(rig.passes(FORWARD_MPS), "a robot that drives again")


def test_a_disk_that_hangs_holds_up_neither_the_stop_nor_its_end(rig: Rig, tmp_path: Path) -> None:
    # Opening a pipe that nobody reads waits for ever, as a disk does that hangs.
    os.mkfifo(tmp_path / "stop.new")
    rig.ask(robot.StopRobots(reason="spilled milk"))
    rig.until(rig.passes(0.0), "a robot that stands")
    rig.ask(robot.ReleaseStop())
    rig.until(rig.passes(FORWARD_MPS), "a robot that drives again")
    rig.ask(robot.StopRobots(reason="spilled milk"))
    rig.until(rig.passes(0.0), "a robot that stands again")


def test_a_task_goes_to_the_robot_is_done_and_reported(rig: Rig) -> None:
    x_m, y_m, yaw_rad = PLACE
    rig.ask(robot.AddTask(task_id="round", kind=robot.TaskKind.PATROL, x_m=x_m, y_m=y_m, yaw_rad=yaw_rad))
    rig.until(rig.hears(VisitState.ERRAND), "a robot on its errand")
    rig.until(lambda: PLACE in rig.goals, "the goal")
    rig.until(lambda: state_of(rig, "round") is robot.TaskState.BEGUN, "a task that has begun")
    rig.until(lambda: state_of(rig, "round") is None, "a task that is over")
    assert rig.ask(robot.EndTask(task_id="round", is_done=False)).state is robot.TaskState.DONE
    rig.until(lambda: bool(rig.visits) and rig.visits[-1].task_id == "", "a robot without a task")


def state_of(rig: Rig, task_id: str) -> robot.TaskState | None:
    return next((one.state for one in rig.ask(robot.TasksQuery()).tasks if one.task_id == task_id), None)


def test_a_gateway_keeps_its_lease_and_nobody_else_gets_it(rig: Rig) -> None:
    first = rig.ask(robot.LeaseQuery(robot_id="r1"))
    refusal = rig.ask(robot.TakeLease(robot_id="r1", owner="console"))
    assert isinstance(refusal, Problem)
    assert refusal.code is ProblemCode.NOT_NOW
    rig.until(lambda: rig.ask(robot.LeaseQuery(robot_id="r1")).expires_unix_s > first.expires_unix_s, "a renewed lease")
    assert rig.ask(robot.LeaseQuery(robot_id="r1")).number == first.number


def test_an_unknown_charge_reaches_the_table_as_unknown(rig: Rig) -> None:
    rig.until(lambda: rig.backend.charge_of_robot() == [pytest.approx(0.8)], "the charge")
    rig.charge = math.nan
    rig.until(lambda: rig.backend.charge_of_robot() == [None], "an unknown charge")


def test_a_screen_asks_the_robot_for_a_memory_and_gets_it_in_a_moment(rig: Rig) -> None:
    wish = memory.RecallShopper(session_id="s1", shopper_id=SHOPPER)
    kiosk = bus.Identity("kiosk_ui", rig.backend.keys)
    with bus.request_client(channels.GATEWAY, kiosk) as screen, bus.publisher(channels.SCREEN_STATE, kiosk) as shown:
        replies: list[Any] = []

        def answers(wish: memory.RecallShopper, code: ProblemCode) -> bool:
            shown.publish(ScreenState(screen=Screen.HOME, session_id=wish.session_id, idle_s=0.0))
            return getattr(screen.ask(wish), "code", None) is code

        assert screen.ask(wish).code is ProblemCode.UNKNOWN_SESSION
        rig.until(lambda: answers(wish, ProblemCode.NOT_READY), "a visit on the screen")

        def is_told() -> bool:
            replies.append(screen.ask(wish))
            return isinstance(replies[-1], memory.Memory)

        rig.until(is_told, "a memory")
        assert replies[-1].shopper_id == SHOPPER
        rig.ask(memory.EraseShopper(shopper_id=SHOPPER))
        next_visit = memory.RecallShopper(session_id="s2", shopper_id=SHOPPER)
        rig.until(lambda: answers(next_visit, ProblemCode.FORBIDDEN), "an erased shopper")


def test_a_robot_that_was_switched_off_in_a_stop_is_held_when_it_comes_back_to_a_silent_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ros_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AISLE_PORT_BASE", str(free_port()))
    keys.create_missing_keys(tmp_path / "keys")
    save_stop(tmp_path / "stop.json", StopWord(True, "spilled milk"))
    given = {
        "store": demo_store_dir(),
        "keys": tmp_path / "keys",
        "robot_id": "r1",
        "stop_note": tmp_path / "stop.json",
    }
    command = node_command("aisle_gateway.nodes.gateway_node", **given)
    with listening() as listener, running(command, tmp_path / "gateway.log", ros_environment()):
        stops = listener.listen(StoreStop, "/store_stop", LATCHED_QOS)
        assert listener.change("gateway", Transition.TRANSITION_CONFIGURE)
        assert listener.change("gateway", Transition.TRANSITION_ACTIVATE)
        listener.wait_for(lambda: len(stops) > 2, "the stop", START_S)
    assert {(one.stopped, one.reason) for one in stops} == {(True, "spilled milk")}
