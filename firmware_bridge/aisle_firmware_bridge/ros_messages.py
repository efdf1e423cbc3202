"""One report of the base as the ROS messages it becomes. Frames after REP 105, joints as in the URDF."""

from __future__ import annotations

from nav_msgs.msg import Odometry as OdometryMessage
from sensor_msgs.msg import BatteryState, JointState
from std_msgs.msg import Bool, UInt8
from tf2_msgs.msg import TFMessage

from aisle.robot_model import RobotModel
from aisle.sensing import Odometry
from aisle_firmware_bridge.protocol import Mode, Status
from aisle_firmware_bridge.wheels import wheel_angle_rad
from aisle_ros.conversions import pose_message, stamp, transform, twist_message

# Variances of x, y, yaw and of their rates; a planar robot knows its height and tilt exactly.
_POSE_VARIANCE = {0: 1e-3, 7: 1e-3, 14: 1e-9, 21: 1e-9, 28: 1e-9, 35: 1e-3}
_TWIST_VARIANCE = {0: 1e-4, 7: 1e-6, 14: 1e-9, 21: 1e-9, 28: 1e-9, 35: 1e-4}


def odometry_message(odometry: Odometry) -> OdometryMessage:
    """Return the pose of base_link in odom and the twist in base_link."""
    message = OdometryMessage(child_frame_id="base_link")
    message.header.frame_id, message.header.stamp = "odom", stamp(odometry.stamp_s)
    message.pose.pose = pose_message(odometry.odom_from_base)
    message.twist.twist = twist_message(odometry.twist)
    for place, variance in _POSE_VARIANCE.items():
        message.pose.covariance[place] = variance
    for place, variance in _TWIST_VARIANCE.items():
        message.twist.covariance[place] = variance
    return message


def transforms_message(odometry: Odometry) -> TFMessage:
    """Return odom -> base_link."""
    return TFMessage(transforms=[transform("odom", "base_link", odometry.odom_from_base, odometry.stamp_s)])


def joint_message(status: Status, stamp_s: float, robot: RobotModel) -> JointState:
    """Return both wheels' angles and speeds."""
    message = JointState(name=["left_wheel_joint", "right_wheel_joint"])
    message.header.stamp = stamp(stamp_s)
    message.position = [wheel_angle_rad(ticks, robot) for ticks in (status.ticks_left, status.ticks_right)]
    message.velocity = [status.speed_left_radps, status.speed_right_radps]
    return message


def battery_message(status: Status, stamp_s: float) -> BatteryState:
    """Return the battery's voltage and charge; what the base does not measure is NaN, as the message asks."""
    message = BatteryState(voltage=status.battery_mv / 1000.0, percentage=status.battery_percent / 100.0)
    message.header.stamp = stamp(stamp_s)
    message.current = message.charge = message.capacity = message.design_capacity = float("nan")
    message.temperature = float("nan")
    message.present = True
    return message


def bumpers_message(status: Status) -> UInt8:
    """Return the pressed segments as bits: 1 front left, 2 front right, 4 rear left, 8 rear right."""
    return UInt8(data=int(status.bumpers))


def emergency_stop_message(status: Status) -> Bool:
    """Return whether the base refuses to move until staff release it, or its button is pressed."""
    return Bool(data=status.emergency_stop or status.mode in (Mode.LATCHED, Mode.FAULT))
