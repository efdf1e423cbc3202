"""Localization shell: map file, scan and odometry in; map, map->odom, pose, particles and match quality out."""

from __future__ import annotations

from pathlib import Path

from aisle_interfaces.msg import MatchQuality
from geometry_msgs.msg import PoseWithCovarianceStamped
from nav2_msgs.msg import ParticleCloud
from nav_msgs.msg import OccupancyGrid
from nav_msgs.msg import Odometry as OdometryMessage
from std_srvs.srv import Empty
from tf2_msgs.msg import TFMessage

from aisle.clock import wall_s
from aisle.config import load
from aisle.geometry import Pose2
from aisle.robot_model import RobotModel
from aisle.sensing import LaserScan
from aisle_navigation.localization import last_pose
from aisle_navigation.localization.compiling import compile_localization
from aisle_navigation.localization.last_pose import LastPose
from aisle_navigation.localization.odometry_buffer import OdometryBuffer
from aisle_navigation.localization.particle_filter import Estimate, FilterSettings, ParticleFilter
from aisle_navigation.localization.placement import placement_fault
from aisle_navigation.nodes import localization_messages as messages
from aisle_navigation.nodes import nav2_states
from aisle_ros import conversions
from aisle_ros.node import LATCHED_QOS, SENSOR_QOS, ManagedNode, spin
from aisle_ros.scans import on_scan
from store_model.clearance import clearance_map
from store_model.maps import read_map_server

_SAVE_EVERY_S = 0.5
_SHOW_EVERY_S = 0.5


