"""People seen by a laser in an empty room: the scan is computed here from circles and walls."""

import math

import numpy as np
import pytest

from aisle.config import load
from aisle.geometry import Pose2
from aisle.paths import reference_robot
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_perception.perception import Perception, Seen

ROBOT = load(reference_robot(), RobotModel)
PERIOD_S = 0.1
SIZE_M = 8.0


class RoomWalls:
    """Clearance of a square room from 0 to SIZE_M."""

    def at(self, points: np.ndarray) -> np.ndarray:
        return np.minimum(points, SIZE_M - points).min(axis=1).astype(np.float32)


def scan_at(pose: Pose2, people: list[tuple[float, float]], stamp_s: float) -> LaserScan:
    angles = -math.pi + 2 * math.pi / 720 * np.arange(720)
    dx, dy = np.cos(pose.yaw_rad + angles), np.sin(pose.yaw_rad + angles)
    with np.errstate(divide="ignore"):
        wall_x = np.where(dx > 0, (SIZE_M - pose.x_m) / dx, -pose.x_m / dx)
        wall_y = np.where(dy > 0, (SIZE_M - pose.y_m) / dy, -pose.y_m / dy)
    ranges = np.minimum(wall_x, wall_y)
    for x_m, y_m in people:
        along = (x_m - pose.x_m) * dx + (y_m - pose.y_m) * dy
        off = (x_m - pose.x_m) * dy - (y_m - pose.y_m) * dx
        hit = (np.abs(off) < 0.25) & (along > 0)
        depth = along - np.sqrt(np.maximum(0.0, 0.25**2 - off**2))
        ranges = np.where(hit & (depth < ranges), depth, ranges)
    return LaserScan(stamp_s, -math.pi, 2 * math.pi / 720, 0.1, 12.0, ranges)


def watch(pose: Pose2, ways: list[list[tuple[float, float]]]) -> Seen:
    """Let people walk along their ways, one point a scan."""
    perception = Perception(ROBOT, RoomWalls())
    seen = None
    for tick, places in enumerate(zip(*ways, strict=True)):
        seen = perception.step(scan_at(pose, list(places), tick * PERIOD_S), pose)
    assert seen is not None
    return seen


ROBOT_POSE = Pose2(4.0, 4.0, 0.0)


def test_an_empty_room_holds_nobody() -> None:
    seen = Perception(ROBOT, RoomWalls()).step(scan_at(ROBOT_POSE, [], 0.0), ROBOT_POSE)
    assert seen.people == ()
    assert seen.nearest_m == math.inf


@pytest.mark.parametrize("yaw_rad", [0.0, 1.0, -2.5])
def test_somebody_walking_is_tracked_with_place_and_velocity(yaw_rad: float) -> None:
    way = [(2.0 + 0.1 * tick, 5.5) for tick in range(20)]
    seen = watch(Pose2(4.0, 4.0, yaw_rad), [way])
    assert len(seen.people) == 1
    person = seen.people[0]
    assert math.hypot(person.x_m - way[-1][0], person.y_m - 5.5) < 0.15
    assert person.vx_mps == pytest.approx(1.0, abs=0.25)
    assert abs(person.vy_mps) < 0.25


def test_two_people_who_cross_keep_their_numbers() -> None:
    left = [(2.0 + 0.1 * tick, 6.0) for tick in range(30)]
    right = [(5.0 - 0.1 * tick, 6.9) for tick in range(30)]
    perception, numbers = Perception(ROBOT, RoomWalls()), []
    for tick, places in enumerate(zip(left, right, strict=True)):
        seen = perception.step(scan_at(ROBOT_POSE, list(places), tick * PERIOD_S), ROBOT_POSE)
        numbers.append({round(p.y_m): p.track_id for p in seen.people if p.y_m > 0})
    assert numbers[5] == numbers[-1]


def test_somebody_hidden_for_a_moment_keeps_the_number() -> None:
    perception = Perception(ROBOT, RoomWalls())
    for tick in range(10):
        before = perception.step(scan_at(ROBOT_POSE, [(2.0, 5.0)], tick * PERIOD_S), ROBOT_POSE)
    perception.step(scan_at(ROBOT_POSE, [], 1.0), ROBOT_POSE)
    after = perception.step(scan_at(ROBOT_POSE, [(2.0, 5.0)], 1.5), ROBOT_POSE)
    assert before.people[0].track_id == after.people[0].track_id


def test_somebody_who_left_is_forgotten() -> None:
    perception = Perception(ROBOT, RoomWalls())
    for tick in range(10):
        perception.step(scan_at(ROBOT_POSE, [(2.0, 5.0)], tick * PERIOD_S), ROBOT_POSE)
    assert perception.step(scan_at(ROBOT_POSE, [], 3.0), ROBOT_POSE).people == ()


def test_standing_before_the_screen_counts_as_wanting_help() -> None:
    seen = watch(ROBOT_POSE, [[(3.0, 4.0)] * 15])
    assert seen.engaged_id == seen.people[0].track_id
    assert seen.follower_m == pytest.approx(1.0, abs=0.15)


def test_standing_at_the_robots_front_or_walking_past_does_not() -> None:
    assert watch(ROBOT_POSE, [[(5.0, 4.0)] * 15]).engaged_id is None
    assert watch(ROBOT_POSE, [[(2.9, 2.5 + 0.1 * tick) for tick in range(15)]]).engaged_id is None


def test_somebody_across_the_seam_of_the_scan_is_one_person() -> None:
    seen = watch(ROBOT_POSE, [[(2.5, 4.0)] * 6])
    assert len(seen.people) == 1


def test_time_running_backwards_starts_over() -> None:
    perception = Perception(ROBOT, RoomWalls())
    for tick in range(5):
        perception.step(scan_at(ROBOT_POSE, [(2.0, 5.0)], 10.0 + tick * PERIOD_S), ROBOT_POSE)
    assert perception.step(scan_at(ROBOT_POSE, [(2.0, 5.0)], 0.0), ROBOT_POSE).people == ()
