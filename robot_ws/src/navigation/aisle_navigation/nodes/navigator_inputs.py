"""Everything the navigator hears, as one situation: odometry, people, whom the robot serves, how sure it is."""

from __future__ import annotations

from aisle_interfaces.msg import Engagement, MatchQuality, PersonArray
from nav_msgs.msg import Odometry as OdometryMessage

from aisle.geometry import Pose2
from aisle.sensing import LaserScan, Odometry, Person
from aisle_navigation.driving.situation import Situation
from aisle_ros import conversions
from aisle_ros.node import ManagedNode
from aisle_ros.transforms import RobotPose

STALE_S = 0.5


class Inputs:
    """Keeps the newest of each; what is older than `STALE_S` counts as missing."""

    def __init__(self, node: ManagedNode) -> None:
        self._node = node
        self._pose = RobotPose(node)
        self._odometry: Odometry | None = None
        self._people: tuple[Person, ...] = ()
        self._engagement: Engagement | None = None
        self._quality: MatchQuality | None = None
        node.create_subscription(OdometryMessage, "/odom", self._take_odometry, 10)
        node.create_subscription(PersonArray, "/people", self._take_people, 10)
        node.create_subscription(Engagement, "/engagement", self._take_engagement, 10)
        node.create_subscription(MatchQuality, "/match_quality", self._take_quality, 10)

    def _take_odometry(self, message: OdometryMessage) -> None:
        self._odometry = conversions.odometry(message)

    def _take_people(self, message: PersonArray) -> None:
        self._people = conversions.people(message)

    def _take_engagement(self, message: Engagement) -> None:
        self._engagement = message

    def _take_quality(self, message: MatchQuality) -> None:
        self._quality = message

    def map_from(self, frame: str) -> Pose2 | None:
        """Return the pose of a frame in the map; None for one that is unknown, or not known now."""
        return self._pose.map_from(frame, self._node.now_s())

    def people(self) -> tuple[Person, ...]:
        """Return whoever has been seen just now."""
        now_s = self._node.now_s()
        return tuple(person for person in self._people if now_s - person.seen_s < STALE_S)

    def situation(self, scan: LaserScan | None) -> Situation | None:
        """Return what is the case; None while the scan, the pose or the odometry is missing or old."""
        now_s = self._node.now_s()
        pose, odometry = self._pose.at(now_s), self._odometry
        if scan is None or pose is None or odometry is None:
            return None
        if now_s - scan.stamp_s > STALE_S or now_s - odometry.stamp_s > STALE_S:
            return None
        is_localized = self._quality is None or self._quality.localized
        return Situation(now_s, pose, odometry.twist, scan, self.people(), self._served_id(now_s), is_localized)

    def _served_id(self, now_s: float) -> int | None:
        engagement = self._engagement
        if engagement is None or not engagement.present:
            return None
        return int(engagement.track_id) if now_s - conversions.seconds(engagement.header.stamp) < STALE_S else None
