from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Pose2, Twist2, advance
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.odometry import DeadReckoning, WheelReading
from aisle_firmware_bridge.wheels import wheel_speeds

PERIOD_S = 0.02


def drive(robot: RobotModel, legs: list[tuple[Twist2, float]], start_ticks: int = 0, bias: float = 0.0) -> Pose2:
    """Drive legs of constant twist with perfect sensors; return where dead reckoning ends."""
    reckoning = DeadReckoning(robot)
    angles_rad, now_s = [0.0, 0.0], 0.0
    result = reckoning.update(reading(robot, now_s, angles_rad, start_ticks, bias))
    for twist, duration_s in legs:
        for _ in range(round(duration_s / PERIOD_S)):
            now_s += PERIOD_S
            for wheel, speed_radps in enumerate(wheel_speeds(twist, robot)):
                angles_rad[wheel] += speed_radps * PERIOD_S
            yaw_rate = twist.angular_radps + bias
            result = reckoning.update(reading(robot, now_s, angles_rad, start_ticks, yaw_rate))
    return result.odom_from_base


def reading(
    robot: RobotModel, now_s: float, angles_rad: list[float], start_ticks: int, yaw_rate: float
) -> WheelReading:
    counts = [start_ticks + math.floor(a / math.tau * robot.wheels.ticks_per_turn) for a in angles_rad]
    left, right = ((count + 2**31) % 2**32 - 2**31 for count in counts)
    return WheelReading(round(now_s * 1e6), now_s, left, right, yaw_rate)


def square(side_m: float, turn: float) -> list[tuple[Twist2, float]]:
    quarter_s = math.pi / 2.0 / turn
    leg = [(Twist2(0.5, 0.0), side_m / 0.5), (Twist2(0.0, math.copysign(turn, turn)), abs(quarter_s))]
    return leg * 4


@pytest.mark.parametrize("turn", [math.pi / 4.0, -math.pi / 4.0])
def test_a_square_closes(robot: RobotModel, turn: float) -> None:
    end = drive(robot, square(2.0, turn))
    assert math.hypot(end.x_m, end.y_m) < 0.02
    assert abs(end.yaw_rad) < math.radians(0.5)


@given(st.floats(-1.0, 1.0), st.floats(-1.5, 1.5))
def test_an_arc_ends_where_the_arc_formula_says(robot: RobotModel, linear: float, angular: float) -> None:
    twist = Twist2(linear, angular)
    end, true = drive(robot, [(twist, 2.0)]), advance(Pose2(0.0, 0.0, 0.0), twist, 2.0)
    assert end.distance_to(true) < 0.03
    assert abs(math.remainder(end.yaw_rad - true.yaw_rad, math.tau)) < 0.03


def test_counts_may_wrap_on_the_way(robot: RobotModel) -> None:
    legs = [(Twist2(0.8, 0.3), 3.0)]
    assert drive(robot, legs, start_ticks=2**31 - 500).distance_to(drive(robot, legs)) < 0.002


def test_a_gyro_bias_is_learned_while_standing(robot: RobotModel) -> None:
    end = drive(robot, [(Twist2(), 10.0), (Twist2(0.5, 0.0), 10.0)], bias=0.05)
    assert abs(end.yaw_rad) < math.radians(1.0)


def test_wheels_alone_serve_when_the_gyro_is_broken(robot: RobotModel) -> None:
    end = drive(robot, [(Twist2(0.0, 0.5), 2.0)], bias=math.nan)
    assert end.yaw_rad == pytest.approx(1.0, abs=0.01)


def test_forgotten_counts_do_not_jump_the_pose(robot: RobotModel) -> None:
    reckoning = DeadReckoning(robot)
    reckoning.update(WheelReading(0, 0.0, 0, 0, 0.0))
    before = reckoning.update(WheelReading(20_000, 0.02, 100, 100, 0.0)).odom_from_base
    reckoning.forget_counts()
    assert reckoning.update(WheelReading(5_000_000, 5.0, 90_000, -90_000, 0.0)).odom_from_base == before


def test_a_reading_that_is_not_newer_moves_nothing(robot: RobotModel) -> None:
    reckoning = DeadReckoning(robot)
    reckoning.update(WheelReading(1_000_000, 1.0, 0, 0, 0.0))
    result = reckoning.update(WheelReading(1_000_000, 1.0, 500, 500, 0.0))
    assert (result.odom_from_base, result.twist) == (Pose2(0.0, 0.0, 0.0), Twist2())
