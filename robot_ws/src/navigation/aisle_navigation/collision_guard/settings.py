"""What the guard is told beside the robot model. Every length and every other time limit follows from the two."""

from __future__ import annotations

from dataclasses import dataclass

from aisle.robot_model import RobotModel


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Times in seconds, shares of the robot's top speed, and what counts as a broken scan."""

    period_s: float = 0.05
    """The guard decides this often."""
    base_latency_s: float = 0.10
    """From the guard's word until the wheels brake: bridge, serial line, firmware and drives."""
    stop_slack_s: float = 0.10
    """The promise: a fault ends in a commanded stop within two scan periods and this."""

    crawl_share: float = 0.1
    stop_share: float = 0.3
    slow_share: float = 0.5
    noise_deviations: float = 3.0
    """So many standard deviations of the laser's noise are kept beside the footprint."""
    least_mps: float = 0.02
    """Slower than this the wheels only creep: it becomes a stop."""

    thinnest_m: float = 0.05
    """Nothing thinner than a chair's leg is looked for where the laser knows nothing."""
    least_hit_share: float = 0.05
    """A store always has something within range; fewer hits are a broken laser."""
    most_unknown_share: float = 0.5
    shape_tolerance: float = 0.1
    """Share by which number and spacing of the rays may differ from the robot model's."""
    forget_frozen_s: float = 1.0
    """A scan that froze is tried again when nobody has wished to drive for so long."""


def scan_period_s(robot: RobotModel) -> float:
    """Return the time between two scans."""
    return 1.0 / robot.laser.rate_hz


def reaction_s(robot: RobotModel, settings: GuardSettings) -> float:
    """Return the time from something coming into view until the base brakes: a scan, a step of the guard, the base."""
    return scan_period_s(robot) + settings.period_s + settings.base_latency_s


def stops_within_s(robot: RobotModel, settings: GuardSettings) -> float:
    """Return the promise: the longest time from a fault to the commanded stop."""
    return 2.0 * scan_period_s(robot) + settings.stop_slack_s


def stale_s(robot: RobotModel, settings: GuardSettings) -> float:
    """Return the oldest age that passes. The guard looks once a period, so it is a period less than the promise."""
    return stops_within_s(robot, settings) - settings.period_s
