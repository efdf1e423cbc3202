"""What the base reports as the ROS messages it becomes. Frames after REP 105, joints as in the URDF."""

from __future__ import annotations

import math

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue
from nav_msgs.msg import Odometry as OdometryMessage
from sensor_msgs.msg import BatteryState as BatteryStateMessage
from sensor_msgs.msg import Imu as ImuMessage
from sensor_msgs.msg import JointState
from std_msgs.msg import Bool, UInt8
from tf2_msgs.msg import TFMessage

from aisle.robot_model import Gyro, RobotModel
from aisle.sensing import MotionSpread, Odometry
from aisle_firmware_bridge.battery import BatteryState, Level, design_capacity_ah
from aisle_firmware_bridge.messages import BatteryReport, Imu, Mode, Status
from aisle_firmware_bridge.wheels import wheel_angle_rad
from aisle_ros.conversions import pose_message, stamp, transform, twist_message

# A planar robot knows its height and tilt, and that it does not move sideways; such entries must not be 0, which would
# mean that the covariance is not known (sensor_msgs), nor so large that a filter in space ignores them.
_KNOWN = 1e-9
_PLANAR = (0, 1, 5)
# Bosch BST-BMI088-DS001: 175 ug/sqrt(Hz) of noise in a band of 40 Hz, and an offset of 20 mg: one sigma of both.
_ACCELERATION_SIGMA_MPS2 = 0.2
_NOT_MEASURED = -1.0


def odometry_message(odometry: Odometry) -> OdometryMessage:
    """Return the pose of base_link in odom and the twist in base_link, with how far they may be off."""
    message = OdometryMessage(child_frame_id="base_link")
    message.header.frame_id, message.header.stamp = "odom", stamp(odometry.stamp_s)
    message.pose.pose = pose_message(odometry.odom_from_base)
    message.twist.twist = twist_message(odometry.twist)
    if odometry.spread is not None:
        message.pose.covariance = pose_covariance(odometry.spread)
        message.twist.covariance = twist_covariance(odometry.spread)
    return message


def pose_covariance(spread: MotionSpread) -> list[float]:
    """Return the 6 x 6 covariance of x, y, z and the rotations about x, y, z, row by row."""
    covariance = _diagonal((_KNOWN,) * 6)
    for row, place in enumerate(_PLANAR):
        for column, other in enumerate(_PLANAR):
            covariance[6 * place + other] = spread.pose[row][column]
    return covariance


def twist_covariance(spread: MotionSpread) -> list[float]:
    """Return the 6 x 6 covariance of the velocities along and about x, y, z, row by row."""
    return _diagonal((max(spread.linear_m2ps2, _KNOWN), *(_KNOWN,) * 4, max(spread.angular_rad2ps2, _KNOWN)))


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


def imu_message(imu: Imu, stamp_s: float, gyro: Gyro) -> ImuMessage:
    """Return acceleration and turning rate in base_link; the base knows no orientation, which -1 says."""
    message = ImuMessage()
    message.header.frame_id, message.header.stamp = "base_link", stamp(stamp_s)
    message.orientation_covariance[0] = _NOT_MEASURED
    rate, acceleration = message.angular_velocity, message.linear_acceleration
    rate.x, rate.y, rate.z = imu.rate_x_radps, imu.rate_y_radps, imu.rate_z_radps
    acceleration.x, acceleration.y, acceleration.z = (
        imu.acceleration_x_mps2,
        imu.acceleration_y_mps2,
        imu.acceleration_z_mps2,
    )
    for axis in range(3):
        message.angular_velocity_covariance[4 * axis] = gyro.noise_radps**2 + gyro.bias_radps**2
        message.linear_acceleration_covariance[4 * axis] = _ACCELERATION_SIGMA_MPS2**2
    return message


def battery_message(status: Status, stamp_s: float) -> BatteryStateMessage:
    """Return voltage and charge as the status has them, before the base reported its pack; the rest is NaN."""
    message = BatteryStateMessage(voltage=status.battery_mv / 1000.0, percentage=status.battery_percent / 100.0)
    message.header.stamp = stamp(stamp_s)
    message.current = message.charge = message.capacity = message.design_capacity = math.nan
    message.temperature = math.nan
    message.present = True
    return message


