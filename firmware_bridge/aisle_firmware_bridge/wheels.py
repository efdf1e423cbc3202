"""Kinematics of the differential drive: wheel speeds, wheel angles, and the limits they follow from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from aisle.geometry import Twist2
from aisle.robot_model import RobotModel


@dataclass(frozen=True, slots=True)
class FirmwareParameters:
    """What the firmware must know about the robot, in wheel units.

    Forward is the mean of both wheels, turn is half of right minus left. Below `battery_minimum_mv` the base
    refuses to drive: 3 V for each lithium-ion cell, above what the gauge calls a deep discharge (`battery.py`).
    """

    ticks_per_turn: int
    forward_limit_radps: float
    turn_limit_radps: float
    forward_acceleration_radps2: float
    forward_braking_radps2: float
    turn_acceleration_radps2: float
    battery_minimum_mv: int


LEAST_CELL_MV = 3000


class WheelLimits(NamedTuple):
    """What a base allows at most, in rad/s: of the mean of both wheels, and of half their difference."""

    forward_radps: float
    turn_radps: float


def firmware_parameters(robot: RobotModel) -> FirmwareParameters:
    """Derive the firmware's parameters from the robot model."""
    limits, radius_m = robot.limits, robot.wheels.radius_m
    half_track_m = robot.wheels.track_m / 2.0
    return FirmwareParameters(
        ticks_per_turn=robot.wheels.ticks_per_turn,
        forward_limit_radps=limits.speed_mps / radius_m,
        turn_limit_radps=limits.turn_radps * half_track_m / radius_m,
        forward_acceleration_radps2=limits.acceleration_mps2 / radius_m,
        forward_braking_radps2=limits.braking_mps2 / radius_m,
        turn_acceleration_radps2=limits.turn_acceleration_radps2 * half_track_m / radius_m,
        battery_minimum_mv=LEAST_CELL_MV * robot.battery.cells,
    )


def wheel_speeds(twist: Twist2, robot: RobotModel) -> tuple[float, float]:
    """Return the left and right wheel speed in rad/s of a twist."""
    wheels = robot.wheels
    turn_mps = twist.angular_radps * wheels.track_m / 2.0
    return (twist.linear_mps - turn_mps) / wheels.left_radius_m, (twist.linear_mps + turn_mps) / wheels.right_radius_m


def wheel_turn_radps(left_radps: float, right_radps: float, robot: RobotModel) -> float:
    """Return how fast the robot turns by its wheels, counter-clockwise."""
    wheels = robot.wheels
    return (right_radps * wheels.right_radius_m - left_radps * wheels.left_radius_m) / wheels.track_m


def tick_difference(before: int, now: int) -> int:
    """Return how many ticks a wheel turned between two int32 counts, right across the wrap."""
    return (now - before + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000


def wheel_angle_rad(ticks: int, robot: RobotModel) -> float:
    """Return the angle that a number of ticks stands for."""
    return math.tau * ticks / robot.wheels.ticks_per_turn
