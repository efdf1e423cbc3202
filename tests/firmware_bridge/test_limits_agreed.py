from __future__ import annotations

import math

import pytest

from aisle.robot_model import RobotModel
from aisle_firmware_bridge.events import LimitReduced, LimitRefused
from aisle_firmware_bridge.limits_agreed import AgreedLimits
from aisle_firmware_bridge.messages import Arm, Parameter, Result, SetParameter
from aisle_firmware_bridge.requests import Answer
from aisle_firmware_bridge.wheels import WheelLimits

LIMITS = [
    Parameter.FORWARD_LIMIT,
    Parameter.TURN_LIMIT,
    Parameter.FORWARD_ACCELERATION,
    Parameter.FORWARD_BRAKING,
    Parameter.TURN_ACCELERATION,
    Parameter.BATTERY_MINIMUM,
]
AT_LEAST = (Parameter.FORWARD_BRAKING, Parameter.BATTERY_MINIMUM)


def all_taken_but(robot: RobotModel, odd: Parameter, result: Result | None, share: float) -> AgreedLimits:
    """Return limits that the base confirmed, but for one: of that it keeps a share of what was asked."""
    limits = AgreedLimits(robot)
    for request in limits.requests:
        is_odd = request.parameter == odd
        limits.hear(Answer(request, result, share * request.value) if is_odd else done(request))
    return limits


def done(request: SetParameter) -> Answer:
    return Answer(request, Result.DONE, request.value)


def test_nothing_is_agreed_until_every_limit_is_confirmed(robot: RobotModel) -> None:
    limits = AgreedLimits(robot)
    for request in limits.requests:
        assert not limits.are_agreed
        assert limits.hear(done(request)) is None
    assert limits.are_agreed
    assert limits.complaint == ""


@pytest.mark.parametrize("parameter", LIMITS)
@pytest.mark.parametrize("result", [Result.DONE, Result.OUT_OF_RANGE, Result.NOT_NOW])
def test_a_base_that_is_less_careful_is_not_agreed_with(
    robot: RobotModel, parameter: Parameter, result: Result
) -> None:
    less_careful = 0.98 if parameter in AT_LEAST else 1.02
    limits = all_taken_but(robot, parameter, result, less_careful)
    assert not limits.are_agreed
    assert f"the base keeps {parameter.name.lower()} " in limits.complaint
    assert "is needed; it stays disarmed" in limits.complaint


@pytest.mark.parametrize("parameter", LIMITS)
def test_a_base_that_is_more_careful_is_agreed_with_and_it_is_told(robot: RobotModel, parameter: Parameter) -> None:
    limits = all_taken_but(robot, parameter, Result.OUT_OF_RANGE, 1.05 if parameter in AT_LEAST else 0.95)
    assert limits.are_agreed
    request = next(request for request in limits.requests if request.parameter == parameter)
    told = limits.hear(Answer(request, Result.OUT_OF_RANGE, request.value * (1.05 if parameter in AT_LEAST else 0.95)))
    assert isinstance(told, LimitReduced)


@pytest.mark.parametrize("parameter", LIMITS)
@pytest.mark.parametrize(("result", "share"), [(None, 0.0), (Result.UNKNOWN, 1.0), (Result.DONE, math.nan)])
def test_a_limit_without_a_clear_answer_is_not_agreed(
    robot: RobotModel, parameter: Parameter, result: Result | None, share: float
) -> None:
    limits = all_taken_but(robot, parameter, result, share)
    assert not limits.are_agreed
    assert parameter.name.lower() in limits.complaint


def test_a_refusal_names_parameter_value_and_limit(robot: RobotModel) -> None:
    limits = AgreedLimits(robot)
    [braking] = [request for request in limits.requests if request.parameter == Parameter.FORWARD_BRAKING]
    told = limits.hear(Answer(braking, Result.OUT_OF_RANGE, 15.0))
    assert told == LimitRefused(
        "the base keeps forward_braking 15 rad/s2 (out of range), at least 18.75 rad/s2 is needed; it stays disarmed:"
        " flash the firmware that was built for this robot, or correct the robot's file"
    )


def test_what_is_not_a_limit_is_none_of_its_business(robot: RobotModel) -> None:
    limits = AgreedLimits(robot)
    assert limits.hear(Answer(Arm(3), Result.NOT_NOW)) is None
    assert limits.hear(Answer(SetParameter(3, Parameter.STATUS_PERIOD, 1.0), Result.OUT_OF_RANGE, 2.0)) is None
    assert limits.complaint == ""


def test_the_wheels_limits_are_those_in_force(robot: RobotModel) -> None:
    limits = all_taken_but(robot, Parameter.TURN_LIMIT, Result.OUT_OF_RANGE, 0.5)
    assert limits.of_wheels == WheelLimits(12.5, 0.5 * 3.375)
