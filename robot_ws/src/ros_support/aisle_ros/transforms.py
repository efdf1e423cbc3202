"""The newest transforms of the one chain we use: map -> odom -> base_link."""

from __future__ import annotations

from rclpy.lifecycle import LifecycleNode
from tf2_msgs.msg import TFMessage

from aisle.geometry import Pose2
from aisle.sensing import odometry_started_over
from aisle_ros.conversions import seconds, yaw_of

_LOCALIZATION, _ODOMETRY = ("map", "odom"), ("odom", "base_link")


class RobotPose:
    """Listens to /tf; `at(now_s)` gives the robot's pose in the map, or None when it is stale or unknown."""

    def __init__(self, node: LifecycleNode, stale_after_s: float = 1.0) -> None:
        self._stale_after_s = stale_after_s
        self._latest: dict[tuple[str, str], tuple[float, Pose2]] = {}
        self._subscription = node.create_subscription(TFMessage, "/tf", self._take, 50)

    def _take(self, message: TFMessage) -> None:
        for part in message.transforms:
            place, turn = part.transform.translation, part.transform.rotation
            pose = Pose2(place.x, place.y, yaw_of(turn))
            self._keep((part.header.frame_id, part.child_frame_id), seconds(part.header.stamp), pose)

    def _keep(self, link: tuple[str, str], stamp_s: float, pose: Pose2) -> None:
        before = self._latest.get(link)
        if link == _ODOMETRY and before is not None and odometry_started_over(before[1], pose, stamp_s - before[0]):
            # The way from map to the old odom frame says nothing about the new one.
            self._latest.pop(_LOCALIZATION, None)
        self._latest[link] = (stamp_s, pose)

    def at(self, now_s: float) -> Pose2 | None:
        """Return `map_from_base`, or None when either link of the chain is missing or too old."""
        links = (self._latest.get(_LOCALIZATION), self._latest.get(_ODOMETRY))
        if links[0] is None or links[1] is None:
            return None
        if now_s - min(links[0][0], links[1][0]) > self._stale_after_s:
            return None
        return links[0][1] @ links[1][1]

    def map_from(self, frame: str, now_s: float) -> Pose2 | None:
        """Return the pose of one of the frames of the chain in the map, or None when it is stale or another frame."""
        if frame == _LOCALIZATION[0]:
            return Pose2(0.0, 0.0, 0.0)
        map_from_base = self.at(now_s)
        if map_from_base is None or frame not in (_ODOMETRY[0], _ODOMETRY[1]):
            return None
        return self._latest[_LOCALIZATION][1] if frame == _ODOMETRY[0] else map_from_base
