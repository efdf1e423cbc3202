from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.wheels import firmware_parameters, tick_difference, wheel_speeds


def test_turning_left_drives_the_right_wheel_forward(robot: RobotModel) -> None:
    left_radps, right_radps = wheel_speeds(Twist2(0.0, 1.0), robot)
    assert right_radps == -left_radps == pytest.approx(0.5 * robot.wheels.track_m / robot.wheels.radius_m)


def test_a_wheel_that_rolls_farther_turns_less(robot: RobotModel) -> None:
    wheels = msgspec.structs.replace(robot.wheels, left_share=1.02, right_share=0.98)
    uneven = msgspec.structs.replace(robot, wheels=wheels)
    left_radps, right_radps = wheel_speeds(Twist2(0.5, 0.0), uneven)
    assert left_radps * uneven.wheels.left_radius_m == pytest.approx(0.5)
    assert right_radps * uneven.wheels.right_radius_m == pytest.approx(0.5)
    assert left_radps < right_radps


def test_the_fastest_twists_are_just_within_the_firmware_limits(robot: RobotModel) -> None:
    parameters, limits = firmware_parameters(robot), robot.limits
    assert wheel_speeds(Twist2(limits.speed_mps, 0.0), robot)[0] == parameters.forward_limit_radps
    assert wheel_speeds(Twist2(0.0, limits.turn_radps), robot)[1] == parameters.turn_limit_radps


@given(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1))
def test_tick_differences_are_right_across_the_wrap(before: int, step: int) -> None:
    now = (before + step + 2**31) % 2**32 - 2**31
    assert tick_difference(before, now) == step
