"""Messages about robots between the gateway and the store's backend."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from aisle.messages.base import Identifier, Message, Text
from aisle.messages.visit import VisitState


class RobotStatus(Message, frozen=True):
    """Where a robot is and how it does, once a second; the pose is in the map frame."""

    robot_id: Identifier
    sent_unix_s: float
    visit: VisitState
    x_m: float
    y_m: float
    yaw_rad: float
    battery_fraction: Annotated[float, Meta(ge=0.0, le=1.0)]
    localized: bool
    problem: Text = ""
