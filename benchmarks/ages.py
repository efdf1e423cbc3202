"""Listens to /diagnostics until told to stop, and writes the newest ages that nodes reported. Run as a module."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import msgspec
import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.executors import SingleThreadedExecutor
from rclpy.signals import SignalHandlerOptions


def main(path: Path) -> None:
    """Collect key-value pairs that end in `ms`, such as `scan to command p95 ms`."""
    ages: dict[str, float] = {}
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    def take(message: DiagnosticArray) -> None:
        for status in message.status:
            ages.update({pair.key: float(pair.value) for pair in status.values if pair.key.endswith(" ms")})

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
    node = rclpy.create_node("bench_ages")
    node.create_subscription(DiagnosticArray, "/diagnostics", take, 50)
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    while not stopping:
        executor.spin_once(timeout_sec=0.5)
    path.write_bytes(msgspec.json.encode(ages))
    executor.shutdown()
    node.destroy_node()
    rclpy.try_shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
