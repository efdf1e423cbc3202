"""The lifecycle shell of every node: parameters, health, timers that only run while active, a clean end."""

from __future__ import annotations

import logging
import signal
from collections import defaultdict
from collections.abc import Callable
from threading import Event
from types import FrameType
from typing import Any

import rclpy
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.qos import QoSDurabilityPolicy, QoSProfile, qos_profile_sensor_data
from rclpy.signals import SignalHandlerOptions

from aisle_ros.ages import Ages
from aisle_ros.conversions import stamp

SENSOR_QOS = qos_profile_sensor_data
LATCHED_QOS = QoSProfile(depth=1, durability=QoSDurabilityPolicy.TRANSIENT_LOCAL)


class ManagedNode(LifecycleNode):
    """A node that loads in `configure`, works while active, and says how it is on /diagnostics."""

    def __init__(self, name: str, parameters: dict[str, Any]) -> None:
        super().__init__(name)
        for key, default in parameters.items():
            self.declare_parameter(key, default)
        self._is_active = False
        self.ages: dict[str, Ages] = defaultdict(Ages)
        self._diagnostics = self.create_publisher(DiagnosticArray, "/diagnostics", 10)
        self._health_timer = self.create_timer(1.0, self._publish_health)

    # What a node fills in

    def configure(self) -> None:
        """Load and connect; an exception with a plain sentence refuses the transition."""

    def activate(self) -> None:
        """Warm up; called before the first active step."""

    def health(self) -> str:
        """Return an empty string when all is well, else a plain sentence."""
        return ""

    def extra_health(self) -> list[DiagnosticStatus]:
        """Return what else belongs on /diagnostics, besides the node itself; asked for only while active."""
        return []

    # What a node uses

    def text(self, parameter: str) -> str:
        """Return a string parameter."""
        return str(self.get_parameter(parameter).value)

    def number(self, parameter: str) -> int:
        """Return an integer parameter."""
        return int(self.get_parameter(parameter).value)

    def now_s(self) -> float:
        """Return the node's time (simulation time when use_sim_time is set) in seconds."""
        return float(self.get_clock().now().nanoseconds) * 1e-9

    def every(self, period_s: float, work: Callable[[], None]) -> None:
        """Call `work` periodically while the node is active."""
        self.create_timer(period_s, self.while_active(work))

    def while_active(self, work: Callable[..., None]) -> Callable[..., None]:
        """Wrap a callback so that it does nothing while the node is not active."""

        def guarded(*arguments: Any) -> None:
            if self._is_active:
                work(*arguments)

        return guarded

    # Lifecycle

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        return self._attempt(self.configure)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        result = self._attempt(self.activate)
        self._is_active = result is TransitionCallbackReturn.SUCCESS
        return result

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        self._is_active = False
        return TransitionCallbackReturn.SUCCESS

    def _attempt(self, work: Callable[[], None]) -> TransitionCallbackReturn:
        try:
            work()
        except (OSError, ValueError, RuntimeError) as error:
            self.get_logger().error(f"{self.get_name()} cannot start: {error}")
            return TransitionCallbackReturn.FAILURE
        return TransitionCallbackReturn.SUCCESS

    def _publish_health(self) -> None:
        sentence = self.health() if self._is_active else "not active"
        level = DiagnosticStatus.WARN if sentence else DiagnosticStatus.OK
        status = DiagnosticStatus(level=level, name=self.get_name(), hardware_id="aisle", message=sentence or "ok")
        status.values = [KeyValue(key="active", value=str(self._is_active)), *self._age_values()]
        message = DiagnosticArray(status=[status, *(self.extra_health() if self._is_active else [])])
        message.header.stamp = stamp(self.now_s())
        self._diagnostics.publish(message)

    def _age_values(self) -> list[KeyValue]:
        """Return how old what this node acts on is, in milliseconds."""
        values = []
        for what, ages in self.ages.items():
            for name, share in (("p50", 0.50), ("p95", 0.95)):
                age_s = ages.quantile_s(share)
                if age_s is not None:
                    values.append(KeyValue(key=f"{what} {name} ms", value=f"{1e3 * age_s:.1f}"))
        return values


def spin(create: Callable[[], ManagedNode], arguments: list[str] | None = None) -> None:
    """Run one node until it is told to stop. Signals end the executor, so that resources close in order."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
    node = create()
    executor = SingleThreadedExecutor()
    executor.add_node(node)

    stopping = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        # A signal is seen when the wait returns; without a limit a node whose /clock has stopped waits for ever.
        while rclpy.ok() and not stopping.is_set():
            executor.spin_once(timeout_sec=0.2)
    except (ExternalShutdownException, KeyboardInterrupt):
        pass
    finally:
        close = getattr(node, "close", None)
        if close is not None:
            close()
        executor.shutdown()
        node.destroy_node()
        rclpy.try_shutdown()
