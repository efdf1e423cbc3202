"""Perception shell: scan and pose in; tracked people and who stands at the screen out."""

from __future__ import annotations

from pathlib import Path

from aisle_interfaces.msg import Engagement, PersonArray
from nav_msgs.msg import OccupancyGrid

from aisle.config import load
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_perception.perception import Perception, Seen
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, ManagedNode, spin
from aisle_ros.scans import on_scan
from aisle_ros.transforms import RobotPose


class PerceptionNode(ManagedNode):
    """Sees people in each scan and keeps their tracks."""

    def __init__(self) -> None:
        super().__init__("perception", {"robot": ""})
        self._perception: Perception | None = None
        self._pose = RobotPose(self)
        self._people = self.create_publisher(PersonArray, "/people", 10)
        self._engagement = self.create_publisher(Engagement, "/engagement", 10)
        self.create_subscription(OccupancyGrid, "/map", self._take_map, LATCHED_QOS)
        on_scan(self, self.while_active(self._take_scan))

    def configure(self) -> None:
        load(Path(self.text("robot")), RobotModel)

    def health(self) -> str:
        return "" if self._perception is not None else "no map yet"

    def _take_map(self, message: OccupancyGrid) -> None:
        robot = load(Path(self.text("robot")), RobotModel)
        self._perception = Perception(robot, conversions.clearance_from(message))

    def _take_scan(self, scan: LaserScan) -> None:
        pose = self._pose.at(scan.stamp_s)
        if self._perception is None or pose is None:
            return
        seen = self._perception.step(scan, pose)
        self._people.publish(conversions.people_message(seen.people, seen.stamp_s))
        self._engagement.publish(_engagement_message(seen))


def _engagement_message(seen: Seen) -> Engagement:
    message = Engagement(
        present=seen.engaged_id is not None,
        track_id=seen.engaged_id or 0,
        follower_m=seen.follower_m,
        nearest_m=seen.nearest_m,
    )
    message.header.frame_id, message.header.stamp = "map", conversions.stamp(seen.stamp_s)
    return message


def main() -> None:
    spin(PerceptionNode)


if __name__ == "__main__":
    main()
