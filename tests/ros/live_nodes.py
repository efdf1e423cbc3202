"""Real node processes and a listener of our own beside them, on a ROS domain of their own."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rclpy
from lifecycle_msgs.srv import ChangeState, GetState
from rclpy.executors import SingleThreadedExecutor
from rclpy.utilities import try_shutdown
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import LaserScan

DOMAIN = 1 + os.getpid() % 100
START_S = 60.0
"""A node that imports compiled kernels needs some seconds on a busy machine."""


def ros_environment() -> dict[str, str]:
    """Return the variables that keep a test's nodes to themselves."""
    return {
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
        "ROS_DOMAIN_ID": str(DOMAIN),
        "RCUTILS_LOGGING_USE_STDOUT": "1",
        "PYTHONUNBUFFERED": "1",
    }


def node_command(module: str, **parameters: object) -> list[str]:
    """Return the command of a node from the checkout."""
    return [sys.executable, "-m", module, *ros_arguments(**parameters)]


def ros_arguments(**parameters: object) -> list[str]:
    return ["--ros-args", *(part for key, value in parameters.items() for part in ("-p", f"{key}:={value}"))]


@dataclass
class Listener:
    """Hears topics and calls services; waits for conditions with a deadline, never for a while."""

    node: Any
    executor: Any
    heard: dict[str, list[Any]] = field(default_factory=dict)

    def listen(self, kind: Any, topic: str, qos: Any = 10) -> list[Any]:
        """Collect every message of a topic."""
        messages = self.heard.setdefault(topic, [])
        self.node.create_subscription(kind, topic, messages.append, qos)
        return messages

    def wait_for(self, condition: Callable[[], bool], what: str, within_s: float = 10.0) -> None:
        ends_s = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < ends_s, f"{what}: nothing within {within_s} s"
            self.executor.spin_once(timeout_sec=0.02)

    def call(self, kind: Any, name: str, request: Any, within_s: float = START_S) -> Any:
        client = self.node.create_client(kind, name)
        self.wait_for(client.service_is_ready, f"service {name}", within_s)
        answer = client.call_async(request)
        self.wait_for(answer.done, f"answer of {name}", within_s)
        self.node.destroy_client(client)
        return answer.result()

    def state_of(self, node_name: str) -> str:
        """Return the label of a node's lifecycle state."""
        return str(self.call(GetState, f"/{node_name}/get_state", GetState.Request()).current_state.label)

    def change(self, node_name: str, transition: int) -> bool:
        """Ask for a lifecycle transition and tell whether it succeeded."""
        request = ChangeState.Request()
        request.transition.id = transition
        return bool(self.call(ChangeState, f"/{node_name}/change_state", request).success)


@contextmanager
def listening() -> Iterator[Listener]:
    """Open the listener; the environment must be that of `ros_environment`."""
    rclpy.init()
    node: Any = rclpy.create_node("test_listener")
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        yield Listener(node, executor)
    finally:
        executor.shutdown()
        node.destroy_node()
        try_shutdown()


@contextmanager
def running(command: Sequence[str], log: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a node process; at the end it is told to stop and must do so in order."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **environment})
        try:
            yield process
            process.terminate()
            assert process.wait(timeout=15.0) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()


def clock_message(now_s: float) -> Clock:
    message = Clock()
    message.clock.sec, message.clock.nanosec = int(now_s), round((now_s - int(now_s)) * 1e9)
    return message


def round_room(stamp_s: float, radius_m: float = 4.0, rays: int = 720) -> LaserScan:
    """Return the scan of an empty round room; like a real laser's it is never the same twice."""
    message = LaserScan(angle_min=-math.pi, angle_increment=2.0 * math.pi / rays, range_min=0.05, range_max=12.0)
    message.header.frame_id, message.header.stamp = "laser_link", clock_message(stamp_s).clock
    message.ranges = [radius_m + 0.01 * (stamp_s % 1.0)] * rays
    return message
