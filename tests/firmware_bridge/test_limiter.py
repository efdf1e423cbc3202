from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle.geometry import STOP, Twist2
from aisle.robot_model import RobotModel
from aisle_firmware_bridge.limiter import limit_twist

anything = st.floats(allow_nan=True, allow_infinity=True)


@given(anything, anything)
def test_nothing_beyond_the_limits_is_ever_sent(robot: RobotModel, linear: float, angular: float) -> None:
    sent, cut = limit_twist(Twist2(linear, angular), robot.limits)
    assert abs(sent.linear_mps) <= robot.limits.speed_mps * (1 + 1e-12)
    assert abs(sent.angular_radps) <= robot.limits.turn_radps * (1 + 1e-12)
    assert bool(cut) == (sent != Twist2(linear, angular))


@given(st.floats(-10.0, 10.0).filter(lambda v: abs(v) > 1e-3), st.floats(-10.0, 10.0))
def test_the_arc_stays_the_same(robot: RobotModel, linear: float, angular: float) -> None:
    sent, _ = limit_twist(Twist2(linear, angular), robot.limits)
    assert sent.angular_radps / sent.linear_mps == pytest.approx(angular / linear, rel=1e-9)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_command_that_is_not_finite_stops(robot: RobotModel, bad: float) -> None:
    assert limit_twist(Twist2(bad, 0.1), robot.limits).sent == STOP
    assert limit_twist(Twist2(0.1, bad), robot.limits) == (STOP, ("command is not finite",))


def test_what_was_cut_is_said_with_the_limit(robot: RobotModel) -> None:
    assert limit_twist(Twist2(2.0, 0.0), robot.limits).cut == ("speed 2.00 m/s over the limit of 1.00",)
