"""Every ZeroMQ channel, one row each: who serves it, what flows, how often, and when it is stale."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from aisle import messages

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# RFC 1123, 2.1.
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")


class Flow(Enum):
    """REQUEST is ROUTER/DEALER with replies; STREAM is PUB/SUB where only the latest counts."""

    REQUEST = "request"
    STREAM = "stream"


@dataclass(frozen=True, slots=True)
class Channel:
    """One row of the table; `stale_after_s` is a time-out for requests and an age limit for streams.

    `listeners` are the roles that may listen to a stream; who may send a request is its server's business.
    """

    name: str
    server: str
    flow: Flow
    port_offset: int
    request: Any
    reply: Any
    rate_hz: float
    stale_after_s: float
    listeners: frozenset[str] = frozenset()

    def endpoint(self) -> str:
        """Return the TCP endpoint; AISLE_PORT_BASE moves all of them (several stores on one machine).

        AISLE_BACKEND_HOST, and so on by the channel's name, is the address of the machine that serves it; both ends
        need it. What else the backend serves follows AISLE_BACKEND_HOST. Raises PortProblem.
        """
        host, port = self.address()
        return f"tcp://{host}:{port}"

    def address(self) -> tuple[str, int]:
        """Return host and port of the endpoint. Raises PortProblem."""
        return self._host(), port_base() + self.port_offset

    def _host(self) -> str:
        variable = f"AISLE_{self.name.upper()}_HOST"
        if variable not in os.environ and self.server == "store_backend":
            variable = "AISLE_BACKEND_HOST"
        host = os.environ.get(variable, "127.0.0.1")
        if not _HOST.fullmatch(host):
            raise PortProblem(f"{variable} is {host[:40]!r}, but it must be an IPv4 address or the name of a machine")
        return host


class PortProblem(ValueError):
    """AISLE_PORT_BASE cannot be used; the message is one plain sentence."""


PORTS_PER_STORE = 20
# Figures and health of the backend, over HTTP.
MONITOR_PORT_OFFSET = 3
_FIRST_PORT_BASE = 1024
_LAST_PORT_BASE = 65000


def port_base() -> int:
    """Return the first port of this store's channels.

    Raises PortProblem when AISLE_PORT_BASE is not a whole number from 1024 to 65000. Stores on one machine lie at
    least PORTS_PER_STORE apart.
    """
    text = os.environ.get("AISLE_PORT_BASE", "7600")
    is_number = text.isascii() and text.isdigit() and len(text) <= 5
    if not is_number or not _FIRST_PORT_BASE <= int(text) <= _LAST_PORT_BASE:
        raise PortProblem(
            f"AISLE_PORT_BASE is {text[:40]!r}, but it must be a whole number "
            f"from {_FIRST_PORT_BASE} to {_LAST_PORT_BASE}: the first of {PORTS_PER_STORE} ports of the store"
        )
    return int(text)


BACKEND = Channel("backend", "store_backend", Flow.REQUEST, 1, messages.BackendRequest, messages.BackendReply, 5.0, 3.0)
CARE_BOARD = Channel(
    "care_board", "store_backend", Flow.STREAM, 2, None, messages.staff.CareBoard, 2.0, 3.0, frozenset({"admin"})
)
KEYS = Channel("keys", "store_backend", Flow.REQUEST, 4, messages.KeysRequest, messages.KeysReply, 0.1, 3.0)
# The one channel without CURVE, and without ZeroMQ. It is there only while staff have opened pairing.
PAIRING = Channel("pairing", "store_backend", Flow.REQUEST, 5, messages.PairingRequest, messages.PairingReply, 0.1, 3.0)
GATEWAY = Channel("gateway", "gateway", Flow.REQUEST, 11, messages.GatewayRequest, messages.GatewayReply, 5.0, 2.0)
ROBOT_VIEW = Channel(
    "robot_view", "gateway", Flow.STREAM, 12, None, messages.visit.RobotView, 10.0, 1.0,
    frozenset({"kiosk_ui", "admin"}),
)  # fmt: skip
# The simulated shopper looks at the screen.
SCREEN_STATE = Channel(
    "screen_state", "kiosk_ui", Flow.STREAM, 13, None, messages.visit.ScreenState, 1.0, 3.0,
    frozenset({"gateway", "sim", "admin"}),
)  # fmt: skip

CHANNELS = (BACKEND, CARE_BOARD, KEYS, PAIRING, GATEWAY, ROBOT_VIEW, SCREEN_STATE)
