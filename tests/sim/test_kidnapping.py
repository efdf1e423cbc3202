"""A robot that is put elsewhere: its wheels and its gyro notice nothing, its laser does, and people go on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aisle.geometry import Pose2
from sim.base.firmware_hardware import MotorOutputs
from sim.scoring import Recording
from sim.world import World
from tests.sim.rooms import empty_room, reference_robot, small_shop

ROBOT = reference_robot()
ELSEWHERE = Pose2(4.0, 4.5, 2.0)


def really(world: World) -> Pose2:
    recording = Recording(ROBOT.base.radius_m)
    recording.observe(world)
    return recording.moments[-1].robot


def test_it_is_where_it_was_put_and_odometry_does_not_know() -> None:
    world = World(empty_room(), ROBOT, 0, 1)
    before, scan = world.wheel_inputs(), world.scan()
    world.place_robot(ELSEWHERE)
    assert really(world).distance_to(ELSEWHERE) < 1e-6
    assert really(world).yaw_rad == pytest.approx(ELSEWHERE.yaw_rad)
    after = world.wheel_inputs()
    assert (after.ticks_left, after.ticks_right) == (before.ticks_left, before.ticks_right)
    assert not np.allclose(world.scan().ranges_m, scan.ranges_m, atol=0.1)


def test_a_moving_robot_goes_on_in_its_new_direction() -> None:
    world = World(empty_room(), ROBOT, 0, 1)
    world.apply(MotorOutputs(5.0, 5.0, brake=False))
    for _ in range(200):
        world.step()
    world.place_robot(ELSEWHERE)
    for _ in range(20):
        world.step()
    moved = really(world)
    assert moved.distance_to(ELSEWHERE) == pytest.approx(0.04, abs=0.005)
    bearing_rad = math.atan2(moved.y_m - ELSEWHERE.y_m, moved.x_m - ELSEWHERE.x_m)
    assert math.remainder(bearing_rad - ELSEWHERE.yaw_rad, math.tau) == pytest.approx(0.0, abs=0.05)


def test_people_walk_on_although_shelves_stand_between_the_two_places() -> None:
    world = World(small_shop(), ROBOT, 4, 1)
    for place in (Pose2(13.2, 1.2, 0.5), Pose2(3.5, 8.7, 1.0), Pose2(5.5, 5.0, 1.5), Pose2(13.2, 8.8, 0.0)):
        world.place_robot(place)
        before = world.fingerprint()
        for _ in range(60):
            world.step()
        assert world.fingerprint() != before
        assert really(world).distance_to(place) < 0.3
