"""What localization knows, as ROS messages."""

from __future__ import annotations

import math

import numpy as np
from aisle_interfaces.msg import MatchQuality
from geometry_msgs.msg import PoseWithCovarianceStamped
from nav2_msgs.msg import Particle, ParticleCloud
from nav_msgs.msg import OccupancyGrid as MapMessage

from aisle.geometry import Pose2
from aisle_navigation.localization.certainty import Certainty
from aisle_navigation.localization.cloud import Particles, Spread
from aisle_navigation.localization.particle_filter import Estimate
from aisle_navigation.localization.placement import spread_of
from aisle_ros import conversions
from store_model.maps import OccupancyGrid

# Row-major 6 x 6: x, y and yaw are on the diagonal at these places.
_X, _Y, _YAW = 0, 7, 35
_CERTAINTIES = {
    Certainty.LOCALIZED: MatchQuality.LOCALIZED,
    Certainty.UNSURE: MatchQuality.UNSURE,
    Certainty.LOST: MatchQuality.LOST,
    Certainty.NEEDS_STAFF: MatchQuality.NEEDS_STAFF,
}


def map_message(grid: OccupancyGrid) -> MapMessage:
    """Return the map as nav_msgs has it."""
    message = MapMessage()
    message.header.frame_id = "map"
    message.info.resolution = float(grid.resolution_m)
    message.info.height, message.info.width = (int(size) for size in grid.cells.shape)
    message.info.origin = conversions.pose_message(grid.origin)
    message.data = grid.cells.astype(np.int8).ravel().tolist()
    return message


def pose_message(pose_map: Pose2, spread: Spread, stamp_s: float) -> PoseWithCovarianceStamped:
    """Return a pose with the covariance of its spread (standard deviations of each axis and of the heading)."""
    message = PoseWithCovarianceStamped()
    message.header.frame_id, message.header.stamp = "map", conversions.stamp(stamp_s)
    message.pose.pose = conversions.pose_message(pose_map)
    message.pose.covariance[_X] = message.pose.covariance[_Y] = float(spread.position_m) ** 2
    message.pose.covariance[_YAW] = float(spread.yaw_rad) ** 2
    return message


def spread_in(message: PoseWithCovarianceStamped) -> Spread | None:
    """Return how exactly a pose was meant; None when it does not say."""
    covariance = message.pose.covariance
    return spread_of(float(covariance[_X]), float(covariance[_Y]), float(covariance[_YAW]))


def quality_message(estimate: Estimate) -> MatchQuality:
    """Return how the scan agrees with the map, and how sure the robot is."""
    quality = MatchQuality(
        inlier_fraction=estimate.match.fitting,
        position_stddev_m=float(estimate.position_stddev_m),
        localized=estimate.localized,
        hidden_fraction=estimate.match.hidden,
        through_fraction=estimate.match.through,
        explained_fraction=math.nan if estimate.explained is None else estimate.explained,
        certainty=_CERTAINTIES[estimate.certainty],
        needs_staff=estimate.needs_staff,
        particles=estimate.particles,
    )
    quality.header.frame_id, quality.header.stamp = "map", conversions.stamp(estimate.stamp_s)
    return quality


def cloud_message(particles: Particles, stamp_s: float) -> ParticleCloud:
    """Return particles, shape (n, 3), in the map frame; after resampling all weigh the same."""
    weight = 1.0 / max(1, len(particles))
    poses = (conversions.pose_message(Pose2(*pose)) for pose in particles.tolist())
    message = ParticleCloud(particles=[Particle(pose=pose, weight=weight) for pose in poses])
    message.header.frame_id, message.header.stamp = "map", conversions.stamp(stamp_s)
    return message
