"""Somebody who waits beside the robot, where it has turned to let others pass, does not keep it there."""

from __future__ import annotations

import math

import pytest

from aisle.geometry import Pose2
from aisle.sensing import Person
from aisle_navigation.driving.navigator import Navigator
from aisle_navigation.driving.outcome import Status
from tests.navigation.driving.ideal_base import drive_task
from tests.navigation.rooms import ROBOT, grid, room, with_box

AISLE = with_box(with_box(room(height_m=10.0), 2.0, 2.0, 3.0, 8.0), 5.0, 2.0, 6.0, 8.0)
START = Pose2(4.1, 3.0, math.radians(153.0))
GOAL = Pose2(4.0, 8.6, math.radians(90.0))


@pytest.mark.parametrize("bearing_deg", [80.0, 90.0, 101.0])
def test_a_shopper_who_waits_beside_a_turned_robot_is_left_in_time(bearing_deg: float) -> None:
    there_rad = START.yaw_rad + math.radians(bearing_deg)
    shopper = Person(7, START.x_m + 0.96 * math.cos(there_rad), START.y_m + 0.96 * math.sin(there_rad), 0.0, 0.0, 0.25)
    navigator = Navigator(grid(AISLE), ROBOT, seed=1)
    navigator.go_to(GOAL)
    run = drive_task(navigator, AISLE, START, (shopper,), limit_s=40.0)
    assert run.last.status is Status.ARRIVED
    nearest_m = min(math.hypot(one.x_m - shopper.x_m, one.y_m - shopper.y_m) for one in run.way)
    assert nearest_m - shopper.radius_m - ROBOT.base.radius_m > 0.4
