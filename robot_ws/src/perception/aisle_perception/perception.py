"""The whole of perception as one step: a scan and a pose in, people and who wants help out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan, Person
from aisle_perception.engagement import EngagementDetector, FollowerDetector
from aisle_perception.laser_people import Clearances, DetectorSettings, detect_people
from aisle_perception.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Seen:
    """What one scan showed; distances from the base in metres, inf for nobody."""

    stamp_s: float
    people: tuple[Person, ...]
    engaged_id: int | None
    follower_m: float
    nearest_m: float


class Perception:
    """Keeps the tracks of people and since when somebody stands at the screen."""

    def __init__(self, robot: RobotModel, clearances: Clearances) -> None:
        self._robot = robot
        self._clearances = clearances
        self._tracker = Tracker()
        self._engagement = EngagementDetector(robot.screen.yaw_rad)
        self._follower = FollowerDetector(robot.screen.yaw_rad)

    def step(self, scan: LaserScan, map_from_base: Pose2) -> Seen:
        """Take in one scan, taken at this pose."""
        points = scan.points() + np.array([self._robot.laser.x_m, 0.0])
        detections = detect_people(points, map_from_base, self._clearances, DetectorSettings())
        people = self._tracker.step(detections, scan.stamp_s)
        engaged = self._engagement.step(map_from_base, people, scan.stamp_s).person
        follower_m = self._follower.step(map_from_base, people, engaged, scan.stamp_s)
        distances_m = (math.hypot(p.x_m - map_from_base.x_m, p.y_m - map_from_base.y_m) for p in people)
        nearest_m = min(distances_m, default=math.inf)
        return Seen(scan.stamp_s, people, engaged.track_id if engaged else None, follower_m, nearest_m)
