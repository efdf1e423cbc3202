"""A robot as dead reckoning takes it to be: wheels, track and gyro a little off, noise of the stated size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aisle.geometry import STOP, Pose2, Twist2, advance
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.odometry import WheelReading

PERIOD_S = 0.02
Legs = list[tuple[Twist2, float]]


@dataclass(frozen=True, slots=True)
class Moment:
    """A reading, and where the robot really was then."""

    reading: WheelReading
    true: Pose2


@dataclass(frozen=True, slots=True)
class Truth:
    """What this robot really is: how far its wheels roll, its track, and what its gyro reads."""

    shares: tuple[float, float]
    track_m: float
    gyro_share: float
    bias_radps: float


def square(side_m: float, turn_radps: float, speed_mps: float = 0.5) -> Legs:
    """Return four sides and four turns, counter-clockwise for a positive turn, standing two seconds at first."""
    side = (Twist2(speed_mps, 0.0), side_m / speed_mps)
    corner = (Twist2(0.0, turn_radps), 0.5 * math.pi / abs(turn_radps))
    return [(STOP, 2.0), *([side, corner] * 4), (STOP, 1.0)]


def as_configured(robot: RobotModel) -> Truth:
    """Return a robot that is exactly what its file says."""
    wheels = robot.wheels
    return Truth((wheels.left_share, wheels.right_share), wheels.track_m, robot.gyro.share, 0.0)


def drawn(robot: RobotModel, rng: np.random.Generator) -> Truth:
    """Return a robot that is off by as much as its file says that it may be."""
    wheels, gyro = robot.wheels, robot.gyro
    sigmas = (wheels.way_sigma, wheels.difference_sigma, wheels.turn_sigma, gyro.share_sigma, gyro.bias_radps)
    way, difference, turn, gyro_share, bias_radps = rng.normal(0.0, sigmas).tolist()
    left = wheels.left_share * (1.0 + way - 0.5 * difference)
    right = wheels.right_share * (1.0 + way + 0.5 * difference)
    track_m = wheels.track_m * (1.0 + way) / (1.0 + turn)
    return Truth((left, right), track_m, gyro.share * (1.0 + gyro_share), bias_radps)


def drive(robot: RobotModel, truth: Truth, legs: Legs, rng: np.random.Generator | None = None) -> Iterator[Moment]:
    """Drive legs of constant twist; with a generator wheels slip and the gyro has noise, of the robot's figures."""
    pose, rolled_m, now_s, before, bias_radps = Pose2(0.0, 0.0, 0.0), [0.0, 0.0], 0.0, STOP, truth.bias_radps
    for twist in (twist for twist, duration_s in legs for _ in range(round(duration_s / PERIOD_S))):
        # The speed changes within the interval, so that the gyro's readings at both ends are worth their mean.
        mean = Twist2(0.5 * (before.linear_mps + twist.linear_mps), 0.5 * (before.angular_radps + twist.angular_radps))
        pose, now_s, before = advance(pose, mean, PERIOD_S), now_s + PERIOD_S, twist
        for side, sign in enumerate((-1.0, 1.0)):
            way_m = (mean.linear_mps + sign * 0.5 * truth.track_m * mean.angular_radps) * PERIOD_S
            slip_m = rng.normal(0.0, robot.wheels.slip_m * math.sqrt(abs(way_m))) if rng else 0.0
            rolled_m[side] += (way_m - slip_m) / truth.shares[side]
        read_radps = twist.angular_radps / truth.gyro_share + bias_radps
        if rng:
            bias_radps += rng.normal(0.0, robot.gyro.walk_radps * math.sqrt(PERIOD_S / 60.0))
            read_radps += rng.normal(0.0, robot.gyro.noise_radps)
        yield Moment(_reading(robot, now_s, rolled_m, read_radps), pose)


def _reading(robot: RobotModel, now_s: float, rolled_m: list[float], yaw_rate_radps: float) -> WheelReading:
    wheels = robot.wheels
    left, right = (math.floor(way / wheels.radius_m / math.tau * wheels.ticks_per_turn) for way in rolled_m)
    return WheelReading(round(now_s * 1e6), now_s, left, right, yaw_rate_radps)