def pack_message(pack: BatteryReport, state: BatteryState, stamp_s: float, robot: RobotModel) -> BatteryStateMessage:
    """Return what the gauge believes of the pack; current negative when drawn, NaN for what is not known.

    Charge and design capacity are ampere-hours (sensor_msgs/BatteryState.msg: "Current charge in Ah", "Capacity in Ah
    (design capacity)"), and so do not follow the voltage of the moment. The last full capacity is not measured.
    """
    design_ah = design_capacity_ah(robot.battery)
    message = BatteryStateMessage(voltage=pack.pack_mv / 1000.0, current=pack.current_ma / 1e3)
    message.header.stamp = stamp(stamp_s)
    message.temperature = pack.temperature_dc / 10.0
    message.percentage, message.charge = state.known_charge, state.known_charge * design_ah
    message.design_capacity, message.capacity = design_ah, math.nan
    message.power_supply_status = _supply_status(pack)
    message.power_supply_health = _health(state.level)
    message.power_supply_technology = BatteryStateMessage.POWER_SUPPLY_TECHNOLOGY_LION
    message.present = True
    message.cell_voltage = [cell_mv / 1000.0 for cell_mv in pack.cells_mv if cell_mv]
    return message


def _supply_status(pack: BatteryReport) -> int:
    kinds = BatteryStateMessage
    by_charging = {1: kinds.POWER_SUPPLY_STATUS_CHARGING, 2: kinds.POWER_SUPPLY_STATUS_FULL}
    return int(by_charging.get(pack.charging, kinds.POWER_SUPPLY_STATUS_DISCHARGING))


def _health(level: Level) -> int:
    dead, good = BatteryStateMessage.POWER_SUPPLY_HEALTH_DEAD, BatteryStateMessage.POWER_SUPPLY_HEALTH_GOOD
    return int(dead if level is Level.DEEP else good)


_LEVELS = {
    Level.GOOD: DiagnosticStatus.OK,
    Level.LOW: DiagnosticStatus.WARN,
    Level.EMPTY: DiagnosticStatus.ERROR,
    Level.DEEP: DiagnosticStatus.ERROR,
}


def battery_diagnosis(state: BatteryState) -> DiagnosticStatus:
    """Return how the battery is, for /diagnostics."""
    hours = "charging" if math.isinf(state.remaining_s) else f"{state.remaining_s / 3600.0:.1f}"
    values = {
        "charge %": f"{100.0 * state.charge:.0f}",
        "known to %": f"{100.0 * state.sigma:.0f}",
        "power W": f"{state.power_w:.0f}",
        "hours left": hours,
    }
    return _diagnosis("base battery", _LEVELS[state.level], state.level.value, values)


def odometry_diagnosis(odometry: Odometry, bias_radps: float, *, do_turns_differ: bool = False) -> DiagnosticStatus:
    """Return how far dead reckoning may be off, for /diagnostics; a warning while wheels and gyro differ."""
    values = {"gyro bias rad/s": f"{bias_radps:+.5f}"}
    if odometry.spread is not None:
        pose = odometry.spread.pose
        values["place known to m"] = f"{math.sqrt(pose[0][0] + pose[1][1]):.3f}"
        values["heading known to degrees"] = f"{math.degrees(math.sqrt(pose[2][2])):.2f}"
    if do_turns_differ:
        return _diagnosis("base odometry", DiagnosticStatus.WARN, "wheels and gyro tell of different turns", values)
    return _diagnosis("base odometry", DiagnosticStatus.OK, "ok", values)


def bumpers_message(status: Status) -> UInt8:
    """Return the pressed segments as bits: 1 front left, 2 front right, 4 rear left, 8 rear right."""
    return UInt8(data=int(status.bumpers))


def emergency_stop_message(status: Status) -> Bool:
    """Return whether the base refuses to move until staff release it, or its button is pressed."""
    return Bool(data=status.emergency_stop or status.mode in (Mode.LATCHED, Mode.FAULT))


def _diagonal(variances: tuple[float, ...]) -> list[float]:
    covariance = [0.0] * 36
    covariance[::7] = variances
    return covariance


def _diagnosis(name: str, level: bytes, text: str, values: dict[str, str]) -> DiagnosticStatus:
    status = DiagnosticStatus(level=level, name=name, hardware_id="aisle", message=text)
    status.values = [KeyValue(key=key, value=value) for key, value in values.items()]
    return status
