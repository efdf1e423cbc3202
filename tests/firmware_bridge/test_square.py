"""A square is driven by dead reckoning, with a stop at every corner."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from aisle.geometry import Pose2, Twist2, advance
from aisle.sensing import Odometry
from aisle_firmware_bridge.square import SquareDrive, SquareSettings, Stage

PERIOD_S = 0.02
START = Pose2(1.0, -2.0, 0.7)


def drive(settings: SquareSettings, limit_s: float = 300.0) -> tuple[SquareDrive, list[Pose2], list[Twist2]]:
    """Drive on wheels that do as they are told; return the drive, the stops, and every twist."""
    square, pose, twist = SquareDrive(settings), START, Twist2()
    stops: list[Pose2] = []
    twists: list[Twist2] = []
    for tick in range(round(limit_s / PERIOD_S)):
        twist = square.step(Odometry(tick * PERIOD_S, pose, twist))
        if square.stops > len(stops):
            stops.append(pose)
        twists.append(twist)
        pose = advance(pose, twist, PERIOD_S)
        if square.stage is Stage.DONE:
            break
    return square, stops, twists


@pytest.mark.parametrize("clockwise", [False, True])
def test_the_corners_are_those_of_a_square(clockwise: bool) -> None:
    _, stops, _ = drive(SquareSettings(side_m=2.0, clockwise=clockwise))
    seen = [START.inverse() @ stop for stop in stops]
    left = -1.0 if clockwise else 1.0
    at = [(pose.x_m, pose.y_m) for pose in seen]
    corners = [(0, 0), (2, 0), (2, 0), (2, 2 * left), (2, 2 * left), (0, 2 * left), (0, 2 * left), (0, 0), (0, 0)]
    assert at == [pytest.approx(corner, abs=0.03) for corner in corners]
    assert math.degrees(seen[-1].yaw_rad) == pytest.approx(0.0, abs=0.5)


def test_it_stays_within_speed_and_acceleration() -> None:
    settings = SquareSettings(side_m=2.0)
    _, _, twists = drive(settings)
    assert max(twist.linear_mps for twist in twists) == pytest.approx(settings.speed_mps)
    assert min(twist.linear_mps for twist in twists) >= 0.0
    assert max(abs(twist.angular_radps) for twist in twists) <= settings.turn_radps + 1e-9
    gains = [after.linear_mps - before.linear_mps for before, after in pairwise(twists)]
    assert max(gains) <= settings.acceleration_mps2 * PERIOD_S + 1e-9


def test_it_stands_when_it_is_done_and_stays_standing() -> None:
    square, stops, twists = drive(SquareSettings(side_m=1.0))
    assert (square.stage, len(stops), twists[-1]) == (Stage.DONE, 9, Twist2())
    assert square.step(Odometry(1000.0, START, Twist2())) == Twist2()
