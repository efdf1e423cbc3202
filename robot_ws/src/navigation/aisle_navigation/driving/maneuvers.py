"""Short moves that Nav2 calls behaviours: turn on the spot, back up or drive straight on, wait.

Each looks at the scan and at people before every step, and ends with Nav2's error code and a sentence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle.geometry import STOP, Pose2, Twist2, wrap_angle
from aisle.robot_model import RobotModel
from aisle_navigation.collision_guard.arcs import free_distance
from aisle_navigation.driving.arrival import turn_rate
from aisle_navigation.driving.outcome import ErrorCode, Progress, Status, failed
from aisle_navigation.driving.situation import Situation

PERSONAL_SPACE_M = 1.0
"""Surface to surface; nobody this near shall see the robot turn on the spot."""
_SIDE_MARGIN_M = 0.03
_AHEAD_MARGIN_M = 0.15
_REACHED_RAD = 0.03


@dataclass(slots=True)
class Spin:
    """Turn on the spot by an angle, counter-clockwise positive, within a time; not with a person within 1 m."""

    robot: RobotModel
    angle_rad: float
    allowance_s: float
    limit_radps: float = 0.8
    _started_s: float | None = None
    _last_yaw_rad: float = 0.0
    _turned_rad: float = 0.0

    def step(self, situation: Situation) -> Progress:
        """Return the velocity of the next moment."""
        now_s, pose = situation.now_s, situation.pose_map
        if self._started_s is None:
            self._started_s, self._last_yaw_rad = now_s, pose.yaw_rad
        self._turned_rad += wrap_angle(pose.yaw_rad - self._last_yaw_rad)
        self._last_yaw_rad = pose.yaw_rad
        left_rad = self.angle_rad - self._turned_rad
        if abs(left_rad) <= _REACHED_RAD:
            return Progress(STOP, Status.ARRIVED, travelled=self._turned_rad)
        if situation.nearest_gap_m(self.robot) < PERSONAL_SPACE_M:
            return failed(ErrorCode.SPIN_COLLISION_AHEAD, "somebody stands within 1 m: the robot does not turn there")
        if now_s - self._started_s > self.allowance_s:
            return failed(ErrorCode.SPIN_TIMEOUT, f"the turn was not done within {self.allowance_s:.0f} s")
        twist = Twist2(0.0, turn_rate(left_rad, self.limit_radps))
        return Progress(twist, Status.DRIVING, travelled=self._turned_rad)


@dataclass(slots=True)
class Straight:
    """Drive straight by a distance, backwards when the speed is negative, as far as the laser sees it free."""

    robot: RobotModel
    distance_m: float
    speed_mps: float
    allowance_s: float
    _started_s: float | None = None
    _start: Pose2 | None = None

    def step(self, situation: Situation) -> Progress:
        """Return the velocity of the next moment."""
        now_s, pose = situation.now_s, situation.pose_map
        if self._started_s is None or self._start is None:
            self._started_s, self._start = now_s, pose
        done_m = self._start.distance_to(pose)
        left_m = self.distance_m - done_m
        if left_m <= 0.02:
            return Progress(STOP, Status.ARRIVED, travelled=done_m)
        backwards = self.speed_mps < 0.0
        if now_s - self._started_s > self.allowance_s:
            code = ErrorCode.BACKUP_TIMEOUT if backwards else ErrorCode.DRIVE_TIMEOUT
            return failed(code, f"{self.distance_m:.2f} m were not driven within {self.allowance_s:.0f} s", left_m)
        if room_m(situation, self.robot, backwards) < min(left_m, _AHEAD_MARGIN_M):
            code = ErrorCode.BACKUP_COLLISION_AHEAD if backwards else ErrorCode.DRIVE_COLLISION_AHEAD
            return failed(code, f"something is in the way {'behind' if backwards else 'ahead'}", left_m)
        speed_mps = math.copysign(min(abs(self.speed_mps), 0.05 + left_m), self.speed_mps)
        return Progress(Twist2(speed_mps, 0.0), Status.DRIVING, left_m, travelled=done_m)


@dataclass(slots=True)
class Wait:
    """Stand for a time."""

    duration_s: float
    _started_s: float | None = None

    def step(self, situation: Situation) -> Progress:
        """Return a standing robot until the time is over."""
        if self._started_s is None:
            self._started_s = situation.now_s
        waited_s = situation.now_s - self._started_s
        over = waited_s >= self.duration_s
        return Progress(STOP, Status.ARRIVED if over else Status.WAITING, travelled=min(waited_s, self.duration_s))


def room_m(situation: Situation, robot: RobotModel, backwards: bool) -> float:
    """Return how far the base can drive straight before it comes too near to anything the laser sees, in metres."""
    direction = -1.0 if backwards else 1.0
    reach_m = robot.base.radius_m + _SIDE_MARGIN_M
    return free_distance(Twist2(direction, 0.0), situation.points_in_base(robot), reach_m) - _SIDE_MARGIN_M
