"""What the navigator is told at each step, and simple questions about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aisle.geometry import FloatArray, Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan, Person


@dataclass(frozen=True, slots=True)
class Situation:
    """One moment: where the robot is and how it moves, what the laser sees, who is around, whom it serves.

    `served_id` is the track of the shopper who is being led or talked to; None when there is nobody.
    """

    now_s: float
    pose_map: Pose2
    twist: Twist2
    scan: LaserScan
    people: tuple[Person, ...] = ()
    served_id: int | None = None
    is_localized: bool = True

    def points_in_base(self, robot: RobotModel) -> FloatArray:
        """Return what the laser hits, in the base frame, shape (n, 2)."""
        return np.asarray(self.scan.points() + np.array([robot.laser.x_m, 0.0]))

    def gap_m(self, person: Person, robot: RobotModel) -> float:
        """Return the distance between the surfaces of the robot and a person."""
        apart_m = math.hypot(person.x_m - self.pose_map.x_m, person.y_m - self.pose_map.y_m)
        return apart_m - person.radius_m - robot.base.radius_m

    def nearest_gap_m(self, robot: RobotModel) -> float:
        """Return the distance between the surfaces of the robot and of whoever is nearest; inf for nobody."""
        return min((self.gap_m(person, robot) for person in self.people), default=math.inf)


def without_people(points: FloatArray, people: tuple[Person, ...], around_m: float = 0.2) -> FloatArray:
    """Drop laser points that belong to tracked people, whom the controller predicts; shape (n, 2), in the map frame."""
    keep = np.ones(len(points), dtype=bool)
    for person in people:
        away_m = np.hypot(points[:, 0] - person.x_m, points[:, 1] - person.y_m)
        keep &= away_m > person.radius_m + around_m
    return points[keep]
