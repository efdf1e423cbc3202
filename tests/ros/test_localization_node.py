"""Localization as a process: what it publishes, and what a person may tell it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("aisle_interfaces.msg")

from aisle_interfaces.msg import MatchQuality
from geometry_msgs.msg import PoseWithCovarianceStamped
from lifecycle_msgs.msg import Transition
from nav2_msgs.msg import ParticleCloud
from nav_msgs.msg import Odometry as OdometryMessage
from sensor_msgs.msg import LaserScan as ScanMessage
from std_srvs.srv import Empty

from aisle.geometry import Pose2
from aisle.paths import reference_robot
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, SENSOR_QOS
from tests.navigation.rooms import RESOLUTION_M, room, scan_of, with_box
from tests.ros.live_nodes import Listener, node_command, ros_environment, running

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning"),
]

CELLS = with_box(with_box(room(), 3.0, 2.0, 4.0, 5.0), 6.0, 3.0, 8.0, 4.0)
HERE, ELSEWHERE = Pose2(2.0, 1.2, 0.1), Pose2(8.8, 6.2, 2.5)
WITHIN_S = 30.0


def write_map(folder: Path) -> Path:
    """Write the room as map_server has it, black where it is occupied."""
    image = np.where(CELLS[::-1] > 0, 0, 254).astype(np.uint8)
    (folder / "map.pgm").write_bytes(b"P5\n%d %d\n255\n" % (image.shape[1], image.shape[0]) + image.tobytes())
    header = f"image: map.pgm\nresolution: {RESOLUTION_M}\norigin: [0.0, 0.0, 0.0]\n"
    path = folder / "map.yaml"
    path.write_text(header + "negate: 0\noccupied_thresh: 0.65\nfree_thresh: 0.25\nmode: trinary\n")
    return path


class Robot:
    """Stands still and scans, wherever it is put."""

    def __init__(self, listener: Listener) -> None:
        self.listener, self.at, self._now_s = listener, HERE, 100.0
        self._odometry = listener.node.create_publisher(OdometryMessage, "/odom", 50)
        self._scans = listener.node.create_publisher(ScanMessage, "/scan", SENSOR_QOS)
        self._pose = listener.node.create_publisher(PoseWithCovarianceStamped, "/initialpose", 1)
        self.qualities = listener.listen(MatchQuality, "/match_quality")
        self.poses = listener.listen(PoseWithCovarianceStamped, "/amcl_pose", LATCHED_QOS)
        self.clouds = listener.listen(ParticleCloud, "/particle_cloud", SENSOR_QOS)

    def scan_until(self, certainty: int) -> None:
        """Scan until the robot is that sure."""

        def is_reached() -> bool:
            self._scan()
            return bool(self.qualities) and self.qualities[-1].certainty == certainty

        self.listener.wait_for(is_reached, f"certainty {certainty}", WITHIN_S)

    def is_shown_at(self, place: Pose2) -> bool:
        """Tell whether the newest pose is at a place."""
        return bool(self.poses) and near(self.poses[-1], place)

    def show(self, pose: Pose2, frame: str = "map") -> None:
        self.listener.wait_for(lambda: self._pose.get_subscription_count() > 0, "localization at /initialpose")
        message = PoseWithCovarianceStamped()
        message.header.frame_id, message.pose.pose = frame, conversions.pose_message(pose)
        self._pose.publish(message)

    def _scan(self) -> None:
        self._now_s += 0.1
        scan = scan_of(CELLS, self.at, self._now_s)
        odometry, message = OdometryMessage(), ScanMessage()
        odometry.header.stamp = message.header.stamp = conversions.stamp(self._now_s)
        message.angle_min, message.angle_increment = scan.angle_min_rad, scan.angle_increment_rad
        message.range_min, message.range_max = scan.range_min_m, scan.range_max_m
        message.ranges = [float(range_m) for range_m in scan.ranges_m]
        self._odometry.publish(odometry)
        self._scans.publish(message)


@pytest.fixture
def robot(listener: Listener, tmp_path: Path) -> Iterator[Robot]:
    start: dict[str, Any] = {"start_x": HERE.x_m, "start_y": HERE.y_m, "start_yaw": HERE.yaw_rad}
    command = node_command(
        "aisle_navigation.nodes.localization_node", map=write_map(tmp_path), robot=reference_robot(), **start
    )
    with running(command, tmp_path / "log", ros_environment()):
        opened = Robot(listener)
        assert listener.change("localization", Transition.TRANSITION_CONFIGURE)
        assert listener.change("localization", Transition.TRANSITION_ACTIVATE)
        opened.scan_until(MatchQuality.LOCALIZED)
        yield opened


def near(message: PoseWithCovarianceStamped, place: Pose2) -> bool:
    return conversions.pose2(message.pose.pose).distance_to(place) < 0.1


def test_it_says_where_it_is_and_how_sure(robot: Robot) -> None:
    quality = robot.qualities[-1]
    assert quality.localized
    assert not quality.needs_staff
    assert quality.inlier_fraction > 0.9
    robot.listener.wait_for(lambda: robot.is_shown_at(HERE), "the pose where it stands")
    robot.listener.wait_for(lambda: bool(robot.clouds), "the particles")
    assert robot.clouds[-1].header.frame_id == "map"
    assert len(robot.clouds[-1].particles) > 100
    assert robot.listener.state_of("amcl") == "active"


def test_carried_away_it_says_so_and_finds_itself(robot: Robot) -> None:
    robot.at = ELSEWHERE
    robot.scan_until(MatchQuality.UNSURE)
    robot.listener.wait_for(
        lambda: bool(robot.poses) and robot.poses[-1].pose.covariance[0] > 1.0, "a pose that says so"
    )
    robot.scan_until(MatchQuality.LOCALIZED)
    robot.listener.wait_for(lambda: robot.is_shown_at(ELSEWHERE), "the pose where it stands now")


def test_asked_to_look_everywhere_it_does(robot: Robot) -> None:
    robot.listener.call(Empty, "/reinitialize_global_localization", Empty.Request())
    robot.scan_until(MatchQuality.LOST)
    robot.scan_until(MatchQuality.LOCALIZED)
    robot.listener.wait_for(lambda: robot.is_shown_at(HERE), "the pose where it stands")


def test_a_pose_that_a_person_shows_is_published_at_once(robot: Robot) -> None:
    robot.show(Pose2(5.0, 6.0, 0.0))
    robot.listener.wait_for(lambda: robot.is_shown_at(Pose2(5.0, 6.0, 0.0)), "the shown pose")


@pytest.mark.parametrize(
    ("pose", "frame"), [(Pose2(3.5, 3.0, 0.0), "map"), (Pose2(math.nan, 1.0, 0.0), "map"), (ELSEWHERE, "odom")]
)
def test_a_pose_that_cannot_be_is_refused(robot: Robot, pose: Pose2, frame: str) -> None:
    heard = len(robot.poses)
    robot.show(pose, frame)
    robot.show(Pose2(HERE.x_m + 0.02, HERE.y_m, HERE.yaw_rad))
    robot.listener.wait_for(lambda: len(robot.poses) > heard, "the pose after the refused one")
    assert all(near(message, HERE) for message in robot.poses[heard:])
