"""The ROS node as a process: simulated time, lifecycle, /cmd_vel to wheels, and everything it publishes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.firmware_build import FirmwarePaths, firmware_command
from aisle_firmware_bridge.wheels import firmware_parameters
from sim.base.firmware_hardware import HardwareLink, MotorOutputs, WheelInputs
from sim.base.ideal_wheels import IdealWheels

rclpy = pytest.importorskip("rclpy")
pytest.importorskip("tf2_msgs.msg")

from diagnostic_msgs.msg import DiagnosticArray  # noqa: E402
from geometry_msgs.msg import Twist  # noqa: E402
from lifecycle_msgs.msg import Transition  # noqa: E402
from lifecycle_msgs.srv import ChangeState  # noqa: E402
from nav_msgs.msg import Odometry  # noqa: E402
from rclpy.executors import SingleThreadedExecutor  # noqa: E402
from rosgraph_msgs.msg import Clock  # noqa: E402
from sensor_msgs.msg import BatteryState, JointState  # noqa: E402
from std_msgs.msg import Bool, UInt8  # noqa: E402
from std_srvs.srv import Trigger  # noqa: E402
from tf2_msgs.msg import TFMessage  # noqa: E402

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning"),
]

DOMAIN = 1 + os.getpid() % 100
TICK_S = 0.02
HEALTH = ("firmware_bridge", "base battery", "base odometry")
TOPICS = {
    "/odom": Odometry,
    "/tf": TFMessage,
    "/joint_states": JointState,
    "/battery_state": BatteryState,
    "/bumpers": UInt8,
    "/emergency_stop": Bool,
    "/diagnostics": DiagnosticArray,
}


@dataclass
class RosWorld:
    """The hardware, /clock and a listener to every topic, advanced one tick at a time in about real time."""

    hardware: HardwareLink
    node: Any
    executor: Any
    wheels: IdealWheels
    inputs: WheelInputs = field(default_factory=lambda: WheelInputs(0, 0, 0.0))
    outputs: MotorOutputs = field(default_factory=lambda: MotorOutputs(0.0, 0.0, brake=True))
    heard: dict[str, Any] = field(default_factory=dict)
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self._clock = self.node.create_publisher(Clock, "/clock", 10)
        self._wish = self.node.create_publisher(Twist, "/cmd_vel", 10)
        for topic, kind in TOPICS.items():
            self.node.create_subscription(kind, topic, lambda m, topic=topic: self.heard.update({topic: m}), 10)

    def tick(self, speed_mps: float | None) -> None:
        for _ in range(4):
            self.now_s = round(self.now_s + TICK_S / 4, 6)
            self.inputs = self.wheels.turn(self.outputs, TICK_S / 4, self.inputs)
            self.outputs = self.hardware.step(self.now_s, self.inputs)
        clock = Clock()
        clock.clock.sec, clock.clock.nanosec = int(self.now_s), int(self.now_s % 1.0 * 1e9)
        self._clock.publish(clock)
        if speed_mps is not None:
            wish = Twist()
            wish.linear.x = speed_mps
            self._wish.publish(wish)
        ends_s = time.monotonic() + TICK_S / 2
        while time.monotonic() < ends_s:
            self.executor.spin_once(timeout_sec=TICK_S / 4)

    def run_until(self, condition: Callable[[], bool], speed_mps: float | None = None, within_s: float = 10.0) -> None:
        ends_s = self.now_s + within_s
        while not condition():
            assert self.now_s < ends_s, f"nothing happened within {within_s} s; heard {self.heard}"
            self.tick(speed_mps)

    def call(self, kind: Any, name: str, request: Any) -> Any:
        client = self.node.create_client(kind, name)
        self.run_until(client.service_is_ready, within_s=120.0)
        answer = client.call_async(request)
        self.run_until(answer.done, within_s=60.0)
        return answer.result()

    def change_state(self, transition: int) -> None:
        request = ChangeState.Request(transition=Transition(id=transition))
        assert self.call(ChangeState, "/firmware_bridge/change_state", request).success


def ended(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process that was told to end; one that does not is killed, so that the test ends too."""
    try:
        return process.wait(timeout=10.0)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


@pytest.fixture
def ros(
    firmware_paths: FirmwarePaths, robot: RobotModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RosWorld]:
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    monkeypatch.setenv("ROS_DOMAIN_ID", str(DOMAIN))
    link, socket = tmp_path / "base", tmp_path / "hardware"
    bridge = [sys.executable, "-m", "aisle_firmware_bridge.bridge_node", "--ros-args"]
    bridge += ["-p", f"device:={link}", "-p", "use_sim_time:=true"]
    firmware = firmware_command(firmware_paths.executable, link, socket, firmware_parameters(robot))
    rclpy.init()
    node, executor = rclpy.create_node("test_world"), SingleThreadedExecutor()
    executor.add_node(node)
    with (
        HardwareLink(socket) as hardware,
        subprocess.Popen(firmware, stdout=subprocess.DEVNULL),
        subprocess.Popen(bridge) as bridge_process,
    ):
        hardware.accept(timeout_s=10.0)
        try:
            yield RosWorld(hardware, node, executor, IdealWheels(robot))
        finally:
            bridge_process.terminate()
            code = ended(bridge_process)
            executor.shutdown()
            node.destroy_node()
            rclpy.try_shutdown()
            hardware.__exit__(None, None, None)
    assert code == 0


def test_cmd_vel_turns_wheels_and_a_stop_needs_the_release_service(ros: RosWorld) -> None:
    ros.change_state(Transition.TRANSITION_CONFIGURE)
    ros.change_state(Transition.TRANSITION_ACTIVATE)
    ros.run_until(lambda: ros.outputs.left_radps > 6.0, speed_mps=0.5)
    ros.run_until(lambda: set(TOPICS) == set(ros.heard), speed_mps=0.5)
    assert ros.heard["/odom"].header.frame_id == "odom"
    assert ros.heard["/tf"].transforms[0].child_frame_id == "base_link"
    assert ros.heard["/battery_state"].voltage == pytest.approx(26.0)
    assert ros.heard["/emergency_stop"].data is False
    stamp = ros.heard["/odom"].header.stamp
    assert ros.now_s - (stamp.sec + stamp.nanosec * 1e-9) < 0.5

    ros.run_until(lambda: len(ros.heard["/diagnostics"].status) == len(HEALTH), speed_mps=0.5)
    diagnostics = ros.heard["/diagnostics"].status
    assert tuple(status.name for status in diagnostics) == HEALTH
    assert {value.key for value in diagnostics[2].values} >= {"gyro bias rad/s", "place known to m"}

    ros.run_until(lambda: ros.outputs.left_radps == 0.0, within_s=2.0)

    ros.inputs = replace(ros.inputs, bumpers=1)
    ros.run_until(lambda: ros.heard["/emergency_stop"].data and ros.heard["/bumpers"].data == 1)
    ros.inputs = replace(ros.inputs, bumpers=0)
    for _ in range(25):
        ros.tick(0.5)
        assert ros.outputs.brake
    ros.run_until(lambda: "latched" in ros.heard["/diagnostics"].status[0].message)

    assert ros.call(Trigger, "/firmware_bridge/release", Trigger.Request()).success
    ros.run_until(lambda: ros.outputs.left_radps > 0.0, speed_mps=0.5)

    ros.change_state(Transition.TRANSITION_DEACTIVATE)
    ros.run_until(lambda: ros.outputs.brake, speed_mps=0.5)
    ros.change_state(Transition.TRANSITION_ACTIVATE)
    ros.run_until(lambda: ros.outputs.left_radps > 0.0, speed_mps=0.5)
