"""A robot without faults in a small room, over ROS: it does what /cmd_vel_nav says and tells where it is."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from geometry_msgs.msg import Twist
from nav_msgs.msg import OccupancyGrid, Odometry
from sensor_msgs.msg import LaserScan
from tf2_msgs.msg import TFMessage

from aisle.geometry import STOP, Pose2, advance
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, SENSOR_QOS
from tests.navigation.rooms import RESOLUTION_M, scan_of

_PERIOD_S = 0.05
_SCAN_EVERY = 2


class IdealRobot:
    """Keeps its pose in the map; the odom frame is the map's."""

    def __init__(self, node: Any, cells: np.ndarray, pose: Pose2) -> None:
        self.cells = cells
        self.pose = pose
        self.twist = STOP
        self.fastest_mps = 0.0
        self._node = node
        self._ticks = 0
        self._maps = node.create_publisher(OccupancyGrid, "/map", LATCHED_QOS)
        self._scans = node.create_publisher(LaserScan, "/scan", SENSOR_QOS)
        self._odometry = node.create_publisher(Odometry, "/odom", 10)
        self._tf = node.create_publisher(TFMessage, "/tf", 50)
        node.create_subscription(Twist, "/cmd_vel_nav", self._take, 1)
        self._timer = node.create_timer(_PERIOD_S, self._tick)
        self._maps.publish(self._map())

    def _map(self) -> OccupancyGrid:
        message = OccupancyGrid()
        message.header.frame_id = "map"
        message.info.resolution = RESOLUTION_M
        message.info.height, message.info.width = (int(size) for size in self.cells.shape)
        message.data = self.cells.astype(np.int8).ravel().tolist()
        return message

    def _take(self, message: Twist) -> None:
        self.twist = conversions.twist2(message)
        self.fastest_mps = max(self.fastest_mps, abs(self.twist.linear_mps))

    def _tick(self) -> None:
        now_s = time.time()
        self.pose = advance(self.pose, self.twist, _PERIOD_S)
        identity = conversions.transform("map", "odom", Pose2(0.0, 0.0, 0.0), now_s)
        self._tf.publish(TFMessage(transforms=[identity, conversions.transform("odom", "base_link", self.pose, now_s)]))
        odometry = Odometry()
        odometry.header.frame_id, odometry.header.stamp = "odom", conversions.stamp(now_s)
        odometry.pose.pose = conversions.pose_message(self.pose)
        odometry.twist.twist = conversions.twist_message(self.twist)
        self._odometry.publish(odometry)
        self._ticks += 1
        if self._ticks % _SCAN_EVERY == 0:
            self._scans.publish(self._scan(now_s))

    def _scan(self, now_s: float) -> LaserScan:
        scan = scan_of(self.cells, self.pose, now_s)
        message = LaserScan(angle_min=scan.angle_min_rad, angle_increment=scan.angle_increment_rad)
        message.header.frame_id, message.header.stamp = "laser_link", conversions.stamp(now_s)
        message.range_min, message.range_max = scan.range_min_m, scan.range_max_m
        message.ranges = scan.ranges_m.tolist()
        return message
