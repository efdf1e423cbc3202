"""The last pure function before the wire: what may be sent, and what was cut."""

from __future__ import annotations

from typing import NamedTuple

from aisle.geometry import STOP, Twist2
from aisle.robot_model import Limits


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


def _share(limit: float, wanted: float) -> float:
    return 1.0 if abs(wanted) <= limit else limit / abs(wanted)
