"""What the base reports becomes ROS messages that say what is known, and how well."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("rclpy")

from diagnostic_msgs.msg import DiagnosticStatus
from sensor_msgs.msg import BatteryState as BatteryStateMessage

from aisle.geometry import Pose2, Twist2
from aisle.robot_model import RobotModel
from aisle.sensing import MotionSpread, Odometry
from aisle_firmware_bridge.battery import BatteryState, Level
from aisle_firmware_bridge.messages import BatteryReport, Imu
from aisle_firmware_bridge.ros_messages import (
    battery_diagnosis,
    imu_message,
    odometry_diagnosis,
    odometry_message,
    pack_message,
)

SPREAD = MotionSpread(((0.04, 0.01, 0.002), (0.01, 0.09, 0.003), (0.002, 0.003, 0.0025)), 1e-4, 4e-4)
ODOMETRY = Odometry(12.5, Pose2(1.0, 2.0, 0.5), Twist2(0.3, -0.1), SPREAD)
PACK = BatteryReport(1, 25_900, -2_000, 251, 60, 0, (3700,) * 7 + (0,))
STATE = BatteryState(0.6, 0.02, 52.0, 7200.0, -2000.0, Level.GOOD)


def test_the_planar_covariance_stands_at_its_places() -> None:
    covariance = np.reshape(odometry_message(ODOMETRY).pose.covariance, (6, 6))
    planar = covariance[np.ix_((0, 1, 5), (0, 1, 5))]
    assert np.array_equal(planar, np.array(SPREAD.pose))
    assert np.array_equal(covariance, covariance.T)
    assert np.all(np.linalg.eigvalsh(covariance) > 0.0)


def test_the_twist_says_how_well_it_is_known() -> None:
    covariance = np.reshape(odometry_message(ODOMETRY).twist.covariance, (6, 6))
    assert (covariance[0, 0], covariance[5, 5]) == (1e-4, 4e-4)


def test_odometry_without_a_spread_leaves_the_covariance_unknown() -> None:
    message = odometry_message(Odometry(0.0, Pose2(0.0, 0.0, 0.0), Twist2()))
    assert not np.any(message.pose.covariance)


def test_an_imu_without_orientation_says_so(robot: RobotModel) -> None:
    message = imu_message(Imu(1, 0.1, 0.2, 9.8, 0.01, 0.02, 0.03), 3.25, robot.gyro)
    assert message.orientation_covariance[0] == -1.0
    assert (message.angular_velocity.z, message.linear_acceleration.z) == (0.03, 9.8)
    assert message.angular_velocity_covariance[8] > 0.0
    assert (message.header.frame_id, message.header.stamp.sec, message.header.stamp.nanosec) == (
        "base_link", 3, 250_000_000,
    )  # fmt: skip


def test_a_pack_has_its_cells_its_current_and_the_gauges_charge(robot: RobotModel) -> None:
    message = pack_message(PACK, STATE, 1.0, robot)
    assert message.percentage == pytest.approx(0.6)
    assert message.current == pytest.approx(-2.0)
    assert list(message.cell_voltage) == pytest.approx([3.7] * 7)
    assert message.charge == pytest.approx(0.6 * message.design_capacity)
    assert math.isnan(message.capacity)
    assert message.temperature == pytest.approx(25.1)


@pytest.mark.parametrize("pack_mv", [0, 21_000, 25_900, 29_400])
def test_the_design_capacity_does_not_follow_the_voltage(robot: RobotModel, pack_mv: int) -> None:
    message = pack_message(PACK._replace(pack_mv=pack_mv), STATE, 1.0, robot)
    assert message.design_capacity == pytest.approx(1000.0 * robot.battery.capacity_wh / 26_050, rel=0.01)


def test_a_charge_that_nobody_knows_yet_is_told_as_not_known(robot: RobotModel) -> None:
    message = pack_message(PACK, BatteryState(0.5, 1.0, 45.0, 7200.0, 0.0, Level.GOOD), 1.0, robot)
    assert math.isnan(message.percentage)
    assert math.isnan(message.charge)


@pytest.mark.parametrize(
    ("charging", "status"),
    [
        (0, BatteryStateMessage.POWER_SUPPLY_STATUS_DISCHARGING),
        (1, BatteryStateMessage.POWER_SUPPLY_STATUS_CHARGING),
        (2, BatteryStateMessage.POWER_SUPPLY_STATUS_FULL),
    ],
)
def test_charging_is_told(robot: RobotModel, charging: int, status: int) -> None:
    assert pack_message(PACK._replace(charging=charging), STATE, 1.0, robot).power_supply_status == status


@pytest.mark.parametrize(
    ("level", "diagnosis"),
    [
        (Level.GOOD, DiagnosticStatus.OK),
        (Level.LOW, DiagnosticStatus.WARN),
        (Level.EMPTY, DiagnosticStatus.ERROR),
        (Level.DEEP, DiagnosticStatus.ERROR),
    ],
)
def test_an_empty_battery_is_an_error(robot: RobotModel, level: Level, diagnosis: bytes) -> None:
    state = BatteryState(0.1, 0.02, 52.0, math.inf, -2000.0, level)
    assert battery_diagnosis(state).level == diagnosis
    is_dead = pack_message(PACK, state, 1.0, robot).power_supply_health == BatteryStateMessage.POWER_SUPPLY_HEALTH_DEAD
    assert is_dead == (level is Level.DEEP)


def test_diagnostics_say_how_well_the_place_is_known() -> None:
    values = {value.key: value.value for value in odometry_diagnosis(ODOMETRY, 0.01).values}
    assert values["place known to m"] == f"{math.sqrt(0.13):.3f}"
    assert values["heading known to degrees"] == f"{math.degrees(0.05):.2f}"


def test_diagnostics_warn_while_wheels_and_gyro_differ() -> None:
    good, odd = (odometry_diagnosis(ODOMETRY, 0.01, do_turns_differ=differ) for differ in (False, True))
    assert (good.level, odd.level) == (DiagnosticStatus.OK, DiagnosticStatus.WARN)
    assert odd.message == "wheels and gyro tell of different turns"
