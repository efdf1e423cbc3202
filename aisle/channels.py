"""Every ZeroMQ channel, one row each: who serves it, what flows, how often, and when it is stale."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from typing import Any

from aisle import messages


class Flow(Enum):
    """REQUEST is ROUTER/DEALER with replies; STREAM is PUB/SUB where only the latest counts."""

    REQUEST = "request"
    STREAM = "stream"


@dataclass(frozen=True, slots=True)
class Channel:
    """One row of the table; `stale_after_s` is a time-out for requests and an age limit for streams."""

    name: str
    server: str
    flow: Flow
    port_offset: int
    request: Any
    reply: Any
    rate_hz: float
    stale_after_s: float

    def endpoint(self, host: str = "127.0.0.1") -> str:
        """Return the TCP endpoint; AISLE_PORT_BASE moves all of them (several stores on one machine)."""
        return f"tcp://{host}:{port_base() + self.port_offset}"


def port_base() -> int:
    """Return the first port of this store's channels."""
    return int(os.environ.get("AISLE_PORT_BASE", "7600"))


BACKEND = Channel("backend", "store_backend", Flow.REQUEST, 1, messages.BackendRequest, messages.BackendReply, 5.0, 3.0)
GATEWAY = Channel("gateway", "gateway", Flow.REQUEST, 11, messages.GatewayRequest, messages.GatewayReply, 5.0, 2.0)
ROBOT_VIEW = Channel("robot_view", "gateway", Flow.STREAM, 12, None, messages.visit.RobotView, 10.0, 1.0)
SCREEN_STATE = Channel("screen_state", "kiosk_ui", Flow.STREAM, 13, None, messages.visit.ScreenState, 1.0, 3.0)

CHANNELS = (BACKEND, GATEWAY, ROBOT_VIEW, SCREEN_STATE)
