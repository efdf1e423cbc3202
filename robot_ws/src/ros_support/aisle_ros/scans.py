"""The laser's topic as a stream of scans in order of time."""

from __future__ import annotations

from collections.abc import Callable

from rclpy.lifecycle import LifecycleNode
from sensor_msgs.msg import LaserScan as LaserScanMessage

from aisle.sensing import InOrder, LaserScan
from aisle_ros.conversions import laser_scan
from aisle_ros.node import SENSOR_QOS


def on_scan(node: LifecycleNode, take: Callable[[LaserScan], None]) -> None:
    """Call `take` with each new scan; a doubled one, and one that a newer has overtaken, are dropped."""
    order = InOrder()

    def receive(message: LaserScanMessage) -> None:
        scan = laser_scan(message)
        if order.accepts(scan.stamp_s):
            take(scan)

    node.create_subscription(LaserScanMessage, "/scan", receive, SENSOR_QOS)
