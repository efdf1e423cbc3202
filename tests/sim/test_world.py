"""The world keeps the physics, the sensors and repeatability honest."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from aisle.geometry import Pose2, Twist2, advance
from aisle_firmware_bridge.wheels import wheel_angle_rad, wheel_speeds
from sim.base.firmware_hardware import MotorOutputs
from sim.scoring import Recording
from sim.world import STEP_S, World
from tests.sim.rooms import box, empty_room, layout, reference_robot, small_shop, walls

ROBOT = reference_robot()


def motor(twist: Twist2) -> MotorOutputs:
    return MotorOutputs(*wheel_speeds(twist, ROBOT), brake=False)


def drive(world: World, twist: Twist2, seconds: float) -> None:
    world.apply(motor(twist))
    for _ in range(round(seconds / STEP_S)):
        world.step()


def true_pose(world: World) -> Pose2:
    """Scoring's view: tests ask for the truth the way scoring does."""
    recording = Recording(ROBOT.base.radius_m)
    recording.observe(world)
    return recording.moments[-1].robot


@pytest.mark.parametrize(
    "twist",
    [Twist2(0.5, 0.0), Twist2(-0.3, 0.0), Twist2(0.0, 0.8), Twist2(0.0, -0.8), Twist2(0.4, -0.6), Twist2(0.3, 0.4)],
)
def test_drives_where_the_kinematics_say(twist: Twist2) -> None:
    world = World(empty_room(), ROBOT, 0, 1)
    drive(world, twist, 1.0)
    start = true_pose(world)
    drive(world, twist, 3.0)
    expected, end = advance(start, twist, 3.0), true_pose(world)
    travelled_m = abs(twist.linear_mps) * 3.0
    assert end.distance_to(expected) <= 0.02 * travelled_m + 0.002
    turned_rad = abs(twist.angular_radps) * 3.0
    assert abs(math.remainder(end.yaw_rad - expected.yaw_rad, math.tau)) <= 0.02 * turned_rad + 0.001


def test_encoders_count_the_way_driven() -> None:
    world = World(empty_room(), ROBOT, 0, 1)
    start = true_pose(world)
    drive(world, Twist2(0.5, 0.0), 2.0)
    inputs = world.wheel_inputs()
    driven_m = wheel_angle_rad(inputs.ticks_left, ROBOT) * ROBOT.wheels.radius_m
    assert driven_m == pytest.approx(true_pose(world).distance_to(start), rel=0.01)
    assert abs(inputs.ticks_left - inputs.ticks_right) <= 2


def test_gyro_reads_the_turn() -> None:
    world = World(empty_room(), ROBOT, 0, 1)
    drive(world, Twist2(0.0, 0.8), 1.5)
    assert world.wheel_inputs().yaw_rate_radps == pytest.approx(0.8, abs=0.03)


def test_brake_stops_a_robot_at_full_speed_within_the_stated_braking() -> None:
    world = World(empty_room(20.0, 20.0), ROBOT, 0, 1)
    drive(world, Twist2(1.0, 0.0), 3.0)
    before = true_pose(world)
    world.apply(MotorOutputs(12.5, 12.5, brake=True))
    for _ in range(round(1.0 / STEP_S)):
        world.step()
    assert true_pose(world).distance_to(before) <= 1.0 / (2 * ROBOT.limits.braking_mps2) + 0.02


def test_front_bumper_closes_when_the_robot_runs_into_a_shelf() -> None:
    room = layout((6.0, 6.0), [*walls(6.0, 6.0), box("shelf", 3.4, 2.0, 0.5, 2.0)], Pose2(2.9, 3.0, 0.0))
    world = World(room, ROBOT, 0, 1)
    assert world.wheel_inputs().bumpers == 0
    drive(world, Twist2(0.2, 0.0), 3.0)
    assert world.wheel_inputs().bumpers == 0b0011


def test_scan_of_a_known_room_is_right_within_noise() -> None:
    world = World(empty_room(8.0, 6.0), ROBOT, 0, 1)
    scan = world.scan()
    angles = scan.angles_rad()
    half_width, half_depth = 4.0 - 0.1, 3.0 - 0.1
    expected = np.minimum(
        half_width / np.maximum(np.abs(np.cos(angles)), 1e-9), half_depth / np.maximum(np.abs(np.sin(angles)), 1e-9)
    )
    error = scan.ranges_m - expected
    assert len(scan.ranges_m) == ROBOT.laser.rays
    assert abs(error.mean()) < 0.002
    assert error.std() == pytest.approx(ROBOT.laser.noise_m, rel=0.15)


def test_scan_turns_with_the_robot_and_sees_nothing_beyond_its_range() -> None:
    room = layout((30.0, 6.0), walls(30.0, 6.0), Pose2(2.1, 3.0, math.pi / 2))
    scan = World(room, ROBOT, 0, 1).scan()
    ahead, right = scan.ranges_m[360], scan.ranges_m[180]
    assert ahead == pytest.approx(2.9, abs=0.06)
    assert math.isinf(right)


def test_scan_sees_the_legs_of_people_and_not_the_robot_itself() -> None:
    shop = small_shop()
    empty = World(shop, ROBOT, 0, 3).scan()
    crowded_world = World(shop, ROBOT, 6, 3)
    drive(crowded_world, Twist2(0.0, 0.0), 6.0)
    crowded = crowded_world.scan()
    assert empty.ranges_m.min() > ROBOT.base.radius_m
    nearer = crowded.ranges_m < empty.ranges_m - 0.1
    assert 3 <= nearer.sum() <= 200


def test_battery_drains_faster_when_driving() -> None:
    standing, driving = World(empty_room(), ROBOT, 0, 1), World(empty_room(), ROBOT, 0, 1)
    drive(standing, Twist2(0.0, 0.0), 4.0)
    drive(driving, Twist2(1.0, 0.0), 4.0)
    assert driving.battery_fraction < standing.battery_fraction < 1.0


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    def run(seed: int) -> tuple[str, bytes]:
        world = World(small_shop(), ROBOT, 4, seed, with_customer=True)
        drive(world, Twist2(0.2, 0.1), 6.0)
        return world.fingerprint(), world.scan().ranges_m.tobytes()

    first = run(7)
    assert run(7) == first
    assert run(8) != first


def test_emergency_stop_reaches_the_firmware_inputs() -> None:
    world = World(empty_room(), ROBOT, 0, 1)
    world.emergency_stop_pressed = True
    assert world.wheel_inputs().emergency_stop


def test_more_shoppers_than_places_are_refused_with_a_reason() -> None:
    room = replace(small_shop(), spots=small_shop().spots[:3])
    with pytest.raises(ValueError, match="9 shoppers need at least 10 places"):
        World(room, ROBOT, 9, 1)
