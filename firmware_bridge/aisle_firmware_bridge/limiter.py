"""The last pure function before the wire: what may be sent, and what was cut."""

from __future__ import annotations

from typing import NamedTuple

from aisle.geometry import STOP, Twist2
from aisle.robot_model import Limits, RobotModel
from aisle_firmware_bridge.wheels import WheelLimits, wheel_speeds

# Limits cross the line as binary32, and hosts that derive them otherwise differ in the last digits.
ROUNDING = 1.001


class LimitedTwist(NamedTuple):
    """What is really sent; `cut` says in words what was taken away, empty if nothing."""

    sent: Twist2
    cut: tuple[str, ...] = ()


def limit_twist(wanted: Twist2, limits: Limits) -> LimitedTwist:
    """Bring a twist within the robot's limits.

    Both parts are scaled down together, so the robot stays on the arc it was asked to drive, only slower. A
    twist that is not finite becomes a stop.
    """
    if not wanted.is_finite:
        return LimitedTwist(STOP, ("command is not finite",))
    speed = _share(limits.speed_mps, wanted.linear_mps)
    turn = _share(limits.turn_radps, wanted.angular_radps)
    scale = min(speed, turn)
    if scale == 1.0:
        return LimitedTwist(wanted)
    cut = []
    if speed < 1.0:
        cut.append(f"speed {wanted.linear_mps:.2f} m/s over the limit of {limits.speed_mps:.2f}")
    if turn < 1.0:
        cut.append(f"turn {wanted.angular_radps:.2f} rad/s over the limit of {limits.turn_radps:.2f}")
    return LimitedTwist(Twist2(wanted.linear_mps * scale, wanted.angular_radps * scale), tuple(cut))


def limit_wheels(limited: LimitedTwist, robot: RobotModel, allowed: WheelLimits) -> LimitedTwist:
    """Bring a twist within what the base allows its wheels, on the same arc.

    A base is built with limits for the track and radii of its drawing; a calibrated robot may need a little more of
    its wheels. What the base would cut is cut and told here.
    """
    left_radps, right_radps = wheel_speeds(limited.sent, robot)
    forward_radps, turn_radps = 0.5 * (right_radps + left_radps), 0.5 * (right_radps - left_radps)
    forward = _share(allowed.forward_radps * ROUNDING, forward_radps)
    turn = _share(allowed.turn_radps * ROUNDING, turn_radps)
    scale = min(forward, turn)
    if scale == 1.0:
        return limited
    cut = [*limited.cut]
    if forward < 1.0:
        cut.append(f"wheels {abs(forward_radps):.2f} rad/s forward over the base's {allowed.forward_radps:.2f}")
    if turn < 1.0:
        cut.append(f"wheels {abs(turn_radps):.2f} rad/s of turning over the base's {allowed.turn_radps:.2f}")
    return LimitedTwist(Twist2(limited.sent.linear_mps * scale, limited.sent.angular_radps * scale), tuple(cut))


def _share(limit: float, wanted: float) -> float:
    return 1.0 if abs(wanted) <= limit else limit / abs(wanted)