class LocalizationNode(ManagedNode):
    """Owns the map and the transform from map to odom."""

    def __init__(self) -> None:
        super().__init__(
            "localization",
            {
                "map": "",
                "robot": "",
                "seed": 1,
                "start_x": 0.0,
                "start_y": 0.0,
                "start_yaw": 0.0,
                "last_pose": "",
            },
        )
        self._odometry = OdometryBuffer()
        self._filter: ParticleFilter | None = None
        self._estimate: Estimate | None = None
        self._saved_s = -_SAVE_EVERY_S
        self._last: LastPose | None = None
        self._map = self.create_publisher(OccupancyGrid, "/map", LATCHED_QOS)
        self._tf = self.create_publisher(TFMessage, "/tf", 50)
        self._pose = self.create_publisher(PoseWithCovarianceStamped, "/amcl_pose", LATCHED_QOS)
        self._quality = self.create_publisher(MatchQuality, "/match_quality", 10)
        self._cloud = self.create_publisher(ParticleCloud, "/particle_cloud", SENSOR_QOS)
        self.create_subscription(OdometryMessage, "/odom", self._take_odometry, 50)
        on_scan(self, self.while_active(self._take_scan))
        self.create_subscription(PoseWithCovarianceStamped, "/initialpose", self.while_active(self._take_pose), 1)
        self.create_service(Empty, "/reinitialize_global_localization", self._look_everywhere)
        nav2_states.answer_as(self, ("amcl",), lambda: self._is_active)
        nav2_states.answer_is_active(self, ("lifecycle_manager_localization",), lambda: self._is_active)
        self.every(_SHOW_EVERY_S, self._show_cloud)

    def configure(self) -> None:
        grid = read_map_server(Path(self.text("map")))
        robot = load(Path(self.text("robot")), RobotModel)
        clearances = clearance_map(grid.cells, grid.resolution_m, grid.origin.x_m, grid.origin.y_m)
        compile_localization(robot)
        self._filter = ParticleFilter(clearances, robot, FilterSettings(), self.number("seed"))
        self._filter.start_at(self._parked())
        path = self.text("last_pose")
        self._last = last_pose.load(Path(path), wall_s()) if path else None
        self._map.publish(messages.map_message(grid))

    def _parked(self) -> Pose2:
        return Pose2(*(float(self.get_parameter(f"start_{axis}").value) for axis in ("x", "y", "yaw")))

    def _resume(self, last: LastPose, odom_from_base: Pose2) -> None:
        """Look for the robot where it was before this node was started again, moved on by odometry."""
        assert self._filter is not None
        pose = last.now_at(odom_from_base)
        self.get_logger().info(f"started again: looking around ({pose.x_m:.2f}, {pose.y_m:.2f}) m")
        self._filter.start_at(pose)

    def _save(self, estimate: Estimate, odom_from_base: Pose2) -> None:
        """Keep the pose for the next start, twice a second."""
        if not self.text("last_pose") or not estimate.localized or estimate.stamp_s < self._saved_s + _SAVE_EVERY_S:
            return
        self._saved_s = estimate.stamp_s
        try:
            last_pose.save(Path(self.text("last_pose")), LastPose(estimate.map_from_base, odom_from_base))
        except OSError as error:
            self.get_logger().warning(f"the pose cannot be kept: {error}", throttle_duration_sec=60.0)

    def health(self) -> str:
        return "" if self._estimate is None or self._estimate.localized else self._estimate.certainty.value

    def _take_odometry(self, message: OdometryMessage) -> None:
        self._odometry.add(conversions.odometry(message))

    def _take_pose(self, message: PoseWithCovarianceStamped) -> None:
        """Believe where a person says the robot is, and publish it at once, as clients of AMCL expect."""
        assert self._filter is not None
        pose, frame = conversions.pose2(message.pose.pose), message.header.frame_id
        fault = placement_fault(self._filter.grid, pose)
        if frame not in ("map", ""):
            fault = f"initial poses are taken in the frame 'map', not in '{frame}'"
        if fault:
            self.get_logger().warning(f"initial pose refused: {fault}")
            return
        self._last = None
        spread = messages.spread_in(message) or FilterSettings().start
        self._filter.start_at(pose, spread)
        self._pose.publish(messages.pose_message(pose, spread, self.now_s()))

    def _look_everywhere(self, _request: Empty.Request, response: Empty.Response) -> Empty.Response:
        if self._filter is not None:
            self.get_logger().info("asked to look for the robot everywhere")
            self._filter.look_everywhere()
        return response

    def _take_scan(self, scan: LaserScan) -> None:
        assert self._filter is not None
        odom_from_base = self._odometry.at(scan.stamp_s)
        if odom_from_base is not None:
            if self._last is not None:
                self._resume(self._last, odom_from_base)
                self._last = None
            before, self._estimate = self._estimate, self._filter.update(scan, odom_from_base)
            self._log_change(before, self._estimate)
            self._publish(self._estimate, odom_from_base)
            self._save(self._estimate, odom_from_base)

    def _log_change(self, before: Estimate | None, after: Estimate) -> None:
        if before is None or before.certainty is not after.certainty:
            at, match = after.map_from_base, after.match
            self.get_logger().info(
                f"{after.certainty.value} at ({at.x_m:.2f}, {at.y_m:.2f}) m: {match.fitting:.0%} of rays fit the map,"
                f" {match.hidden:.0%} end before it, {match.through:.0%} pass through it"
            )

    def _publish(self, estimate: Estimate, odom_from_base: Pose2) -> None:
        map_from_odom = estimate.map_from_base @ odom_from_base.inverse()
        self._tf.publish(TFMessage(transforms=[conversions.transform("map", "odom", map_from_odom, estimate.stamp_s)]))
        self._pose.publish(messages.pose_message(estimate.map_from_base, estimate.spread, estimate.stamp_s))
        self._quality.publish(messages.quality_message(estimate))

    def _show_cloud(self) -> None:
        if self._filter is not None and self._cloud.get_subscription_count():
            self._cloud.publish(messages.cloud_message(self._filter.particles, self.now_s()))


def main() -> None:
    spin(LocalizationNode)


if __name__ == "__main__":
    main()
