"""The guard as a process: a fault of the laser makes /cmd_vel zero in time, measured by simulated time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("aisle_interfaces.msg")

from aisle_interfaces.msg import StoreStop
from geometry_msgs.msg import Twist
from lifecycle_msgs.msg import Transition
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import LaserScan
from std_msgs.msg import Bool, String, UInt8
from std_srvs.srv import Trigger

from aisle.paths import reference_robot
from aisle_navigation.collision_guard.reasons import GuardReason
from aisle_ros.node import LATCHED_QOS, SENSOR_QOS
from tests.navigation.rooms import ROBOT
from tests.ros.live_nodes import Listener, clock_message, listening, node_command, ros_environment, round_room, running

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning"),
]

TICK_S = 0.051
"""A little more than the guard's period: every tick of the clock makes it decide once."""
PROMISE_S = 2.0 / ROBOT.laser.rate_hz + 0.1
FORWARD_MPS = 0.3
Laser = Callable[[float], LaserScan | None]


class Rig:
    """Clock, laser, drivers and base around one guard process. A tick lasts until the guard has decided."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.now_s = 100.0
        self.laser: Laser = round_room
        node = listener.node
        self._clock = node.create_publisher(Clock, "/clock", 10)
        self._scan = node.create_publisher(LaserScan, "/scan", SENSOR_QOS)
        self.navigator = node.create_publisher(Twist, "/cmd_vel_nav", 1)
        self.hand = node.create_publisher(Twist, "/cmd_vel_teleop", 1)
        self.bumpers = node.create_publisher(UInt8, "/bumpers", 10)
        self.stop = node.create_publisher(Bool, "/emergency_stop", 10)
        self.store = node.create_publisher(StoreStop, "/store_stop", LATCHED_QOS)
        self.sent = listener.listen(Twist, "/cmd_vel")
        self.states = listener.listen(String, "/guard_state", LATCHED_QOS)
        self.sources = listener.listen(String, "/velocity_source", LATCHED_QOS)
        self.stopped = listener.listen(Bool, "/stopped", LATCHED_QOS)
        self._ticks = 0

    def meet(self) -> None:
        """Wait until the guard hears everything that is published here."""
        publishers = (self._clock, self._scan, self.navigator, self.hand, self.bumpers, self.stop, self.store)
        self.listener.wait_for(
            lambda: all(publisher.get_subscription_count() > 0 for publisher in publishers), "the guard", 60.0
        )

    def tick(self) -> float:
        """Let a step pass, with a scan at every other one; return the speed that was let through."""
        self._ticks += 1
        self.now_s += TICK_S
        scan = self.laser(self.now_s) if self._ticks % 2 == 0 else None
        if scan is not None:
            self._scan.publish(scan)
        self.say(self.navigator, FORWARD_MPS)
        before = len(self.sent)
        self._clock.publish(clock_message(self.now_s))
        self.listener.wait_for(lambda: len(self.sent) > before, "a decision of the guard")
        return float(self.sent[-1].linear.x)

    def say(self, source: Any, speed_mps: float) -> None:
        wanted = Twist()
        wanted.linear.x = speed_mps
        source.publish(wanted)

    def tick_until(self, passed_mps: float, within_s: float) -> float:
        """Tick until this speed is let through; return the simulated seconds that took."""
        began_s = self.now_s
        while self.tick() != pytest.approx(passed_mps):
            assert self.now_s - began_s < within_s, f"not {passed_mps} m/s within {within_s} s of simulated time"
        return self.now_s - began_s

    def hear(self, messages: list[Any], last: object) -> None:
        """Wait until the last message of a topic says this; it comes right after the velocity."""
        self.listener.wait_for(lambda: bool(messages) and messages[-1].data == last, f"{last!r}")


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Rig]:
    for name, value in ros_environment().items():
        monkeypatch.setenv(name, value)
    command = node_command("aisle_navigation.nodes.guard_node", robot=reference_robot(), use_sim_time="true")
    with listening() as listener, running(command, tmp_path / "guard.log", ros_environment()):
        assert listener.change("collision_guard", Transition.TRANSITION_CONFIGURE)
        assert listener.change("collision_guard", Transition.TRANSITION_ACTIVATE)
        opened = Rig(listener)
        opened.meet()
        opened.tick_until(FORWARD_MPS, within_s=2.0)
        yield opened


def test_each_fault_of_the_laser_stops_the_base_in_time_and_its_end_lets_it_go_on(rig: Rig) -> None:
    faults: dict[GuardReason, Laser] = {
        GuardReason.SCAN_STALE: lambda _now_s: None,
        GuardReason.SCAN_UNKNOWN: lambda now_s: round_room(now_s, radius_m=float("nan")),
        GuardReason.SCAN_FROZEN: frozen,
        GuardReason.SCAN_EMPTY: lambda now_s: round_room(now_s, radius_m=float("inf")),
    }
    for reason, laser in faults.items():
        rig.laser = laser
        # Messages of one tick may reach the guard in any order, so its answer may come a tick later.
        assert rig.tick_until(0.0, within_s=1.0) <= PROMISE_S + TICK_S, reason
        assert {rig.tick() for _ in range(6)} == {0.0}
        rig.hear(rig.states, reason.value)
        rig.laser = round_room
        rig.tick_until(FORWARD_MPS, within_s=2.0)


def frozen(now_s: float) -> LaserScan:
    """The stamps go on, the ranges do not."""
    scan = round_room(now_s)
    scan.ranges = round_room(0.5).ranges
    return scan


def test_a_hand_drives_before_the_navigator_and_its_silence_holds_the_robot(rig: Rig) -> None:
    rig.say(rig.hand, -0.1)
    rig.tick_until(-0.1, within_s=1.0)
    rig.hear(rig.sources, "teleoperation")
    rig.tick_until(0.0, within_s=1.0)
    rig.hear(rig.states, GuardReason.COMMAND_STALE.value)
    assert rig.tick_until(FORWARD_MPS, within_s=3.0) > 0.5
    rig.hear(rig.sources, "navigator")


def test_a_base_that_waits_for_staff_holds_the_guard_until_both_are_released(rig: Rig) -> None:
    """A guard that was started again learns the base's latch from /emergency_stop, which the bridge repeats."""
    rig.stop.publish(Bool(data=True))
    rig.tick_until(0.0, within_s=1.0)
    rig.hear(rig.states, GuardReason.EMERGENCY_STOP.value)
    rig.hear(rig.stopped, True)

    answer = rig.listener.call(Trigger, "/collision_guard/release", Trigger.Request())
    assert (answer.success, answer.message) == (False, f"still held: {GuardReason.EMERGENCY_STOP.value}")

    rig.stop.publish(Bool(data=False))
    assert {rig.tick() for _ in range(6)} == {0.0}
    assert rig.listener.call(Trigger, "/collision_guard/release", Trigger.Request()).success
    rig.tick_until(FORWARD_MPS, within_s=1.0)
    rig.hear(rig.stopped, False)


def test_a_stop_of_the_store_holds_through_silence_and_a_release_at_the_robot_and_ends_with_the_store(rig: Rig) -> None:
    rig.store.publish(StoreStop(stopped=True, reason="spilled milk"))
    rig.tick_until(0.0, within_s=1.0)
    rig.hear(rig.states, GuardReason.STORE_STOP.value)
    rig.hear(rig.stopped, True)
    assert {rig.tick() for _ in range(40)} == {0.0}

    answer = rig.listener.call(Trigger, "/collision_guard/release", Trigger.Request())
    assert (answer.success, answer.message) == (False, f"still held: {GuardReason.STORE_STOP.value}")
    assert {rig.tick() for _ in range(6)} == {0.0}

    rig.store.publish(StoreStop(stopped=False))
    rig.tick_until(FORWARD_MPS, within_s=1.0)
    rig.hear(rig.stopped, False)
