"""ROS messages to the project's plain types and back. Units and frames are those of REP 103 and 105."""

from __future__ import annotations

import math

import numpy as np
from aisle_interfaces.msg import Person as PersonMessage
from aisle_interfaces.msg import PersonArray
from builtin_interfaces.msg import Duration, Time
from geometry_msgs.msg import Pose, PoseStamped, Quaternion, TransformStamped, Twist
from nav_msgs.msg import OccupancyGrid, Path
from nav_msgs.msg import Odometry as OdometryMessage
from sensor_msgs.msg import LaserScan as LaserScanMessage

from aisle.geometry import FloatArray, Pose2, Twist2
from aisle.sensing import LaserScan, Odometry, Person
from store_model.clearance import ClearanceMap, clearance_map


def seconds(stamp: Time | Duration) -> float:
    """Return a ROS stamp or duration in seconds."""
    return float(stamp.sec) + 1e-9 * float(stamp.nanosec)


def stamp(time_s: float) -> Time:
    """Return seconds as a ROS stamp."""
    whole = math.floor(time_s)
    return Time(sec=int(whole), nanosec=int((time_s - whole) * 1e9))


def duration(time_s: float) -> Duration:
    """Return seconds as a ROS duration."""
    whole = math.floor(time_s)
    return Duration(sec=int(whole), nanosec=int((time_s - whole) * 1e9))


def yaw_of(rotation: Quaternion) -> float:
    """Return the yaw of a rotation about z, in radians."""
    return math.atan2(
        2.0 * (rotation.w * rotation.z + rotation.x * rotation.y),
        1.0 - 2.0 * (rotation.y**2 + rotation.z**2),
    )


def quaternion(yaw_rad: float) -> Quaternion:
    """Return the rotation about z."""
    return Quaternion(x=0.0, y=0.0, z=math.sin(0.5 * yaw_rad), w=math.cos(0.5 * yaw_rad))


def pose2(pose: Pose) -> Pose2:
    """Return a pose in the plane; height and tilt are dropped."""
    return Pose2(pose.position.x, pose.position.y, yaw_of(pose.orientation))


def pose_message(pose: Pose2) -> Pose:
    """Return a pose on the floor."""
    message = Pose()
    message.position.x, message.position.y = float(pose.x_m), float(pose.y_m)
    message.orientation = quaternion(pose.yaw_rad)
    return message


def pose_stamped(pose: Pose2, frame: str, time_s: float) -> PoseStamped:
    """Return a pose with its frame and time."""
    message = PoseStamped()
    message.header.frame_id = frame
    message.header.stamp = stamp(time_s)
    message.pose = pose_message(pose)
    return message


def transform(parent: str, child: str, pose: Pose2, time_s: float, z_m: float = 0.0) -> TransformStamped:
    """Return `parent_from_child` for the tf tree."""
    message = TransformStamped()
    message.header.frame_id, message.child_frame_id = parent, child
    message.header.stamp = stamp(time_s)
    message.transform.translation.x = float(pose.x_m)
    message.transform.translation.y = float(pose.y_m)
    message.transform.translation.z = float(z_m)
    message.transform.rotation = quaternion(pose.yaw_rad)
    return message


def twist2(twist: Twist) -> Twist2:
    """Return the two velocities a differential drive has."""
    return Twist2(twist.linear.x, twist.angular.z)


def twist_message(twist: Twist2) -> Twist:
    """Return a velocity as geometry_msgs/Twist."""
    message = Twist()
    message.linear.x, message.angular.z = float(twist.linear_mps), float(twist.angular_radps)
    return message


def laser_scan(message: LaserScanMessage) -> LaserScan:
    """Return a scan; its arrays are copied once."""
    return LaserScan(
        seconds(message.header.stamp),
        message.angle_min,
        message.angle_increment,
        message.range_min,
        message.range_max,
        np.asarray(message.ranges, dtype=np.float64),
    )


def odometry(message: OdometryMessage) -> Odometry:
    """Return dead reckoning as a plain value."""
    return Odometry(seconds(message.header.stamp), pose2(message.pose.pose), twist2(message.twist.twist))


def people(message: PersonArray) -> tuple[Person, ...]:
    """Return the tracked people."""
    seen_s = seconds(message.header.stamp)
    return tuple(
        Person(p.track_id, p.position.x, p.position.y, p.velocity.x, p.velocity.y, p.radius_m, seen_s)
        for p in message.people
    )


def people_message(tracked: tuple[Person, ...], time_s: float) -> PersonArray:
    """Return tracked people in the map frame."""
    message = PersonArray()
    message.header.frame_id, message.header.stamp = "map", stamp(time_s)
    message.people = [_person_message(person) for person in tracked]
    return message


def _person_message(person: Person) -> PersonMessage:
    message = PersonMessage(track_id=person.track_id, radius_m=float(person.radius_m))
    message.position.x, message.position.y = float(person.x_m), float(person.y_m)
    message.velocity.x, message.velocity.y = float(person.vx_mps), float(person.vy_mps)
    return message


def path_message(points_map: FloatArray, time_s: float) -> Path:
    """Return a path, shape (n, 2), in the map frame."""
    message = Path()
    message.header.frame_id, message.header.stamp = "map", stamp(time_s)
    message.poses = [pose_stamped(Pose2(float(x), float(y), 0.0), "map", time_s) for x, y in points_map]
    return message


def clearance_from(message: OccupancyGrid) -> ClearanceMap:
    """Return the clearance of a map message. Raises ValueError for one that cannot be navigated on."""
    count = message.info.height * message.info.width
    if len(message.data) != count:
        shape = f"{message.info.height} x {message.info.width}"
        raise ValueError(f"it has {len(message.data)} cells, its header says {shape}")
    if not message.info.resolution > 0.0:
        raise ValueError(f"its cells are {message.info.resolution} m wide")
    cells = np.asarray(message.data, dtype=np.int8).reshape(message.info.height, message.info.width)
    origin = message.info.origin.position
    return clearance_map(cells, message.info.resolution, origin.x, origin.y)
